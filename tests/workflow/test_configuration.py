"""The configuration file: what ships is sound and seeds, every fault is told at once, differences are told."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from workflow.bodies import seeding
from workflow.records.calendar_days import add_working_days, is_working_day, local_date, working_days_between
from workflow.records.history import GENESIS, chain
from workflow.settings.configuration import Configuration, ConfigurationError, read
from workflow.settings.configuration_colours import DARK, LIGHT, contrast
from workflow.storage.database import Database
from workflow.storage.schema import body, event, mark, membership, person, pot_year, rate, stream

SHIPPED = Path(__file__).resolve().parents[2] / "config.toml"
AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
TOP = """
[server]
base_url = "https://skede.example"
[identity]
name = "Gruppen"
organisation = "Kommunen"
[contact]
title = "Kontaktcenter"
"""


def faults_of(tmp_path: Path, toml: str) -> tuple[str, ...]:
    (tmp_path / "config.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path / "config.toml")
    return caught.value.faults


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Configuration:
    monkeypatch.delenv("SKEDE_DATABASE_URL", raising=False)
    return read(SHIPPED)


def test_the_shipped_file_is_sound(shipped):
    assert shipped.server.database == f"sqlite:///{SHIPPED.parent}/var/skede.sqlite3"
    assert shipped.processes == SHIPPED.parent / "states" / "processes"
    assert shipped.contact.telephone is None
    given = {(row.pot, row.year): row.amount for row in shipped.budget}
    assert given["investment", 2026] == 100_000_000
    assert given["operating", 2020] == 50_000_000
    assert ("investment", 2027) not in given
    base = {row.from_on.year: row.value for row in shipped.rate if row.name == "price_base_amount"}
    assert base[2026] == 5_920_000
    assert base[2027] is None
    assert {row.value for row in shipped.rate if row.name == "internal_interest"} == {150, 125, 100, 250, None}


def test_bodies_meet_and_want_papers_on_working_days(shipped):
    held = {each.body: each.held for each in shipped.meetings}
    days = [day for each in held.values() for row in each for day in (row.on, row.papers_due) if day]
    assert [day for day in days if not is_working_day(day)] == []
    assert date(2026, 11, 25) in {row.papers_due for row in held["ks"] if row.on == date(2026, 12, 9)}


def test_the_headings_of_files_are_checked_like_the_rest(tmp_path):
    faults = faults_of(
        tmp_path,
        TOP
        + """
        [import.invoices]
        columns = { number = "", supplier = 3, belop = "Summa" }
        [import.budgets]
        columns = { pot = "Namn", body = " NAMN " }
        [import.fakturor]
        """,
    )
    assert faults == (
        'import › invoices › columns › number: är tomt; skriv "ej angivet" där det går',
        "import › invoices › columns › supplier: ska vara text",
        "import › invoices › columns › belop: okänd nyckel",
        'import › budgets › columns: rubriken "namn" anges för 2 kolumner',
        "import › fakturor: okänd nyckel",
    )


@pytest.mark.parametrize(
    "columns", ['funding = "ej angivet", year = "ej angivet"', 'funding = "ej angivet", pot = "ej angivet"']
)
def test_a_file_of_invoices_must_name_what_pays(tmp_path, columns):
    assert faults_of(tmp_path, f"{TOP}[import.invoices]\ncolumns = {{ {columns} }}") == (
        "import › invoices › columns: ange rubriken för funding, eller för både pot och year",
    )


def test_a_column_may_be_left_out_of_files(tmp_path):
    (tmp_path / "config.toml").write_text(
        f'{TOP}[import.invoices]\ncolumns = {{ pot = "ej angivet", amount = "Summa" }}'
    )
    columns = read(tmp_path / "config.toml").imports.invoices.columns
    assert (columns.pot, columns.amount, columns.voucher) == (None, "Summa", "Verifikationsnummer")


def test_only_the_database_is_overridden(monkeypatch):
    monkeypatch.setenv("SKEDE_DATABASE_URL", "postgresql+psycopg://skede@db/skede")
    assert read(SHIPPED).server.database == "postgresql+psycopg://skede@db/skede"


def test_every_fault_is_told_at_once_with_its_key(tmp_path):
    faults = faults_of(
        tmp_path,
        TOP.replace('title = "Kontaktcenter"', "").replace("https://", "")
        + """
        [bodies]
        [[body]]
        code = "ks"
        kind = "styrelse"
        title = "KS"
        level = 30
        [[body]]
        code = "forum"
        kind = "forum"
        tittel = "Forum"
        title = ""
        level = 0
        [[person]]
        id = "granne"
        name = "Granne"
        title = "Granne"
        membership = [
            { body = "ks", role = "officer", category = "business", from_on = 2026-02-01, source = "x" },
            { body = "ks", role = "kung", category = "business", from_on = "i fjol", source = "x" },
        ]
        [[person]]
        id = "anstalld"
        name = "Anställd"
        title = "Anställd"
        membership = [{ body = "gruppen", role = "officer", category = "trade", from_on = 2026-02-01, source = "x" }]
        [[pot]]
        code = "investment"
        kind = "investment"
        title = "Potten"
        years = [2026]
        [[budget]]
        pot = "investment"
        year = 2027
        amount = "1 000 000 kr"
        body = "ks"
        decided_on = 2025-06-17
        [[budget]]
        pot = "investment"
        year = 2026
        amount = 1000000
        body = "ks"
        decided_on = 2025-06-17
        [[decision_right]]
        holder = "budget_holder"
        source = "investment"
        from_on = 2026-01-01
        basis = "x"
        [[rate]]
        name = "review_limit"
        unit = "kr"
        value = "femtio"
        from_on = 2026-01-01
        source = "x"
        set_by = "x"
        """,
    )
    told = "\n".join(faults)
    for expected in (
        'bodies: okänd nyckel, menas "body"?',
        "server › base_url:",
        "contact › title: saknas",
        'body 1 (ks) › kind: "styrelse" är inte något av',
        'body 2 (forum) › tittel: okänd nyckel, menas "title"?',
        "body 2 (forum) › title: är tomt",
        'person 1 (granne) › membership › nr 2 › role: "kung" är inte något av',
        "person 1 (granne) › membership › nr 2 › from_on: ska vara ett datum",
        'person 2 (anstalld) › membership › nr 1 › body: organet "gruppen" finns inte',
        'person 2 (anstalld) › membership › nr 1 › role: "officer" kan bara innehas av en anställd',
        'budget 1 › year: potten "investment" har inget år 2027',
        "budget 2 › amount: skriv beloppet som text",
        "decision_right 1 (budget_holder) › level: saknas",
        'rate 1 (review_limit): "femtio" är inget belopp',
    ):
        assert expected in told
    assert 'organet "ks" finns inte' not in told, "a reference to a faulty row is no second fault"


def test_values_of_a_rate_do_not_overlap_and_periods_run_forward(tmp_path):
    row = '\n[[rate]]\nname = "review_limit"\nunit = "kr"\nvalue = "5"\nsource = "x"\nset_by = "x"\nfrom_on = '
    quiet = '\n[[quiet_period]]\ntitle = "Jul"\nfrom_on = 2026-12-24\nto_on = 2026-12-23\n'
    faults = faults_of(tmp_path, f"{TOP}{row}2026-01-01{row}2027-01-01{quiet}")
    assert faults == (
        "rate 2 (review_limit): gäller samtidigt som rate 1 (review_limit)",
        "quiet_period 1: to_on 2026-12-23 ligger före from_on 2026-12-24",
    )


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ("[server", "inte giltig TOML"),
        (TOP + "body = 5", "okänd nyckel"),
        ("body = 5\n" + TOP, "body: skrivs som [[body]]"),
        ("body = [5]\n" + TOP, "body 1: ska vara en tabell"),
        ("processes = 5\n" + TOP, "processes: ska vara text"),
    ],
)
def test_a_file_of_another_shape_is_told_and_not_guessed(tmp_path, toml, fault):
    assert fault in "\n".join(faults_of(tmp_path, toml))


def test_no_file(tmp_path):
    with pytest.raises(ConfigurationError, match="finns inte"):
        read(tmp_path / "none.toml")


def test_an_empty_database_is_seeded_once(database_url, shipped):
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            assert seeding.seed(connection, shipped, AT)
        with database.writing() as connection:
            assert not seeding.seed(connection, shipped, AT)
        with database.reading() as connection:
            assert connection.execute(select(mark.c.value)).scalar_one() == shipped.seed_digest
            assert connection.execute(select(func.count()).select_from(body)).scalar_one() == 8
            assert connection.execute(select(pot_year.c.decided, pot_year.c.budget_ore).distinct()).one() == (0, 0)
            events = connection.execute(select(event).order_by(event.c.seq)).all()
            head = connection.execute(select(stream)).one()
            names = connection.execute(select(person.c.name)).scalars().all()
            found = seeding.differences(connection, shipped)
            controller = connection.execute(select(person.c.name).where(person.c.id == seeding.registrar(connection)))
            assert controller.scalar_one() == "Ekonom"
    previous = GENESIS
    for n, each in enumerate(events, 1):
        assert (each.stream, each.seq, each.kind, each.previous) == ("configuration", n, "configured", previous)
        previous = chain(previous, each.body)
        assert each.hash == previous
        assert not [name for name in names if f'"{name}"' in each.body], "people stand in events by reference"
    assert (head.name, head.seq, head.head) == ("configuration", len(events), previous)
    assert len(found) == len(shipped.budget)
    assert "budget: investment 2026 (1\u00a0000\u00a0000\u00a0kr) finns i filen men är inte registrerad" in found


def test_budgets_need_somebody_to_register_them(database_url):
    with Database(database_url) as database:
        database.create()
        with pytest.raises(ConfigurationError, match="controller"), database.reading() as connection:
            seeding.registrar(connection)


def test_a_used_database_is_not_seeded(database_url, shipped):
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            connection.execute(insert(body).values(code="x", kind="forum", title="X", level=0))
        with pytest.raises(ConfigurationError), database.writing() as connection:
            seeding.seed(connection, shipped, AT)
        with database.reading() as connection:
            assert connection.execute(select(mark)).all() == []


def test_differences_are_told_and_not_applied(database_url, shipped):
    with Database(database_url) as database:
        database.create()
        with database.writing() as connection:
            seeding.seed(connection, shipped, AT)
            connection.execute(update(pot_year).values(decided=1))
            connection.execute(update(rate).where(rate.c.name == "review_limit").values(value=100))
            last = select(func.max(membership.c.id)).scalar_subquery()
            connection.execute(update(membership).where(membership.c.id == last).values(to_on="2026-12-31"))
            found = seeding.differences(connection, shipped)
            assert found == seeding.differences(connection, shipped)
    assert len(found) == 4
    assert found[0].startswith("membership: Administratör, kommunledning, administrator")
    assert found[2].startswith("rate: review_limit, ore, 5000000")


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # Christmas Eve is de facto a day off
        (date(2026, 12, 30), 1, date(2027, 1, 4)),  # and New Year's Eve
        (date(2026, 6, 18), 1, date(2026, 6, 22)),  # and Midsummer Eve
        (date(2026, 5, 13), 1, date(2026, 5, 15)),
    ],
)
def test_working_days(start, n, end):
    assert add_working_days(start, n) == end
    assert working_days_between(start, end) == n
    assert working_days_between(end, start) == 0


def test_the_local_date_is_that_of_sweden():
    assert local_date(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 6, 30))  # noqa: DTZ001 - the fault itself
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 6, 30), -1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('colour = "#7f8fdf"', "kontrasten är 2,8 till 1 och ska vara minst 4,5 till 1"),
        ('colour = "#ffffff"', "kontrasten är 1,0 till 1"),
        ('colour_dark = "#1f3fae"', "kontrasten är 1,9 till 1"),
        ('colour = "blå"', '"blå" är ingen färg; skriv till exempel "#1f3fae"'),
        ('logo = "finns-inte.svg"', 'filen "finns-inte.svg" finns inte'),
        ('logo = "config.toml"', '"config.toml" ska vara en bild av slaget .png, .svg, .webp'),
    ],
)
def test_a_face_that_cannot_be_read_is_refused_with_its_ratio(tmp_path: Path, line: str, told: str) -> None:
    (fault,) = faults_of(tmp_path, TOP.replace('name = "Gruppen"', f'name = "Gruppen"\n{line}'))
    assert fault.startswith("identity › ")
    assert told in fault


def test_contrast_is_as_the_guidelines_count_it() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48, "known for being just too pale"
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert contrast("#1f3fae", "#1f3fae") == 1


def test_the_papers_are_those_of_the_pages() -> None:
    theme = (SHIPPED.parent / "web/static/theme.css").read_text(encoding="utf-8")
    light, dark = theme.split("@media (prefers-color-scheme: dark)")
    for papers, sheet in ((LIGHT, light), (DARK, dark)):
        assert set(papers.values()) == {re.search(f"--{name}: (#.{{6}})", sheet)[1] for name in ("paper", "wash")}
