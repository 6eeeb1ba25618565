"""What leaves the house as a file: every figure as on the page, no text that a spreadsheet carries out, no supplier
for those whom the page tells of none."""

import itertools
from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask

from states import CostLine, Ore
from tests.files.payloads import DANGEROUS, FORMULAS, PAYLOADS, is_number
from tests.files.reading import client, csv_rows, fetched, xlsx_rows
from tests.workflow.cast import DAY, Case, budget, key, person
from web.files import spreadsheets
from web.files.spreadsheets import Sheet, csv_of, inert, xlsx_of
from workflow import Engine, FundingAsk, Invoice, Registered, Rows, Text

KRONOR = 1_234


@pytest.fixture
def written(engine: Engine) -> list[Case]:
    """Each payload stands wherever somebody can write a text that is exported."""
    made = []
    for n, payload in enumerate(PAYLOADS):
        case = Case(engine, "purchase")
        line = CostLine(1, payload, "furniture", Ore(KRONOR * 100), 10, "municipality")
        rows = Rows((line,), (FundingAsk(1, "outside", 2026, Ore(KRONOR * 100), f"{payload}"),))
        given = engine.submit(process="purchase", by=None, key=key(), text=Text(payload, payload, payload), rows=rows)
        case.number = given.number
        made.append(case)
        by = person(engine, "Ekonom")
        paragraph = Registered("budget", "kf", DAY, payload, payload, "investment", 2040 + n, Ore(100), payload)
        engine.register(paragraph, by=by, key=key())
        engine.book(given.number, Invoice("invoice", 1, Ore(150), DAY, payload, payload), by=by, key=key())
    return made


def addresses(engine: Engine) -> list[str]:
    """Of every page that an address can name: no path holds two slashes in a row or a line break."""
    outside = [each for each in engine.pots() if each.kind == "outside" and not {"//", "\n", "\r"} & {*pairs(each.pot)}]
    pots = [f"/potter/{quote(each.pot)}/{each.year}" for each in outside]
    assert len(pots) > 35
    return ["/potter", "/forslag", "/handelser-2026", *pots, "/potter/investment/2040"]


def pairs(text: str) -> list[str]:
    return [*text, *map("".join, itertools.pairwise(text))]


@pytest.mark.usefixtures("written")
def test_forty_payloads_in_every_text_field_stay_texts(app: Flask, engine: Engine) -> None:
    assert len(PAYLOADS) >= 40
    browser, seen = client(app, engine, person(engine, "Ekonom")), set()
    for address in addresses(engine):
        rows = csv_rows(fetched(browser, f"{address}.csv"))
        assert len({len(row) for row in rows}) == 1, "no text ends its cell or its row"
        alive = [cell for row in rows[1:] for cell in row if cell.startswith(DANGEROUS) and not is_number(cell)]
        assert alive == []
        read = xlsx_rows(fetched(browser, f"{address}.xlsx"))
        assert (read.formulas, read.links, read.parts) == (0, 0, [])
        assert read.types <= {"s", "n", "d"}
        seen |= {cell for row in read.values for cell in row if isinstance(cell, str)}
    texts = {text.replace("\r\n", "\n").replace("\r", "\n") for text in PAYLOADS}
    assert texts <= {text.replace("\r\n", "\n").replace("\r", "\n") for text in seen}, "nothing is lost on the way"


@pytest.mark.parametrize("payload", [*PAYLOADS, *(f" {each}" for each in FORMULAS), "a\0=1", "\0=1", "x" * 40_000])
def test_a_text_stays_a_text_wherever_it_stands(payload: str) -> None:
    sheet = Sheet(payload[:40] or "-", [payload], [[payload], ["ren"]])
    (heading,), (cell,), _ = csv_rows(csv_of(sheet))
    assert heading == cell == inert(payload)
    assert not cell.startswith(DANGEROUS)
    read = xlsx_rows(xlsx_of(sheet))
    assert (read.formulas, read.links, read.types) == (0, 0, {"s"})


def test_the_apostrophe_is_what_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list of signs the same test finds formulas."""
    monkeypatch.setattr(spreadsheets, "_STARTS", frozenset())
    assert csv_rows(csv_of(Sheet("-", ["x"], [[each] for each in FORMULAS])))[1] == ["=1+1"]


@pytest.mark.parametrize(
    ("ore", "csv", "xlsx"),
    [
        (123_450, "1234,50", 1234.5), (0, "0,00", 0), (1, "0,01", 0.01), (-1, "-0,01", -0.01),
        (-123_456, "-1234,56", -1234.56), (10**12, "10000000000,00", 10**10),
        (10**14 - 1, "999999999999,99", 999999999999.99),
    ],
)  # fmt: skip
def test_an_amount_is_a_number_to_the_ore(ore: int, csv: str, xlsx: float) -> None:
    sheet = Sheet("Belopp", ["a", "b", "c"], [[Ore(ore), 2026, date(2026, 3, 2)]])
    assert csv_of(sheet).decode("utf-8-sig").splitlines()[1] == f"{csv};2026;2026-03-02"
    read = xlsx_rows(xlsx_of(sheet))
    assert read.values[1][:2] == [xlsx, 2026]
    assert read.types == {"s", "n", "d"}


def test_the_pots_file_tells_what_the_page_tells(app: Flask, engine: Engine) -> None:
    budget(engine, 12_345_678)
    heading, *rows = csv_rows(fetched(client(app, engine), "/potter.csv"))
    assert heading[:4] == ["Pott", "Slag", "År", "Budget, kr exkl. moms"]
    for row, pot in zip(rows, engine.pots(), strict=True):
        figures = (pot.reserved, pot.committed, pot.ordered, pot.spent, pot.available, pot.overrun)
        assert [in_ore(cell) for cell in row[4:10]] == list(figures)
        assert (row[3] == "") == (not pot.decided)
    here = next(row for row in rows if row[:3] == ["Investeringspotten", "Investering", "2026"])
    assert here[3] == "123456,78"
    assert here[10] == "KF § 1 2026-03-02"


def in_ore(cell: str) -> int:
    kronor, ore = cell.split(",")
    assert len(ore) == 2
    return int(kronor + ore)


def test_the_entries_file_adds_up_to_every_figure_of_the_pot(app: Flask, engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    case.walk("approve", "sign")
    told = Invoice("invoice", 1, Ore(700_001), case.day, "Leverantör", "V 1")
    engine.book(case.number, told, by=person(engine, "Ekonom"), key=key())
    heading, *rows = csv_rows(fetched(client(app, engine), "/potter/investment/2026.csv"))
    moved: dict[str, int] = {}
    for row in rows:
        ore = in_ore(row[heading.index("Belopp, kr exkl. moms")])
        for side, sign in (("Från", -1), ("Till", 1)):
            bucket = row[heading.index(side)]
            moved[bucket] = moved.get(bucket, 0) + sign * ore
    pot = next(each for each in engine.pots(2026) if each.pot == "investment")
    assert moved == {
        "Budget": -pot.budget, "Kvar": pot.available, "Reserverat": 0, "Beslutat": 0, "Beställt": pot.ordered,
        "Bokfört": pot.spent,
    }  # fmt: skip
    assert {row[heading.index("Förslag")] for row in rows} == {"", case.number}


@pytest.mark.parametrize(
    ("title", "told"), [("Ekonom", True), ("Handläggare", True), ("Fastighetsägare", False), (None, False)]
)
def test_only_officials_are_told_of_suppliers(app: Flask, engine: Engine, title: str | None, told: bool) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write")
    invoice = Invoice("invoice", 1, Ore(100), case.day, "Hemliga Bänkar", "V-7731")
    engine.book(case.number, invoice, by=person(engine, "Ekonom"), key=key())
    browser = client(app, engine, None if title is None else person(engine, title))
    for form, read in (("csv", lambda data: data), ("xlsx", lambda data: repr(xlsx_rows(data).values).encode())):
        data = read(fetched(browser, f"/potter/investment/2026.{form}"))
        assert (b"Hemliga" in data, b"V-7731" in data, "Leverantör".encode() in data) == (told, told, told)


def test_the_list_of_proposals_has_stage_and_money_and_follows_the_choice(app: Flask, engine: Engine) -> None:
    bought = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    held = Case(engine, "activity", 900).submit()
    browser = client(app, engine)
    heading, *rows = csv_rows(fetched(browser, "/forslag.csv"))
    assert [row[0] for row in rows] == [held.number, bought.number]
    told = dict(zip(heading, rows[1], strict=True))
    assert told["Står vid"] == "Budgetbeslut"
    assert told["Kostnad, kr exkl. moms"] == told["Reserverat, kr exkl. moms"] == "20000,00"
    assert told["Vad som betalar"] == "Investeringspotten"
    assert dict(zip(heading, rows[0], strict=True))["Kostnad, kr exkl. moms"] == "", "not known is not zero"
    for query, found in (({"process": "activity"}, [held]), ({"q": bought.number}, [bought]), ({"q": "finnsej"}, [])):
        rows = csv_rows(fetched(browser, "/forslag.csv", **query))[1:]
        assert [row[0] for row in rows] == [case.number for case in found]


def test_the_contract_amount_waits_in_the_file_as_on_the_page(app: Flask, engine: Engine) -> None:
    case = Case(engine, "purchase", 20_000).submit().walk("accept", "write", "to_review", "recommend", "propose")
    case.walk("approve").act("sign", contract_amount=Ore(1_900_000))
    before = money(app, engine, case)
    assert before == {"Beslutat": "1000,00", "Beställt": "19000,00"}
    with engine.database.writing() as connection:
        connection.exec_driver_sql("UPDATE proposal SET state = 'procurement'")
    assert money(app, engine, case) == {"Beslutat": "20000,00", "Beställt": "0,00"}
    assert money(app, engine, case, person(engine, "Ekonom")) == before


def money(app: Flask, engine: Engine, case: Case, who: int | None = None) -> dict[str, str]:
    heading, row = csv_rows(fetched(client(app, engine, who), "/forslag.csv", q=case.number))
    return {name: row[heading.index(f"{name}, kr exkl. moms")] for name in ("Beslutat", "Beställt")}


def test_more_proposals_than_are_read_at_a_time_all_come(
    app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.cases.money_list.AT_A_TIME", 3)
    numbers = [Case(engine, "activity").submit().number for _ in range(7)]
    rows = csv_rows(fetched(client(app, engine), "/forslag.csv"))[1:]
    assert [row[0] for row in rows] == numbers[::-1]


def test_a_row_damaged_by_hand_stops_no_file(app: Flask, engine: Engine) -> None:
    case = Case(engine, "activity").submit()
    with engine.database.writing() as connection:
        connection.exec_driver_sql("UPDATE proposal SET state = 'finnsinte'")
    assert csv_rows(fetched(client(app, engine), "/forslag.csv"))[1][0] == case.number


@pytest.mark.parametrize("address", ["/potter.ods", "/potter/finnsej/2026.csv", "/potter/investment/1999.xlsx"])
def test_what_is_not_there_is_not_found(app: Flask, engine: Engine, address: str) -> None:
    assert client(app, engine).get(address).status_code == 404


def test_a_file_speaks_the_readers_language(app: Flask, engine: Engine) -> None:
    heading, *rows = csv_rows(fetched(client(app, engine, language="en"), "/potter.csv"))
    assert heading[3] == "Budget, SEK excl. VAT"
    assert rows[0][1] == "Investment"


@pytest.mark.parametrize(("page", "files"), [("/potter", "/potter"), ("/forslag", "/forslag"),
                                             ("/potter/investment/2026", "/potter/investment/2026")])  # fmt: skip
def test_a_page_offers_its_files(app: Flask, engine: Engine, page: str, files: str) -> None:
    Case(engine, "activity").submit()
    shown = client(app, engine).get(page).text
    assert all(f'href="{files}.{form}' in shown for form in ("csv", "xlsx"))


def test_the_same_table_is_the_same_in_both_forms(app: Flask, engine: Engine) -> None:
    browser = client(app, engine)
    for address in ("/potter", "/forslag", "/potter/operating/2026"):
        written, read = csv_rows(fetched(browser, f"{address}.csv")), xlsx_rows(fetched(browser, f"{address}.xlsx"))
        assert len(written) == len(read.values)
        for row, cells in itertools.zip_longest(written, read.values):
            assert [each == "" for each in row] == [each is None for each in cells]
