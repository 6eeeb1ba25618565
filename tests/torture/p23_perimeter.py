"""P23: what every answer carries, on every address and every error; names of other hosts; where `next` may lead; the
methods nobody uses."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.torture.p18_forgery import World, token_of
from tests.torture.report import Figure, Run
from tests.torture.sabotage import broken
from tests.workflow.cast import Case, opened, person
from web.app import create_app
from web.pages import people
from web.request import security
from workflow import Engine

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'",
    "base-uri": "'none'", "object-src": "'none'",
}  # fmt: skip
WANTED = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": ("same-origin", "strict-origin"),
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": None, "Cache-Control": None,
}  # fmt: skip
TELLING = ("Server", "X-Powered-By")
LEAST_HSTS_S = 365 * 24 * 3600
ERRORS = ("/finns-inte", "/forslag/CG-1999-999", "/%00", "/forslag/%ff", "/logga-in?next=%00", "/" + "a" * 3000)
HOSTS = (
    "elsewhere.example", "localhost.elsewhere.example", "localhost@elsewhere.example", "elsewhere.example:8000",
    "localhost:80@elsewhere.example", "127.0.0.2", "[::2]", "", "localhost/elsewhere.example",
    "LOCALHOST.elsewhere.example",
)  # fmt: skip
AWAY = (
    "//elsewhere.example", "///elsewhere.example", "////elsewhere.example/x",
    "\\\\elsewhere.example", "/\\elsewhere.example",
    "\\/elsewhere.example", "https://elsewhere.example", "http:elsewhere.example", "https:/elsewhere.example",
    "https:\\\\elsewhere.example", "HTTPS://ELSEWHERE.EXAMPLE", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://elsewhere.example", "mailto:a@elsewhere.example",
    "/\t/elsewhere.example", "/\n/elsewhere.example", "/\r/elsewhere.example", "\t//elsewhere.example",
    " //elsewhere.example", "//elsewhere.example/%2f..", "/%2f/elsewhere.example", "/%2f%2felsewhere.example",
    "%2f%2felsewhere.example", "/%5celsewhere.example", "%5c%5celsewhere.example", "/%09/elsewhere.example",
    "/%0d%0aLocation:%20https://elsewhere.example", "/x\r\nLocation: https://elsewhere.example",
    "/x\r\nSet-Cookie: a=b", "/x\nSet-Cookie: a=b", "//localhost@elsewhere.example", "https://localhost@elsewhere.example",
    "https://localhost.elsewhere.example", "https://elsewhere.example#localhost", "https://elsewhere.example?localhost",
    "//elsewhere.example:80", "//[::1]", "//127.0.0.1", "//2130706433", "//0x7f000001", "/;@elsewhere.example",
    "/.elsewhere.example//", "//elsewhere%E3%80%82example", "//\u3002elsewhere.example", "／／elsewhere.example",
    "/／elsewhere.example", "//elsewhere.example\\@localhost", "https://localhost:x@elsewhere.example",
    "\u0000//elsewhere.example", "/\u0000/elsewhere.example", "\u2028//elsewhere.example", "\u00a0//elsewhere.example",
    "?//elsewhere.example", "#//elsewhere.example", "..//elsewhere.example", "./\\elsewhere.example",
    "/../\\elsewhere.example",
)  # fmt: skip


def figures(run: Run) -> Iterator[Figure]:
    """One database is enough: none of this knows which."""
    with run.database("sqlite") as url, opened(url) as engine:
        world = World(create_app(engine), engine, Case(engine, "purchase", 20_000).submit().number)
        asked = list(everything(world))
        bare = [f"{name}: {fault}" for name, fault in asked if fault]
        with broken(security, "HEADERS", {}):
            caught = any(fault for _, fault in everything(world))
        yield _figure(run, "answers without a header they should carry", len(asked), bare, caught)
        yield _figure(run, "names of other hosts that were answered", len(HOSTS), strangers(world), None)
        n, away = led_away(world)
        with broken(people, "is_ours", lambda _address: True):
            caught = bool(led_away(world, AWAY[:2])[1])
        yield _figure(run, "ways out of the site by next", n, away, caught)
        yield _figure(run, "cookies and headers where the site speaks https", 2, plain(engine), None)


def _figure(run: Run, what: str, n: int, wrong: list[str], caught: bool | None) -> Figure:
    return Figure("P23", what, "sqlite", n, len(wrong), run.seed, caught, "; ".join(wrong[:3]))


def everything(world: World) -> Iterator[tuple[str, str]]:
    """Every address by its own method, signed in and not, and every error: its name and what its answer lacks."""
    for rule in world.app.url_map.iter_rules():
        path, reads = world.address(rule), "GET" in (rule.methods or set())
        for browser in (world.officer, world.app.test_client()):
            answer = browser.get(path) if reads else browser.post(path)
            found = "; ".join(faults(answer))
            answer.close()
            yield f"{rule.endpoint} {answer.status_code}", found
    for path in ERRORS:
        for method in ("GET", "POST", "DELETE", "TRACE", "PROPFIND"):
            answer = world.officer.open(path, method=method)
            yield f"{method} {path[:30]} {answer.status_code}", "; ".join(faults(answer, refused=True))
    answer = world.officer.post("/logga-in", data={"x": "a" * (security.LARGEST_BODY + 1)})
    yield f"too large {answer.status_code}", "; ".join(faults(answer, refused=True))


def faults(answer: TestResponse, *, refused: bool = False) -> Iterator[str]:
    told = answer.headers.get("Content-Security-Policy", "")
    policy = dict(each.strip().split(" ", 1) for each in told.split(";") if " " in each.strip())
    stricter = policy.get("sandbox") is not None or policy == {"default-src": "'none'"}
    if policy != POLICY and not stricter:
        yield f"policy {told!r}"
    for name, value in WANTED.items():
        found = answer.headers.get(name)
        allowed = (found,) if value is None else (value,) if isinstance(value, str) else value
        if found is None or found not in allowed:
            yield f"{name} {found!r}"
    yield from (f"{name} tells" for name in TELLING if name in answer.headers)
    if answer.status_code >= 500 or (refused and answer.status_code < 400):
        yield f"answered {answer.status_code}"


def strangers(world: World) -> list[str]:
    """A name that is not ours gets no page, and none with that name in it."""
    wrong = []
    for host in HOSTS:
        answer = world.app.test_client().get("/", headers={"Host": host})
        if answer.status_code != 400 or (host and host in answer.text):
            wrong.append(f"{host!r} {answer.status_code}")
    return wrong


def led_away(world: World, addresses: Sequence[str] = AWAY) -> tuple[int, list[str]]:
    """After a sign-in and after a choice of language: where a visitor is sent."""
    sent = {"/logga-in": {"person": str(person(world.engine, "Ekonom"))}, "/sprak": {"language": "en"}}
    wrong = []
    for address in addresses:
        for path, more in sent.items():
            browser = world.app.test_client()
            token = token_of(browser.get("/logga-in").text)
            answer = browser.post(path, data={"csrf_token": token, "next": address, **more})
            if answer.status_code >= 500 or _leaves(answer):
                wrong.append(f"{path} {address!r} -> {answer.status_code} {answer.headers.get('Location')!r}")
    return len(sent) * len(addresses), wrong


def _leaves(answer: TestResponse) -> bool:
    """As a browser reads it: a backslash is a slash, and blanks and control signs at the edges are nothing."""
    to = "".join(sign for sign in answer.headers.get("Location", "/") if sign > " ").replace("\\", "/")
    parts = urlsplit(to)
    return parts.scheme not in ("", "http") or parts.netloc not in ("", "localhost") or to.startswith("//")


def plain(engine: Engine) -> list[str]:
    """What a town on the net would get: cookies bound to the host and to https, and browsers told to stay there."""
    config, name = engine.config, "https://skede.example"
    engine.config = config.model_copy(update={"server": config.server.model_copy(update={"base_url": name})})
    try:
        answer = create_app(engine).test_client().get("/lamna-forslag", base_url=name)
        inside = create_app(engine).test_client().get("/", base_url="https://localhost")
    finally:
        engine.config = config
    cookies = answer.headers.getlist("Set-Cookie")
    wrong = [each for each in cookies if not (each.startswith("__Host-") and "Secure" in each and "HttpOnly" in each)]
    seconds = re.match(r"max-age=(\d+)", answer.headers.get("Strict-Transport-Security", ""))
    wrong += [] if seconds and int(seconds[1]) >= LEAST_HSTS_S else ["Strict-Transport-Security"]
    wrong += [] if cookies and answer.status_code == 200 else [f"answered {answer.status_code}"]
    return wrong + ([] if inside.status_code == 400 else ["another name was answered"])
