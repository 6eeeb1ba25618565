"""The controller's pages for files: read, judged row by row in words, booked by one click, kept in between."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from states import RefusalKind
from tests.files.importing import BUDGET_FAULTS, FAULTS, budgets, invoice, invoices
from tests.files.making import INVOICES, csv_file, xlsx_file
from tests.files.reading import client
from tests.workflow.cast import Case, person
from web.pages import import_words
from web.pages.import_words import FILES, REASONS
from web.request.security import LARGEST_BODY, LARGEST_FILE
from workflow import Engine
from workflow.imports.file_tables import MOST_BYTES, FileFault
from workflow.imports.import_rows import RowFault
from workflow.imports.views_import import ImportRow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def controller(app: Flask, engine: Engine) -> FlaskClient:
    return client(app, engine, person(engine, "Ekonom"))


def sent(browser: FlaskClient, data: bytes, name: str = "fil.csv"):
    """As a browser sends it: line breaks and quotation marks in a name are written otherwise."""
    plain = name.replace('"', "%22").replace("\n", "%0A").replace("\r", "%0D")
    head = f'--grans\r\nContent-Disposition: form-data; name="file"; filename="{plain}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--grans--\r\n"
    return browser.post("/hamta-in", data=body, content_type="multipart/form-data; boundary=grans")


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


def test_a_file_is_read_shown_and_booked_once(engine: Engine, bought: Case, controller: FlaskClient) -> None:
    answer = sent(controller, invoices(invoice(bought), invoice(bought), invoice(bought, Belopp="1e5"), form="xlsx"))
    assert answer.status_code == 303
    page = said(controller.get(answer.location).text)
    assert "1 bokförs, 1 fel, 1 finns redan." in page
    assert "finns redan : Samma som rad 2." in page
    assert "fel : Belopp 1e5: Beloppet går inte att förstå." in page
    assert bought.pots()["investment"].get("spent") is None
    for _ in range(2):  # the second click finds nothing left to book
        booked = controller.post(f"{answer.location}/bokfor")
        assert (booked.status_code, booked.location) == (303, answer.location)
        assert bought.pots()["investment"]["spent"] == 123_450
    page = said(controller.get(answer.location).text)
    assert "1 fel, 1 finns redan, 1 bokförda." in page
    assert "Bokför 1 rad" not in page
    assert "fil.csv" in controller.get("/hamta-in").text
    assert engine.verify() == ()


def test_the_rows_are_chosen_by_their_fate(engine: Engine, bought: Case, controller: FlaskClient) -> None:
    rows = [invoice(bought, Verifikationsnummer=f"H {n}", Belopp=n % 2) for n in range(240)]
    address = sent(controller, invoices(*rows)).location
    page = controller.get(f"{address}?visa=fault").text
    assert "H 0" in page
    assert "H 1<" not in page
    more = re.search(r'href="([^"]*efter=[^"]*)"', page)
    assert more is not None
    rest = controller.get(more[1].replace("&amp;", "&")).text
    assert "H 200" in rest
    assert not re.search(r'href="[^"]*efter=', rest)
    assert "Det var allt." in controller.get(f"{address}?efter=9999").text
    assert controller.get(f"{address}?visa=finnsej&efter=-1").status_code == 200


@pytest.mark.parametrize("title", [None, "Handläggare", "Revisor", "Fastighetsägare"])
def test_nobody_else_comes_in(
    app: Flask, engine: Engine, bought: Case, controller: FlaskClient, title: str | None
) -> None:
    address = sent(controller, invoices(invoice(bought))).location
    browser = client(app, engine, None if title is None else person(engine, title))
    refused = {303} if title is None else {403}
    assert {browser.get(each).status_code for each in ("/hamta-in", address)} == refused
    unsent = {401} if title is None else {403}
    assert {sent(browser, b"a;b").status_code, browser.post(f"{address}/bokfor").status_code} == unsent
    assert bought.pots()["investment"].get("spent") is None
    assert "/hamta-in" not in browser.get("/att-gora", follow_redirects=True).text
    assert "/hamta-in" in controller.get("/att-gora").text


def test_a_private_link_is_no_way_in(app: Flask, engine: Engine, bought: Case) -> None:
    browser = app.test_client()
    browser.set_cookie("skede", engine.open_link(bought.secret))
    assert browser.get("/hamta-in").status_code == 403
    assert sent(browser, b"a;b").status_code == 403


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Filen är tom."),
        (b"a" * (MOST_BYTES + 1), "Filen är större än 5 MB."),
        (b"a;b\n" * 20_002, "Filen har fler än 20000 rader."),
        (b"PK\x03\x04", "Filen går inte att läsa som CSV eller XLSX."),
        (b"\x00\x01", "Filens tecken går inte att läsa."),
        (csv_file([["a"], ["b"]]), "För fakturor saknas: Förslag, Belopp,"),
        (xlsx_file([[*INVOICES, "Belopp"], ["b"]]), "Rubriken Belopp finns två gånger."),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_words(controller: FlaskClient, data: bytes, told: str) -> None:
    answer = sent(controller, data)
    assert answer.status_code == 422
    assert told in said(answer.text)


def test_no_file_is_asked_for_again(controller: FlaskClient) -> None:
    assert controller.post("/hamta-in").status_code == 422
    answer = sent(controller, b"", name="")
    assert (answer.status_code, "Välj en fil." in answer.text) == (422, True)


def test_only_the_controller_may_send_anything_large(app: Flask, engine: Engine, controller: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True  # what looks for the token reads it all, long before any page does
    assert sent(controller, b"a" * (LARGEST_FILE + 1)).status_code == 413
    officer = client(app, engine, person(engine, "Handläggare"))
    for browser in (officer, client(app, engine)):
        assert sent(browser, b"a" * (LARGEST_BODY + 1)).status_code == 413
    large = {"text": "a" * (LARGEST_BODY + 1)}
    assert controller.post("/lamna-forslag", data=large).status_code == 413


def test_the_name_of_a_file_stays_text(bought: Case, controller: FlaskClient) -> None:
    name = "..\\..\\a/b/<img src=x>\u202e\n" + "x" * 300 + ".csv"
    address = sent(controller, invoices(invoice(bought)), name).location
    shown = controller.get(address).text
    assert "<img src=x>" not in shown
    assert "\u202e" not in shown
    assert ".csv</h1>" in shown


def test_what_a_file_says_stays_text(bought: Case, controller: FlaskClient) -> None:
    row = invoice(bought, Leverantör="<script>alert(1)</script>", Slag="<b>x</b>", Förslag="<i>CG</i>")
    shown = controller.get(sent(controller, invoices(row)).location).text
    assert not re.search(r"<(script|b|i)>", shown)


def test_what_is_not_there_is_not_found(controller: FlaskClient) -> None:
    assert controller.get("/hamta-in/999").status_code == 404
    assert controller.post("/hamta-in/999/bokfor").status_code == 404


# --- every word ---------------------------------------------------------------------------------------------------


def kinds_in(path: str, pattern: str) -> set[str]:
    source = "".join(each.read_text(encoding="utf-8") for each in (ROOT / "workflow").rglob(path))
    return set(re.findall(pattern, source))


def test_every_reason_has_its_words() -> None:
    raised = kinds_in("import*.py", r'(?:_fault|RowFault)\(\s*"([a-z_]+)"') | {"no_pot", "no_body", "several_pot",
                                                                              "several_body", "parts"}  # fmt: skip
    assert raised - {"refused"} == set(REASONS)
    assert kinds_in("*.py", r'FileFault\("([a-z_]+)"') == set(FILES)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_reason_can_be_told(app: Flask, engine: Engine, bought: Case, language: str) -> None:
    browser = client(app, engine, person(engine, "Ekonom"), language)
    for data in (
        invoices(*(invoice(bought, **row) for row, _ in FAULTS.values())),
        budgets(*(row for row, _ in BUDGET_FAULTS.values())),
    ):
        shown = browser.get(sent(browser, data).location)
        assert shown.status_code == 200
        assert "%(" not in shown.text


def test_a_refusal_at_the_booking_is_told_in_its_own_words(app: Flask) -> None:
    facts = {"refusal": int(RefusalKind.FIELD_INVALID), "facts": {"field": "amount", "most_ore": 12_300}}
    row = ImportRow(2, {}, "fault", (RowFault("refused", facts),))
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        assert "Högst 123\u00a0kr kan krediteras." in import_words.why(row)
        assert import_words.file_fault(FileFault("too_large", most_mb=5)).startswith("Filen är större än 5 MB.")
