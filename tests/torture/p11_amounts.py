"""P11: amounts are whole öre within bounds, and what is accepted is exactly what the specification says: by the parser,
through a form, and from CSV and XLSX files. Hypothesis writes what people would not."""

import csv
import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from ipaddress import ip_address
from itertools import count
from typing import Any

import openpyxl
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import text as sql

from states import AmountError, Ore, parse_amount
from tests.torture.amounts import NASTY, meant
from tests.torture.report import DATABASES, Figure, Run
from tests.torture.sabotage import broken
from tests.web import ideas
from tests.workflow.cast import DAY, opened, person
from web.app import create_app
from web.forms import fields
from workflow import Engine
from workflow.imports import import_rows
from workflow.imports.import_rows import RowFaults, told_of

MANY_NETWORKS = int(ip_address("10.0.0.0"))  # so that nobody has handed in too often
LIKELY = "0123456789 .,-+ekrtmn_\u00a0\u202f\u0661\uff11\t"
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=LIKELY, max_size=14),
    st.from_regex(
        r"[0-9]{1,3}([ \u00a0][0-9]{3}){0,4}([.,][0-9]{1,3})?[ \u202f]?(kr|tkr|mnkr|mkr|kronor|KR|k)?", fullmatch=True
    ),
)
Reader = Callable[[str], int | None]
MOST_TYPED = 1_000


def figures(run: Run) -> Iterator[Figure]:
    yield _parsed(run)
    for database in DATABASES:
        yield _through(run, database, "a form", _form, run.n(sample=15, whole=len(NASTY)), run.n(sample=5, whole=400))
        for kind, read in (("CSV", _csv), ("XLSX", _xlsx)):
            yield _through(run, database, kind, read, len(NASTY), run.n(sample=100, whole=3_000))


def _parsed(run: Run) -> Figure:
    texts = [*NASTY, *drawn(run.seed, run.n(sample=500, whole=50_000))]
    wrong, twin = differences(texts, parsed), differences(texts, in_floats)
    told = f"the parser, {len(NASTY)} nasty ones and what hypothesis wrote, against the specification"
    return Figure("P11", told, "-", len(texts), len(wrong), run.seed, bool(twin), "; ".join(wrong[:3]))


def _through(run: Run, database: str, what: str, way: Callable[[Engine], Any], nasty: int, more: int) -> Figure:
    """By way of the product, then once more with the broken parser in its place."""
    chosen = NASTY if nasty == len(NASTY) else run.random(f"amounts {what}").sample(NASTY, nasty)
    texts = [*chosen, *drawn(run.seed, more)]
    with run.database(database) as url, opened(url) as engine:
        n, wrong = way(engine)(texts)
    with run.database(database, sabotaged=True) as url, opened(url) as engine, ExitStack() as twin:
        for place in (fields, import_rows):
            twin.enter_context(broken(place, "parse_amount", floating))
        _, found = way(engine)(["1e3", "1_000", "\uff11\uff12", "1,5"])
    return Figure("P11", f"through {what}", database, n, len(wrong), run.seed, bool(found), "; ".join(wrong[:3]))


def drawn(seeded: int, n: int) -> list[str]:
    """What Hypothesis writes from this seed."""
    found: list[str] = []

    @seed(seeded)
    @settings(
        max_examples=n, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(TEXTS)
    def write(text: str) -> None:
        found.append(text)

    write()
    return found


def differences(texts: Sequence[str], read: Reader) -> list[str]:
    return [f"{text!a} is {got}, not {meant(text)}" for text in texts if (got := read(text)) != meant(text)]


def parsed(text: str) -> int | None:
    try:
        ore = parse_amount(text)
    except AmountError:
        return None
    assert type(ore) is Ore
    return int(ore)


def floating(text: str) -> Ore:
    """The broken design: what Python takes for a number, in floats."""
    try:
        return Ore(round(float(text.replace(",", ".").replace(" ", "")) * 100))
    except (ValueError, OverflowError) as error:
        raise AmountError(text, "grammar") from error


def in_floats(text: str) -> int | None:
    try:
        return int(floating(text))
    except AmountError:
        return None


# --- the ways in -------------------------------------------------------------------------------------------------


def _form(engine: Engine) -> Callable[[list[str]], tuple[int, list[str]]]:
    """The idea form: what somebody guesses that it costs. Empty and "vet inte" are answers, and no amount."""
    warnings.filterwarnings("ignore", "Passing SelectField choices", DeprecationWarning)
    client, senders = create_app(engine).test_client(), count()
    begun: list[str] = []  # the last step of an idea that is not sent yet

    def read(text: str) -> int | None:
        before = _lines(engine)
        if not begun:
            client.environ_base["REMOTE_ADDR"] = str(ip_address(MANY_NETWORKS + 256 * next(senders)))
            first = ideas.post(client, ideas.FORM, what="En bänk").location
            begun.append(ideas.post(client, first, where="Torget").location)
        answer = ideas.post(client, begun[0], cost=text)
        if answer.status_code == 303:
            answer = ideas.post(client, answer.location)
            begun.clear()
        now = _lines(engine)
        assert answer.status_code in (303, 422), answer.status_code
        return now[-1] if len(now) > len(before) else None

    def all_of(texts: list[str]) -> tuple[int, list[str]]:
        typed = [each for each in texts if len(each) < MOST_TYPED]
        return len(typed), differences(typed, read)

    return all_of


def _lines(engine: Engine) -> list[int]:
    with engine.database.reading() as connection:
        return list(connection.execute(sql("SELECT amount_ore FROM cost_line ORDER BY proposal_id")).scalars())


def _csv(engine: Engine) -> Callable[[list[str]], tuple[int, list[str]]]:
    def written(texts: list[str]) -> bytes:
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(_table(engine, texts))
        return file.getvalue().encode()

    return lambda texts: _imported(engine, [each for each in texts if "\0" not in each], written)


def _xlsx(engine: Engine) -> Callable[[list[str]], tuple[int, list[str]]]:
    def written(texts: list[str]) -> bytes:
        book, file = openpyxl.Workbook(), io.BytesIO()
        for n, row in enumerate(_table(engine, texts), 1):
            for column, value in enumerate(row, 1):
                cell = book.active.cell(n, column, value)
                cell.data_type = "s"
        book.save(file)
        return file.getvalue()

    return lambda texts: _imported(engine, [x for x in texts if not ILLEGAL_CHARACTERS_RE.search(x)], written)


def _table(engine: Engine, texts: list[str]) -> list[list[str]]:
    columns = engine.config.imports.invoices.columns.model_dump()
    named = {name: heading for name, heading in columns.items() if heading}
    plain = {
        "number": "CG-2026-001", "funding": "1", "accounting_on": DAY.isoformat(), "supplier": "Leverantör",
        "kind": "faktura", "voucher": "1",
    }  # fmt: skip
    rows = [[text if name == "amount" else plain.get(name, "") for name in named] for text in texts]
    return [list(named.values()), *rows]


def _imported(engine: Engine, texts: list[str], written: Callable[[list[str]], bytes]) -> tuple[int, list[str]]:
    """By the dry run: the amounts of the rows in which no fault is the amount's."""
    data, by = written(texts), person(engine, "Ekonom")
    _, rows = engine.check_import(data, by=by)
    got = {
        row.n: _amount(dict(row.said), any(each.facts.get("field") == "amount" for each in row.reasons)) for row in rows
    }
    wrong = [
        f"{text!a} is {got.get(n)}, not {meant(text)}" for n, text in enumerate(texts, 2) if got.get(n) != meant(text)
    ]
    return len(texts), wrong


def _amount(said: dict[str, str], refused: bool) -> int | None:
    """The amount of a row, unless its amount was refused."""
    try:
        told = told_of("invoices", said, DAY)
    except RowFaults:
        return None
    return None if refused else int(told.amount)
