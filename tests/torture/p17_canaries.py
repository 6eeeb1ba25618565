"""P17: a text that nobody else has in every private field; then everything that a visitor can reach is read (pages,
feeds, files, the API, errors, mails to people without a role) and none of them is there. And every address with a name
or number in it is asked for others' by those whom they do not concern.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.routing import Rule

from states import CostLine, Ore
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import DAY, Case, key, opened, person
from web.app import create_app
from web.mail.mail_message import message
from web.pages import case_page
from web.request.who_may_use import EVERYBODY, LINK, ROUTES
from workflow import Engine, FundingAsk, Invoice, Rows, Text
from workflow.cases import timeline
from workflow.cases.interests import Declared
from workflow.opinions.asking_opinions import Question
from workflow.opinions.giving_opinions import Opinion
from workflow.people import passwords
from workflow.people.deputies import Absence
from workflow.publishing.acting_on_words import Why
from workflow.publishing.commenting import Written
from workflow.publishing.moderating import Reviewed
from workflow.records.answers import Signed
from workflow.submission.uploads import Said

New = Callable[[], str]
# A page with a button and nothing else, whatever the secret is; one that only leads to another page, which is asked.
TELLS_NOTHING = ("people.link", "mail.before_leaving")
MOST_PAGES = 1_500
TELEPHONE, MAIL = "070-174 06 12", "kanarie.dold@exempel.se"
FOREIGN = (
    "CG-1999-001", "CG-2026-999", "cg-2026-001", "0", "-1", "SP-2026-001", "..%2f..%2fetc%2fpasswd", "%2e%2e",
    "CG-2026-001%2f1", "1" * 40, "é" * 20, "'%20OR%201=1--",
)  # fmt: skip
_LINK = re.compile(r'(?:href|src|action)="([^"]+)"|<(?:loc|uri|id)>([^<]+)<|"(?:url|href)": ?"([^"]+)"')


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p17"):
        with run.database(kind) as url, opened(url) as engine:
            app, hidden = create_app(engine), planted(engine)
            read, seen = crawled(app, engine)
            told = [each for each in hidden if each.lower() in seen]
            letters, mailed = mails(app, engine)
            told += [each for each in hidden if each.lower() in mailed]
            caught = _is_caught(engine, hidden)
            note = f"{read} addresses, {letters} mails; {', '.join(told[:5])}"
            yield Figure("P17", "canaries that a visitor is told", kind, len(hidden), len(told), run.seed, caught, note)
            given = FOREIGN if run.whole else run.random("p17").sample(FOREIGN, 2)
            asked, let_in = foreign(app, engine, given)
            caught = _lets_in(engine)
            yield Figure(
                "P17", "others' addresses that are let in", kind, asked, len(let_in), run.seed, caught,
                ", ".join(let_in[:5]),
            )  # fmt: skip


# --- what is planted ---------------------------------------------------------------------------------------------


def planted(engine: Engine) -> list[str]:
    """Every private field once, each with a text of its own."""
    made: list[str] = []

    def canary() -> str:
        made.append(f"kanarie{len(made):03d}x")
        return made[-1]

    contact = {"name": canary(), "email": f"{canary()}@exempel.se", "telephone": canary()}
    line = CostLine(1, "Bänk", "furniture", Ore(150_00), 10, "municipality")
    rows = Rows((line,), (FundingAsk(1, "outside", DAY.year, Ore(150_00), "Någon"),))
    text = Text("Bänkar", f"Ring {TELEPHONE} eller {MAIL}", "Torget", canary())
    given = engine.submit(process="purchase", by=None, key=key(), text=text, rows=rows, contact=contact)
    made += [TELEPHONE, MAIL]
    _beside(engine, given.number, canary)
    _officials(engine, given.number, canary)
    later = Text("Bänkar", f"Ring {TELEPHONE} eller {MAIL}", "Torget")
    seen = engine.timeline(given.number, person(engine, "Handläggare")).content.revision
    engine.revise(given.number, by=person(engine, "Handläggare"), key=key(), seen_revision=seen, text=later, rows=rows)
    _published(engine, canary)
    _before_it_is_handed_in(engine, canary)
    return made


def _beside(engine: Engine, number: str, new: New) -> None:
    """What people say and are, that no step tells."""
    by, controller = person(engine, "Handläggare"), person(engine, "Ekonom")
    engine.note(number, new(), by=by, key=key())
    comment = engine.comment(Written("comment", f"/forslag/{number}", new(), number), key=key()).number
    engine.close_comment(comment, "noted", new(), by=by, key=key())
    engine.book(number, Invoice("invoice", 1, Ore(150), DAY, new(), new()), by=controller, key=key())
    engine.ask_to_follow(number, f"{new()}@exempel.se", language="sv", key=key(), network="192.0.2.1")
    owner = person(engine, "Fastighetsägare")
    engine.declare_interest(number, Declared(owner, "own", new()), by=owner, key=key())
    engine.name_deputy(Absence(controller, by, DAY, DAY, new()), by=controller, key=key())
    with engine.database.writing() as connection:
        passwords.create_account(connection, controller, new(), passwords.hashed("en lång och fin mening"))


def _officials(engine: Engine, number: str, new: New) -> None:
    by = person(engine, "Handläggare")
    asked = Question("Vad säger ni?", ("registrar:tn",))
    engine.ask_opinions(number, asked, by=by, key=key())
    (round_,) = engine.timeline(number, by).opinions
    answer = Opinion("comments", new(), 1)
    secretary = person(engine, "Sekreterare i tekniska nämnden")
    engine.give_opinion(number, round_.answers[0].duty, answer, by=secretary, key=key())
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    engine.add_file(number, picture.getvalue(), Said(f"{new()}.png", "Torget"), by=by, key=key())
    (file,) = engine.files(number, by)
    engine.look_at_file(number, file.id, shows=False, alt=new(), by=by, key=key())


def _published(engine: Engine, new: New) -> None:
    """What was corrected away, waits, or is out of sight, and why."""
    by = person(engine, "Handläggare")
    why = Why(new(), new())
    corrected = engine.submit(process="purchase", by=None, key=key(), text=Text(new(), new(), "Torget")).number
    words = {"title": "Bänkar", "what": "Bänkar.", "where": "Torget", "why": "", "own_contribution": ""}
    engine.review_text(corrected, Reviewed("corrected", words), why, by=by, key=key(), seen_revision=1)
    unseen = engine.submit(process="purchase", by=None, key=key(), text=Text(new(), new(), new())).number
    engine.unpublish(unseen, why, by=by, key=key())
    case = Case(engine, "purchase", 20_000).submit()
    case.act("ask_completion", question=new())
    engine.word_event(case.number, 2, "question", "Berätta mer.", why, by=by, key=key())
    decided = Case(engine, "purchase", 20_000).submit().walk("accept", "write")
    decided.act("to_review", assessment=new()).walk("recommend").act("propose", remarks=new())
    decided.act("approve", wording=new(), financing=new())
    found = engine.timeline(decided.number).decided
    assert found is not None
    engine.hold_decision(decided.number, found.seq, why, by=by, key=key())


def _before_it_is_handed_in(engine: Engine, new: New) -> None:
    engine.begin_draft(key(), {"what": new(), "where": new(), "email": new()}, address="192.0.2.1")


# --- what a visitor reads ----------------------------------------------------------------------------------------


def crawled(app: Flask, engine: Engine, only: str = "") -> tuple[int, str]:
    """How many addresses, and everything that was answered on them, headers too, in small letters."""
    browser, waiting, done, seen = app.test_client(), list(_beginnings(app, engine)), set[str](), []
    while waiting and len(done) < MOST_PAGES:
        address = waiting.pop()
        if address in done or not address.startswith(only):
            continue
        done.add(address)
        with browser.get(address) as answer:
            seen.append(f"{answer.headers}\n{_text_of(answer.data)}".lower())
        waiting += [each for each in _ours(seen[-1]) if each not in done]
    return len(done), "\n".join(seen)


def _beginnings(app: Flask, engine: Engine) -> Iterator[str]:
    """Each address for everybody, with what there is of numbers, pots, years, processes and forms."""
    officer = person(engine, "Handläggare")
    rows = engine.money_rows(viewer=officer)
    values: dict[str, Sequence[object]] = {
        "number": [row.number for row in rows], "pot": ["investment", "operating"], "year": [DAY.year],
        "process_id": ["purchase", "rebuild"], "form": ["csv", "xlsx"], "name": _files(engine, rows[-1].number),
        "n": [1], "part": [1], "page": [1],
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if ROUTES[rule.endpoint] == EVERYBODY and "GET" in (rule.methods or ()):
            yield from _addresses(app, rule, values)
    yield from ("/finns-inte", "/forslag/CG-1999-001", "/forslag?q=kanarie", "/forslag.csv?q=kanarie", "/%00")


def _files(engine: Engine, number: str) -> list[str]:
    return [each.name for each in engine.files(number, person(engine, "Handläggare"))] or ["0" * 32]


def _addresses(app: Flask, rule: Rule, values: Mapping[str, Sequence[object]]) -> Iterator[str]:
    most = max((len(values.get(name, [1])) for name in rule.arguments), default=1)
    for n in range(most):
        given = {name: (each := values.get(name, [1]))[n % len(each)] for name in rule.arguments}
        with app.test_request_context():
            built = rule.build(given)
        if built is not None:
            yield built[1]


def _ours(page: str) -> Iterator[str]:
    for found in _LINK.finditer(page):
        address = unescape(next(filter(None, found.groups()), ""))
        parts = urlsplit(address)
        if parts.path.startswith("/") and parts.netloc in ("", "localhost", "localhost:8000"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _text_of(data: bytes) -> str:
    """Also of what is packed: a sheet is a ZIP."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return data.decode("utf-8", "replace")


def mails(app: Flask, engine: Engine) -> tuple[int, str]:
    """Every mail to somebody without a role, but for the address that it goes to."""
    post = engine.config.mail.model_copy(update={"sender": "skede@exempel.se"})
    engine.config = engine.config.model_copy(update={"mail": post})
    while engine.address_notices():
        pass
    written = []
    while (taken := engine.take_mail()) is not None:
        letter = engine.letter(taken)
        if not letter.is_member and letter.address:
            made = message(app, engine, letter)
            parts = [part.get_content() for part in made.walk() if part.get_content_maintype() == "text"]
            written.append("\n".join((made["Subject"], *parts)).lower())
        engine.mail_sent(taken)
    return len(written), "\n".join(written)


# --- others' addresses -------------------------------------------------------------------------------------------


def foreign(app: Flask, engine: Engine, others: Sequence[str] = (), only: str = "") -> tuple[int, list[str]]:
    """How many were asked for, and which were answered with more than a refusal."""
    mine = engine.submit(process="purchase", by=None, key=key(), text=Text("Min", "Min", "Här"))
    other = Case(engine, "purchase", 20_000).submit().number
    browsers = {"a visitor": app.test_client(), "another sender": _sender(app, mine.secret)}
    asked, let_in = 0, []
    for rule in app.url_map.iter_rules():
        everybody = ROUTES[rule.endpoint] == EVERYBODY or rule.endpoint in TELLS_NOTHING
        if everybody or not (rule.arguments and rule.endpoint.startswith(only) and "GET" in (rule.methods or ())):
            continue
        for given in (other, *others):
            address = _with(rule, given)
            for who, browser in browsers.items():
                asked += 1
                with browser.get(address) as answer:
                    if not _refused(answer.status_code, answer.location, link=ROUTES[rule.endpoint] == LINK):
                        let_in.append(f"{who} {address}: {answer.status_code}")
    return asked, let_in


def _sender(app: Flask, secret: str) -> FlaskClient:
    """Signed in by the private link of a proposal."""
    browser = app.test_client()
    page = browser.get(f"/mitt/{secret}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    browser.post(f"/mitt/{secret}", data={"csrf_token": token[1]})
    return browser


def _with(rule: Rule, given: str) -> str:
    """The rule's address as it would be typed: words where words go, figures where figures go."""
    whole = given if given.isdigit() else "999999"
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", lambda part: whole if part[1] == "int" else given, rule.rule)


def _refused(status: int, location: str | None, *, link: bool) -> bool:
    if status in (301, 302, 303, 307, 308):
        path = urlsplit(location or "").path
        return path in ("/logga-in", "/lamna-forslag") or (link and path == "/")
    return status in (400, 401, 403, 404, 405, 410)


# --- the twins ---------------------------------------------------------------------------------------------------


def _is_caught(engine: Engine, hidden: Sequence[str]) -> bool:
    """Everybody is taken for an official."""
    with broken(timeline, "viewer_of", lambda *_: "official"):
        _, seen = crawled(create_app(engine), engine, "/forslag/CG")
    return any(each.lower() in seen for each in hidden)


def _lets_in(engine: Engine) -> bool:
    """The page of a case takes everybody for its officer."""
    officer = person(engine, "Handläggare")
    taken_for = Signed(officer, "", "", engine.capacities(officer), None, is_employee=True)
    with broken(case_page, "my", lambda _: taken_for):
        return bool(foreign(create_app(engine), engine, only="case.")[1])
