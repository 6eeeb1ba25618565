"""What goes over the wire: packed where the browser takes it so, of Bootstrap only what the pages use."""

import gzip
import random
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.web.commands import ROOT
from web.app import create_app
from web.pages import stylesheet
from web.request.stitching import Stitched
from workflow import Engine

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('packing')}/skede.sqlite3")
        patch.setenv("SKEDE_SECRET_KEY", "for tests")
        with Engine.open(ROOT / "config.toml") as engine:
            yield create_app(engine)


@pytest.mark.parametrize(
    "path", ["/processer", "/potter.csv", "/static/theme.css", "/bootstrap.css", "/processer/rebuild.svg"]
)
def test_it_is_packed_for_who_takes_it_so_and_the_same_unpacked(app: Flask, path: str) -> None:
    browser = app.test_client()
    plain, packed = browser.get(path), browser.get(path, headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    unpacked = gzip.decompress(packed.data)
    assert own_parts(unpacked) == own_parts(plain.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
    with browser.get(path, headers={"Accept-Encoding": "gzip;q=0"}) as refused:
        assert refused.headers.get("Content-Encoding") is None


def own_parts(body: bytes) -> bytes:
    """Without what each visitor gets of their own."""
    return re.sub(rb'name="(csrf_token|key)" value="[^"]+"', b"", body)


def test_the_length_of_a_page_tells_nothing_of_what_is_in_it(app: Flask) -> None:
    browser = app.test_client()
    assert len({len(browser.get("/ordlista", headers=PACKED).data) for _ in range(20)}) > 5
    files = [browser.get("/static/theme.css", headers=PACKED) for _ in range(3)]
    assert len({each.data for each in files}) == 1, "a file holds no secret"
    for each in files:
        each.close()


def test_a_kept_page_is_packed_around_what_is_each_visitors_own(app: Flask) -> None:
    browser = app.test_client()
    for _ in range(2):  # as drawn, and as kept
        answer = browser.get("/processer", headers=PACKED)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', gzip.decompress(answer.data).decode())[0]
    assert token.encode() in answer.data, "it is not packed together with anything"


def test_a_guess_that_is_right_is_as_long_as_one_that_is_wrong() -> None:
    """What somebody has us repeat beside a token tells nothing of it, which packing all of it would (BREACH)."""
    right, wrong = "7f3a" * 20, "c91e" * 20
    page = Stitched.around(f"<p>Du sökte {right}</p> <input value='{{token}}'>", "{token}")
    assert len(page.packed([right])) == len(page.packed([wrong]))
    assert len(gzip.compress(page.plain([right]))) < len(gzip.compress(page.plain([wrong]))), "as it would be"


@pytest.mark.parametrize("seed", range(20))
def test_what_is_stitched_is_the_page(seed: int) -> None:
    """Read by another: parts and gaps of every kind, the empty ones among them."""
    drawn = random.Random(seed)
    parts = [drawn.choice(("", "å", "<p>" * drawn.randrange(9000), str(drawn.random()))) for _ in range(6)]
    marks = [drawn.choice(("{one}", "{two}")) for _ in parts[1:]]
    page = Stitched.around("".join(map("".join, zip(parts, [*marks, ""], strict=True))), "{one}", "{two}")
    filled = [drawn.choice(("", "ö", "x" * 65_535)) for _ in page.gaps]
    whole = "".join(map("".join, zip(parts, [*filled, ""], strict=True)))
    assert page.gaps == tuple(marks)
    assert page.plain(filled).decode() == whole
    assert gzip.decompress(page.packed(filled)).decode() == whole


def test_a_file_that_has_not_changed_is_not_sent_again(app: Flask) -> None:
    browser = app.test_client()
    with browser.get("/static/theme.css", headers=PACKED) as first:
        tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    with browser.get("/static/theme.css", headers=PACKED | {"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_picture_a_short_answer_and_an_error_are_left_as_they_are(app: Flask) -> None:
    browser = app.test_client()
    font = "/static/fonts/source-sans-3-latin-wght-normal.woff2"
    for path in (font, "/finns-inte", "/farger.css"):
        with browser.get(path, headers=PACKED) as answer:
            assert answer.headers.get("Content-Encoding") is None, path
    assert browser.head("/processer", headers=PACKED).headers.get("Content-Encoding") is None


def test_every_class_that_pages_name_keeps_its_rules(app: Flask) -> None:
    """What Bootstrap says of a class that some template names is said in ours too, in the same words."""
    theirs, ours = stylesheet.THEIRS.read_text(encoding="utf-8"), stylesheet.used()
    assert len(ours) < len(theirs) / 5
    for name in ("btn", "btn-primary", "form-control", "form-check-input", "table", "lead"):
        wanted = re.findall(rf"(?<=}})\.{name}\{{[^}}]*\}}", theirs)
        assert wanted, name
        assert all(rule in ours for rule in wanted), name
    assert ".visually-hidden" in ours
    assert ".carousel" not in ours
    assert "@media(prefers-reduced-motion:reduce)" in ours.replace(" ", "")


def test_its_address_changes_with_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    page = app.test_client().get("/processer").text
    (address,) = re.findall(r'href="(/bootstrap\.css\?v=[0-9a-f]{8})"', page)
    assert app.test_client().get(address).headers["Cache-Control"].find("max-age=31536000") >= 0
    monkeypatch.setattr(stylesheet, "used", lambda: "a{}")
    with app.test_request_context():
        assert stylesheet.address() != address
