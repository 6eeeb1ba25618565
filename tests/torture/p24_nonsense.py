"""P24: nonsense is answered, never with a fault of ours. Open data is asked all that its own OpenAPI document allows
and forbids; every form and every address of the site is sent generated nonsense, by nobody, an official and others."""

import logging
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from werkzeug.routing import Rule

from tests.torture.p18_forgery import World, token_of
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import Case, key, opened
from web.app import create_app
from web.open_data import api as open_data

LONGEST_S = 1.0  # of the processor's time for one answer
NAMES = re.compile(r'<(?:input|select|textarea|button)[^>]*? name="([^"]{1,60})"')
OWN = {"csrf_token", "key"}  # are as the form has them, most often
KNOWN = (
    "q", "after", "process", "state", "pot", "criterion", "place", "year", "view", "sort", "due", "least", "most",
    "name", "next", "at", "number", "sida", "skickat", "limit", "cursor", "language", "_method", "page",
)  # fmt: skip
NASTY = (
    "", " ", "0", "-1", "1e309", "9" * 40, "9" * 5000, "NaN", "١٢", "1_000", "2026-02-30", "0000-00-00", "9999-12-31",
    "10000-01-01", "2026-W01-1", "null", "None", "true", "[]", "{}", "a" * 20_000, "å" * 3_000, "\u0000", "a\x00b",
    "\ud7ff\ue000", "\uffff", "\U0010ffff", "\U0001f333" * 50, "\u202eabc", "\u200d" * 100, "Z" + "\u0300" * 500, "İı",
    "%", "%s%n%x", "%(x)s", "{0}", "{{7*7}}", "${7}", "'", "\"", "' OR 1=1 --", "\\", "\\\\", "/", "../../etc/passwd",
    "\r\nSet-Cookie: a=b", "\n", "\t", "\x1b[31m", "\u2028", "<script>", "]]>", "&#0;", "CG-2026-001", "CG-0-0",
    "cg-99999-999999", "-", "--", "~", "_", ":", "where:", "year:2026", "*", "(" * 500, "a" * 41, "é" * 41, "ß" * 40,
    "investment", "operating", "purchase", "2026", "1", "2", "accept", "on", "a@b.se", "@", "a@" + "b" * 300 + ".se",
    "1 000 000 kr", "1,5 mnkr", "1.2.3", "-5", "http://[", "//[", "\\\\x", "😀@😀.se", "ﷺ" * 30,
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """How many questions, and which had no proper answer."""

    n: int = 0
    wrong: list[str] = field(default_factory=list)

    def figure(self, run: Run, what: str, kind: str, caught: bool | None) -> Figure:
        return Figure("P24", what, kind, self.n, len(self.wrong), run.seed, caught, "; ".join(self.wrong[:3]))


class Lines(logging.Handler):
    """Records of the site's log that are more than a line."""

    def __init__(self) -> None:
        super().__init__()
        self.several: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = record.getMessage()
        if re.search("[\r\n\x1b\u2028\u2029\x85]", told):
            self.several.append(f"a log record of several lines: {told[:80]!r}")


def figures(run: Run) -> Iterator[Figure]:
    for kind in run.databases("p24"):
        with run.database(kind) as url, opened(url) as engine:
            case = Case(engine, "purchase", 20_000).submit().walk("accept", "write")
            world = World(create_app(engine), engine, case.number)
            found = of_the_document(world, run.n(sample=3, whole=400), run.seed)
            with broken(open_data, "asked", _nothing_works), quiet():
                caught = bool(of_the_document(world, 1, run.seed).wrong)
            yield found.figure(run, "open data against its own document", kind, caught)
            chance, n = run.random(f"p24 {kind}"), run.n(sample=25, whole=8_000)
            found = nonsense(world, chance, n)
            with broken(open_data, "asked", _nothing_works), quiet():
                caught = bool(nonsense(world, random.Random(1), 8, "api.").wrong)
            yield found.figure(run, "generated nonsense in every form and address", kind, caught)


def _nothing_works(_: object) -> None:
    raise ZeroDivisionError


@contextmanager
def quiet() -> Iterator[None]:
    """Faults made on purpose fill no log."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


# --- open data -----------------------------------------------------------------------------------------------------


def of_the_document(world: World, examples: int, chance: int) -> Asked:
    """Each operation, asked what the document allows and what it forbids; each answer judged by the document."""
    found = Asked()
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    for result in document.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(chance)
            @settings(
                max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                found.n += 1
                answer = case.call(headers={"Accept-Encoding": "identity"})  # the browser of tests unpacks nothing
                try:
                    case.validate_response(answer)
                except FailureGroup as failures:
                    told = " ".join(str(each) for each in failures.exceptions)
                    found.wrong.append(f"{case.formatted_path} {case.query}: {' '.join(told.split())[:200]}")

            with suppress(Unsatisfiable):  # an address that takes any text forbids nothing
                ask()
    return found


# --- every form and address ----------------------------------------------------------------------------------------


def nonsense(world: World, chance: random.Random, n: int, only: str = "") -> Asked:
    found, lines = Asked(), Lines()
    rules = [each for each in world.app.url_map.iter_rules() if each.endpoint.startswith(only)]
    names: dict[str, set[str]] = {}
    browsers = {"nobody": world.app.test_client(), "officer": world.officer}
    browsers |= {who: world.signed(who)[0] for who in ("Administratör", "Ekonom")}
    logging.getLogger().addHandler(lines)
    try:
        for _ in range(n):
            rule = chance.choice(rules)
            who = chance.choice(list(browsers))
            if rule.endpoint not in names:
                names[rule.endpoint] = fields_of(world, rule)
            ask_one(found, world, browsers[who], who, rule, names[rule.endpoint], chance)
    finally:
        logging.getLogger().removeHandler(lines)
    found.wrong += lines.several
    return found


def ask_one(
    found: Asked, world: World, browser: FlaskClient, who: str, rule: Rule, names: set[str], chance: random.Random
) -> None:
    path, reads = address(world, rule, chance), "POST" not in (rule.methods or set())
    given_ = {name: text_of(chance) for name in _some(chance, sorted(names) or list(KNOWN))}
    given_ |= {text_of(chance)[:50] or "x": text_of(chance) for _ in range(chance.randrange(2))}
    found.n += 1
    begun = time.process_time()
    if reads:
        answer = browser.get(path, query_string=given_)
    else:
        own = {"csrf_token": _token(browser), "key": key()} if chance.random() < 0.9 else {}
        headers = {"Referer": "http://localhost/"} | ({"Origin": header(chance)} if chance.random() < 0.1 else {})
        answer = browser.post(path, data=own | given_, headers=headers)
    taken = time.process_time() - begun
    if answer.status_code >= 500 or taken > LONGEST_S:
        told = {name: value[:30] for name, value in given_.items()}
        found.wrong.append(f"{who} {rule.endpoint} {path[:60]} {told}: {answer.status_code}, {taken:.1f} s")
    answer.close()


def header(chance: random.Random) -> str:
    """Nonsense that a header can hold."""
    return "".join(sign for sign in text_of(chance)[:200] if " " <= sign <= "~")


def address(world: World, rule: Rule, chance: random.Random) -> str:
    """As it should be, or with nonsense where something stands for a thing."""
    if not rule.arguments or chance.random() < 0.6:
        return world.address(rule)
    values = {name: text_of(chance)[:300] for name in rule.arguments}
    with world.app.test_request_context():
        try:
            built = rule.build(values)
        except (ValueError, TypeError):  # a whole number that is none is no address at all
            built = None
    return built[1] if built else world.address(rule)


def text_of(chance: random.Random) -> str:
    """Something that somebody knew would hurt, a few of those, or signs drawn from everywhere."""
    kind = chance.random()
    if kind < 0.6:
        return chance.choice(NASTY)
    if kind < 0.8:
        return "".join(chance.choices(NASTY, k=chance.randrange(2, 4)))[:20_000]
    planes = ((0x20, 0xD7FF), (0xE000, 0x10FFFF))
    return "".join(chr(chance.randrange(*planes[chance.random() > 0.9])) for _ in range(chance.randrange(40)))


def fields_of(world: World, rule: Rule) -> set[str]:
    """What the forms of a page send, here and at the address that the form is drawn at."""
    paths = {world.address(rule)}
    if "GET" not in (rule.methods or set()):
        paths |= {world.address(rule).rsplit("/", n)[0] or "/" for n in (1, 2)}
    found: set[str] = set()
    for path in paths:
        answer = world.officer.get(path)
        if answer.mimetype == "text/html":
            found |= set(NAMES.findall(answer.text))
        answer.close()
    return found - OWN


def _some(chance: random.Random, names: list[str]) -> list[str]:
    return [name for name in names if chance.random() < 0.7]


def _token(browser: FlaskClient) -> str:
    return token_of(browser.get("/oppna-data").text)
