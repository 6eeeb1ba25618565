"""P19: what people write is text and nothing else. Sixty ways to make a page run something, in every field that the
engine keeps, drawn on every page in a browser without any content policy: none runs, none leaves a trace in the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.browser import launched
from tests.torture.p18_forgery import token_of
from tests.torture.report import Figure, Run
from tests.workflow.cast import Case, key, line, opened, paid, person
from web.app import create_app
from workflow import Engine, Text
from workflow.money.contents import Rows
from workflow.publishing.commenting import Written
from workflow.storage.schema import body
from workflow.storage.schema import person as person_table

RUN = "window.__ran=1"
PAYLOADS = (
    f"<script>{RUN}</script>", f"</script><script>{RUN}</script>", f"<SCRIPT>{RUN}</SCRIPT>", f"<script/x>{RUN}</script>",
    f"<script\n>{RUN}</script >", f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>", f"</style><script>{RUN}</script>", f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<img src=x onerror=\"{RUN}\">", f"<IMG SRC=x OnErRoR={RUN}>",
    f"<img/src=x/onerror={RUN}>", f"<img src=x\tonerror={RUN}>", f"<img src=x\nonerror\n=\n{RUN}>",
    f"\"><img src=x onerror={RUN}>", f"'><img src=x onerror={RUN}>", f"`><img src=x onerror={RUN}>",
    f"\" onmouseover={RUN} x=\"", f"' onmouseover={RUN} x='", f"\" autofocus onfocus={RUN} x=\"",
    f"' autofocus onfocus={RUN} x='", f" autofocus onfocus={RUN} ", f"x onerror={RUN} src=x", f"<svg onload={RUN}>",
    f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href=\"javascript:{RUN}\"><text y=20>x</text></a></svg>", f"<body onload={RUN}>",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>", f"<iframe src=\"javascript:parent.{RUN}\"></iframe>",
    f"<object data=\"data:text/html,<script>{RUN}</script>\"></object>", "<embed src=\"data:text/html,x\">",
    f"<details open ontoggle={RUN}>", f"<video src=x onerror={RUN}></video>", f"<audio src=x onerror={RUN}></audio>",
    f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}>", f"<marquee onstart={RUN}>",
    f"<a href=\"javascript:{RUN}\">x</a>", f"<a href=\"java\tscript:{RUN}\">x</a>", f"<a href=\"&#106;avascript:{RUN}\">x</a>",
    f"javascript:{RUN}", f"data:text/html,<script>{RUN}</script>", "<base href=\"https://elsewhere.example/\">",
    "<meta http-equiv=refresh content=\"0;url=https://elsewhere.example/\">", "<link rel=stylesheet href=//elsewhere.example/x.css>",
    f"<style>@import 'https://elsewhere.example/x.css';</style><script>{RUN}</script>", f"<math><mi xlink:href=\"javascript:{RUN}\">",
    f"<form action=\"javascript:{RUN}\"><button>x</button></form>", f"<button formaction=\"javascript:{RUN}\">x</button>",
    f"{{{{ self.__init__.__globals__ }}}}<script>{RUN}</script>", "{{ 48611 * 104729 }}", "{% print 48611 * 104729 %}", "${48611*104729}#{48611*104729}",
    f"\u003cscript\u003e{RUN}\u003c/script\u003e", f"＜script＞{RUN}＜/script＞<b onclick={RUN}>\u202e</b>",
)  # fmt: skip
# What no page of ours has, whatever was written: asked of the page itself.
TRACES = """() => {
    const found = [];
    if (window.__ran) found.push('it ran');
    for (const each of document.querySelectorAll('*')) {
        for (const {name, value} of each.attributes) {
            if (name.startsWith('on') || name === 'style' || name === 'srcdoc') found.push(name + '=' + value);
            if (/^(href|src|action|formaction|xlink:href|data)$/.test(name)
                && /^\\s*(javascript|data|vbscript):/i.test(value.replace(/[\\t\\n\\r]/g, '')) && !/^data:image/.test(value))
                found.push(name + '=' + value);
        }
        if (/^(iframe|object|embed|base|marquee|math)$/i.test(each.localName)) found.push('<' + each.localName + '>');
        if (each.localName === 'script' && !each.src) found.push('<script> without a file');
        if (each.localName === 'meta' && each.httpEquiv) found.push('<meta ' + each.httpEquiv + '>');
        if (each.localName === 'link' && /elsewhere/.test(each.href)) found.push('<link> to elsewhere');
    }
    return found;
}"""
COMPUTED = str(48_611 * 104_729)  # where a template ran: too long for a form token to hold it by chance
EVERYWHERE = (
    "/", "/forslag", "/potter", "/potter/operating/2026", "/potter/investment/2026", "/processer", "/belopp", "/att-gora",
    "/att-gora?view=mine", "/arslista/2026", "/moten", "/administration", "/administration/historik",
    "/administration/organ/ks", "/bemanning", "/ersattare", "/utskick", "/synpunkter", "/mina-utskick", "/kalender",
)  # fmt: skip
ASKED = ("/forslag?q={}", "/forslag?state={}", "/forslag?after={}", "/att-gora?view={}", "/att-gora?sort={}", "/{}",
         "/forslag/{}", "/logga-in?next={}", "/lamna-forslag?what={}", "/potter?year={}")  # fmt: skip


@dataclass(slots=True)
class Drawn:
    """How many pages were drawn, and what was found where."""

    pages: int = 0
    wrong: list[str] = field(default_factory=list)


def figures(run: Run) -> Iterator[Figure]:
    chosen = PAYLOADS if run.whole else (PAYLOADS[0], *run.random("p19").sample(PAYLOADS[1:], 1))
    for kind in run.databases("p19"):
        with run.database(kind, sabotaged=True) as url, opened(url) as engine, launched() as browser:
            buyer = person(engine, "Inköpare")
            numbers = {payload: written(engine, buyer, payload) for payload in chosen}
            app, page = create_app(engine), browser.new_page()
            found = draw(app, engine, page, numbers, buyer)
            app.jinja_env.autoescape = False
            app.jinja_env.cache.clear()  # type: ignore[union-attr]
            twin = Drawn()
            draw_one(twin, page, app.test_client(), f"/forslag/{next(iter(numbers.values()))}")
        note = "; ".join(found.wrong[:3]) or f"{len(chosen)} payloads, {found.pages} pages"
        caught = bool(twin.wrong)
        yield Figure(
            "P19", "stored texts that ran or left a trace", kind, found.pages, len(found.wrong), run.seed, caught, note
        )


def written(engine: Engine, buyer: int, payload: str) -> str:
    """A proposal with this in every field that anybody may write in; its number."""
    case = Case(engine, "activity", 20_000)
    text = Text(payload, payload, payload, payload, payload, (), None, payload)
    contact = {"name": payload, "telephone": payload[:40]}
    given = engine.submit(process="activity", by=None, key=key(), text=text, is_example=True, contact=contact)
    case.submit()
    case.number, officer = given.number, case.people["officer", None]
    rows = Rows((line(1, "study_visit", 20_000),), (paid(1, "operating", 20_000),))
    engine.note(given.number, payload, by=officer, key=key())
    case.act("accept", remarks=payload)
    engine.revise(given.number, by=officer, key=key(), seen_revision=1, text=text, rows=rows)
    case.act("ask_completion", question=payload)
    engine.comment(Written("comment", f"/forslag/{given.number}", payload, given.number), key=key())
    renamed(engine, buyer, payload)
    return given.number


def renamed(engine: Engine, who: int, payload: str) -> None:
    """Somebody and some body are called so."""
    with engine.database.writing() as connection:
        connection.execute(person_table.update().where(person_table.c.id == who).values(name=payload))
        connection.execute(body.update().where(body.c.code == "kultur").values(title=payload))


def draw(app: Flask, engine: Engine, page: Page, numbers: dict[str, str], buyer: int) -> Drawn:
    found, visitor = Drawn(), app.test_client()
    officials = [signed(app, engine, who) for who in ("Handläggare", "Administratör")]
    for payload, number in numbers.items():
        renamed(engine, buyer, payload)
        for path in (f"/forslag/{number}", *(each.format(quote(payload)) for each in ASKED)):
            draw_one(found, page, visitor, path)
        for path in (f"/arenden/{number}", f"/arenden/{number}/innehall"):
            draw_one(found, page, officials[0], path)
        for path in ("/administration", "/administration/historik", "/bemanning"):
            draw_one(found, page, officials[1], path)
    for path in EVERYWHERE:
        for browser in (visitor, *officials):
            draw_one(found, page, browser, path)
    return found


def signed(app: Flask, engine: Engine, who: str) -> FlaskClient:
    browser = app.test_client()
    token = token_of(browser.get("/logga-in").text)
    browser.post("/logga-in", data={"csrf_token": token, "person": str(person(engine, who))})
    return browser


def draw_one(found: Drawn, page: Page, browser: FlaskClient, path: str) -> None:
    """Redirected answers have no page of their own."""
    answer = browser.get(path)
    if answer.status_code >= 500:
        found.wrong.append(f"{path}: {answer.status_code}")
    if answer.mimetype != "text/html" or 300 <= answer.status_code < 400:
        return
    found.pages += 1
    page.set_content(re.sub(r'<link rel="(?:stylesheet|preload)[^>]*>', "", answer.text), wait_until="load")
    found.wrong += [f"{path[:60]}: {each[:80]}" for each in page.evaluate(TRACES)]
    if COMPUTED in answer.text:
        found.wrong.append(f"{path[:60]}: a template ran")
