"""What proposals are found by: words as people type them, filters that combine, pages that follow on each other."""

import pytest
from sqlalchemy import delete, insert, select, update

from tests.workflow import cast
from tests.workflow.cast import Case, clock_of
from workflow import Engine, Text
from workflow.money.contents import Rows
from workflow.searching import folding, indexing
from workflow.searching.views_searching import Sought
from workflow.storage import schema

BENCHES = Text("Bänkar vid ån", "Fyra parkbänkar av furu", "Ågatan 3", criteria=("safety",))
PLAY = Text("Lekplatsen i parken", "Ny gungställning och sandlåda", "Södra torget", why="Belysningen är dålig")
LIGHT = Text("Belysning", "Stolpar längs gången", "Vintergatan")


@pytest.fixture
def town(engine: Engine) -> dict[str, str]:
    """The numbers of three proposals, by what they are about; the one about light came in a year later."""
    found = {}
    for name, text in (("benches", BENCHES), ("play", PLAY), ("light", LIGHT)):
        if name == "light":
            clock_of(engine).to(cast.DAY.replace(year=cast.DAY.year + 1))
        given = engine.submit(process="purchase", by=None, key=cast.key(), text=text)
        found[name] = given.number
    return found


def names(engine: Engine, town: dict[str, str], text: str = "", **more: object) -> set[str]:
    rows = engine.seek(Sought(text, **more)).rows  # type: ignore[arg-type]
    return {name for name, number in town.items() if number in {row.number for row in rows}}


TYPED = {
    "bänkar": {"benches"},
    "BANKAR": {"benches"},
    "bänkarna": {"benches"},  # another ending
    "bank": {"benches"},
    "bän": {"benches"},  # how a word begins
    "furu": {"benches"},
    "agatan": {"benches"},
    "stolar": {"light"},  # nobody says it, and it is a letter from "stolpar"
    "stolpe": {"light"},
    "Å": set(),  # a single letter is a word of its own
    "ån": {"benches"},
    "lekplats": {"play"},
    "lekplatserna": {"play"},
    "plats": {"play"},  # the end of a compound
    "ställning": {"play"},
    "belysning": {"play", "light"},
    "belysnign": {"play", "light"},  # two letters that changed places
    "belysnig": {"play", "light"},  # one that is gone
    "bellysning": {"play", "light"},  # one too many
    "bilysning": {"play", "light"},  # one wrong
    "bolysnign": set(),  # two
    "lekplas": {"play"},
    "park": {"benches", "play"},
    "park bänk": {"benches"},  # both
    "bänkar gungställning": set(),
    "torget": {"play"},
    "%": set(),
    "_": set(),
    "' OR 1=1 --": set(),
}


def test_words_are_found_as_people_type_them(engine: Engine, town: dict[str, str]) -> None:
    assert {typed: names(engine, town, typed) for typed in TYPED} == TYPED


def test_a_number_is_found_whole_or_without_its_letters(engine: Engine, town: dict[str, str]) -> None:
    number = town["play"]
    for typed in (number, number.lower(), number.removeprefix("CG-"), f" {number} lekplats"):
        assert names(engine, town, typed) == {"play"}, typed
    assert names(engine, town, f"{number} bänkar") == set()


def test_what_nobody_says_is_told(engine: Engine, town: dict[str, str]) -> None:
    assert engine.seek(Sought("Bänkarr vid ån")).instead == ("Bänkarr",)
    assert engine.seek(Sought("lekplats zebra")).unsaid == ("zebra",)
    assert engine.seek(Sought("belysning")).instead == ()


def test_filters_hold_together_with_words(engine: Engine, town: dict[str, str]) -> None:
    assert names(engine, town, criterion="safety") == {"benches"}
    assert names(engine, town, place="torg") == {"play"}
    assert names(engine, town, place="bänkar") == set()  # said, but of no place
    assert names(engine, town, place="sodra toget") == {"play"}  # a wrong letter here too
    assert names(engine, town, year=cast.DAY.year) == {"benches", "play"}
    assert names(engine, town, "belysning", year=cast.DAY.year) == {"play"}
    assert names(engine, town, process="purchase", state="idea") == set(town)
    assert names(engine, town, process="rebuild") == set()
    assert names(engine, town, state="nowhere") == set()
    assert names(engine, town, criterion="'") == names(engine, town, pot="x") == names(engine, town, place="?") == set()


def test_the_pot_is_the_one_that_pays_now(engine: Engine) -> None:
    case = Case(engine, "purchase").submit().walk("accept")
    line = cast.line(1, "furniture", 100)
    for pot in ("investment", "operating"):
        case.write(Rows((line,), (cast.paid(1, pot, 100),)))
        for asked in ("investment", "operating", "outside"):
            assert bool(engine.seek(Sought(pot=asked)).rows) == (asked == pot)


def test_a_revision_is_found_by_its_new_words_alone(engine: Engine, town: dict[str, str]) -> None:
    officer, number = cast.person(engine, "Handläggare"), town["benches"]
    text = Text("Stolar vid ån", "Fyra stolar", "Ågatan 3")
    engine.revise(number, by=officer, key=cast.key(), seen_revision=1, text=text, rows=Rows())
    assert names(engine, town, "stolar") == {"benches"}
    assert names(engine, town, "bänkar") == names(engine, town, criterion="safety") == set()
    assert engine.verify() == ()


def test_pages_follow_on_each_other(engine: Engine, town: dict[str, str]) -> None:
    for sought in (Sought(), Sought("belysning"), Sought(year=cast.DAY.year)):
        whole = [row.number for row in engine.seek(sought).rows]
        met, after = [], None
        while True:
            page = engine.seek(sought, after, 1)
            met += [row.number for row in page.rows]
            after = page.after
            if after is None:
                break
        assert met == whole
    assert engine.seek(Sought(), "CG-1999-001").rows == ()


def test_common_words_are_found_as_rare_ones_are(
    engine: Engine, town: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(engine, "purchase").submit()
    case.walk("accept", "write")
    asked = [*TYPED, "bänk torget"]
    pots = ("investment", "operating")
    rare = [names(engine, town, typed) for typed in asked], [len(engine.seek(Sought(pot=pot)).rows) for pot in pots]
    monkeypatch.setattr("workflow.searching.seeking.FEW", 0)
    assert rare == ([names(engine, town, t) for t in asked], [len(engine.seek(Sought(pot=p)).rows) for p in pots])


def test_the_stages_count_every_proposal_once(engine: Engine, town: dict[str, str]) -> None:
    Case(engine, "rebuild").submit()
    counted = {each.process: {stage.state: stage.count for stage in each.stages} for each in engine.stages()}
    assert counted["purchase"] == {"idea": 3}
    assert counted["rebuild"] == {"idea": 1}


# --- the index -----------------------------------------------------------------------------------------------------


def test_verify_finds_an_index_that_says_something_else(engine: Engine, town: dict[str, str]) -> None:
    word, form = schema.search_word, schema.search_form
    (one,) = [row.id for row in _ids(engine, town["play"])]
    harms = (
        delete(word).where(word.c.word == "lekplatsen"),
        insert(word).values(word="secret", proposal_id=one),
        delete(form).where(form.c.form == "platsen"),
        insert(form).values(form="x", word="lekplatsen"),
        update(word).where(word.c.word == "criterion:safety").values(word="criterion:access"),
    )
    for harm in harms:
        with engine.database.writing() as connection:
            connection.execute(harm)
            connection.execute(update(schema.mark).where(schema.mark.c.name == indexing.MARK).values(value="0"))
        assert any("search_" in fault for fault in engine.verify()), harm
        with engine.database.writing() as connection:
            indexing.catch_up(connection)  # by other rules than ours: all is written anew
        assert engine.verify() == ()


def test_what_is_forgotten_is_found_by_nothing(engine: Engine, town: dict[str, str]) -> None:
    (one,) = [row.id for row in _ids(engine, town["play"])]
    with engine.database.writing() as connection:
        indexing.forget(connection, one)
    assert {typed: names(engine, town, typed) for typed in ("lekplats", "belysning", "park")} == {
        "lekplats": set(), "belysning": {"light"}, "park": {"benches"},
    }  # fmt: skip
    with engine.database.reading() as connection:
        left = " ".join(connection.execute(select(schema.search_form.c.form)).scalars())
    assert "gungst" not in left
    assert "belysning" in left


def _ids(engine: Engine, number: str):  # type: ignore[no-untyped-def]
    with engine.database.reading() as connection:
        return connection.execute(select(schema.proposal.c.id).where(schema.proposal.c.number == number)).all()


# --- words ---------------------------------------------------------------------------------------------------------


def test_folding() -> None:
    assert folding.words_of("Ån, ÖSTRA-torget: café nr 3 & Øl_x") == [
        "an",
        "ostra",
        "torget",
        "cafe",
        "nr",
        "3",
        "ol",
        "x",
    ]
    assert [folding.stem(each) for each in ("bankarna", "banken", "bil", "torgets", "parkens")] == [
        "bank", "bank", "bil", "torg", "park",
    ]  # fmt: skip
    assert set(folding.parts("lekplats")) == {"lekplats", "ekplats", "kplats", "plats", "lats"}


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("bank", "bank", True), ("bank", "bnk", True), ("bank", "baank", True), ("bank", "bark", True),
        ("bank", "bnak", True), ("bank", "abnk", True), ("bank", "bakn", True), ("bank", "nabk", False),
        ("bank", "bo", False), ("bank", "barr", False), ("bank", "banker", False), ("", "a", True),
    ],
)  # fmt: skip
def test_one_letter_apart(one: str, other: str, near: bool) -> None:
    assert folding.one_letter_apart(one, other) is folding.one_letter_apart(other, one) is near
    if near:
        assert folding.without_a_letter(one) & folding.without_a_letter(other)
