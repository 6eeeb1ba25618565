"""Which pot each cost line is proposed for, as a table in the domain's words; and what the attestant makes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from sqlalchemy import text

from states import CostLine, FundingRow, Ore, Refusal, RefusalKind
from states.vocabulary import LINE_KINDS, OPERATING_KINDS
from tests.workflow.cast import Case, everything, key, line, paid, person
from tests.workflow.test_verify import lift
from workflow import Engine, Refused, Rows, Text
from workflow.books import attesting
from workflow.money import classifying
from workflow.money.classifying import proposed, still_classified, year_of

RATES = {"price_base_amount": 59_200_00, "capitalisation_share": 5_000, "capitalisation_years": 3}  # 2026
LIMIT = 29_600_00


def bench(n: int = 1, ore: int = LIMIT, years: int | None = 10, owner: str = "municipality", kind: str = "furniture"):
    return CostLine(n, "Bänkar", kind, Ore(ore), years, owner)


@dataclass(frozen=True)
class Row:
    """``to`` of the first line, and why."""

    what: str
    lines: tuple[CostLine, ...]
    to: str | None
    because: str
    without: str = ""  # a rate that is not given

    def __str__(self) -> str:
        return self.what.replace(" ", "-")


TABLE = [
    Row("at the limit", (bench(),), "investment", "lasting"),
    Row("an öre below", (bench(ore=LIMIT - 1),), "operating", "small"),
    Row("two lines that are one purchase", (bench(1, LIMIT - 1), bench(2, 1)), "investment", "lasting"),
    Row("a sketch is no part of it", (bench(1, LIMIT - 1), bench(2, 9_999_99, kind="sketch")), "operating", "small"),
    Row("another's place is no part of it", (bench(1, LIMIT - 1), bench(2, owner="other")), "operating", "small"),
    Row("what wears out is no part of it", (bench(1, LIMIT - 1), bench(2, years=2)), "operating", "small"),
    Row("three years", (bench(years=3),), "investment", "lasting"),
    Row("two years", (bench(years=2),), "operating", "short_life"),
    Row("somebody else's property", (bench(ore=10**9, owner="other"),), "operating", "others_property"),
    Row("nobody knows whose", (bench(owner="unknown"),), None, "owner_missing"),
    Row("nobody knows how long", (bench(years=None),), None, "life_missing"),
    Row("nobody knows what it costs", (bench(ore=0),), None, "amount_missing"),
    Row("enough without what is not known", (bench(), bench(2, 0), bench(3, owner="unknown")), "investment", "lasting"),
    Row("another line decides and is not known", (bench(1, 1), bench(2, owner="unknown")), None, "other_line_missing"),
    Row("small whatever the other is", (bench(1, 1), bench(2, 2, owner="unknown")), "operating", "small"),
    Row("no price base amount", (bench(),), None, "rate_missing", "price_base_amount"),
    Row("no share of it", (bench(),), None, "rate_missing", "capitalisation_share"),
    Row("no least life", (bench(),), None, "rate_missing", "capitalisation_years"),
    Row("two years and no price base amount", (bench(years=2),), "operating", "short_life", "price_base_amount"),
    *(Row(f"dear {kind}", (bench(ore=10**10, kind=kind),), "operating", "operating_kind") for kind in OPERATING_KINDS),
    *(Row(kind, (bench(kind=kind),), "investment", "lasting") for kind in LINE_KINDS if kind not in OPERATING_KINDS),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_rule_proposes(row: Row) -> None:
    rates = {name: value for name, value in RATES.items() if name != row.without}
    said = proposed(row.lines, 2026, rates)
    assert set(said) == {each.n for each in row.lines}
    first = said[row.lines[0].n]
    assert (first.to, first.because) == (row.to, row.because)
    if row.without:
        assert row.to or first.facts == {"rate": row.without, "year": 2026}


def test_the_reason_has_its_figures() -> None:
    said = proposed((bench(1, 20_000_00), bench(2, 28_000_00)), 2026, RATES)
    facts = {
        "whole_ore": 48_000_00,
        "limit_ore": LIMIT,
        "share": 5_000,
        "year": 2026,
        "life_years": 10,
        "least_years": 3,
    }
    assert said[1].facts == said[2].facts == facts


LINES = some.lists(
    some.builds(
        bench, some.just(1), some.integers(0, 2 * LIMIT), some.none() | some.integers(1, 9),
        some.sampled_from(("municipality", "other", "unknown")), some.sampled_from(LINE_KINDS),
    ), max_size=6,
)  # fmt: skip


def numbered(lines: list[CostLine]) -> tuple[CostLine, ...]:
    return tuple(each._replace(n=n) for n, each in enumerate(lines, 1))


def told_of(line: CostLine) -> bool:
    return bool(line.amount) and line.life_years is not None and line.owner != "unknown"


@given(LINES)
@example([bench(1, 1), bench(2, owner="unknown")])  # what the twin below gets wrong, drawn or not
def test_nothing_is_guessed(lines: list[CostLine]) -> None:
    """However what is unknown turns out, what was proposed without it stays."""
    before = proposed(numbered(lines), 2026, RATES)
    for owner, years, ore in (("municipality", 9, LIMIT), ("other", 1, 1), ("municipality", 9, 1)):
        known = [
            each._replace(
                owner=owner if each.owner == "unknown" else each.owner,
                life_years=years if each.life_years is None else each.life_years,
                amount=Ore(each.amount or ore),
            )
            for each in lines
        ]
        after = proposed(numbered(known), 2026, RATES)
        assert all(told_of(each) for each in known)
        assert all(after[n].to is not None for n in after)
        assert all(said.to in (None, after[n].to) for n, said in before.items())


def test_guessing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a rule that counts only what is known, as if the rest were nothing."""
    careful = classifying._of_the_whole

    def careless(line, could_be, alone, year, rates):
        return careful(line, [each for each in could_be if alone[each.n] is None and each.amount], alone, year, rates)

    monkeypatch.setattr(classifying, "_of_the_whole", careless)
    with pytest.raises(AssertionError):
        test_nothing_is_guessed()


@given(LINES)
def test_splitting_a_purchase_changes_nothing(lines: list[CostLine]) -> None:
    """Judged on the whole and not on the single invoice: the same purchase in twice as many lines."""
    whole = [each._replace(amount=Ore(each.amount * 2)) for each in lines]
    halves = numbered([half for each in lines for half in (each, each)])
    one, two = proposed(numbered(whole), 2026, RATES), proposed(halves, 2026, RATES)
    assert [one[n].to for n in one] == [two[2 * n].to for n in one] == [two[2 * n - 1].to for n in one]


def funded(n: int, line: int, year: int) -> FundingRow:
    return FundingRow(n, line, "investment", 1, year, Ore(1))


def test_the_year_is_the_first_that_pays_for_the_purchase() -> None:
    lines = (bench(1, kind="sketch"), bench(2), bench(3))
    assert year_of(lines, (funded(1, 1, 2025), funded(2, 2, 2027), funded(3, 3, 2028)), 2026) == 2027
    assert year_of(lines, (funded(1, 1, 2025),), 2026) == 2026


def test_a_sum_that_crosses_the_limit_asks_anew() -> None:
    old = (bench(1, 20_000_00)._replace(classification="operating"),)
    for ore, stands in ((21_000_00, "operating"), (LIMIT, None)):
        new = (bench(1, ore)._replace(classification="operating"),)
        kept = still_classified(new, proposed(new, 2026, RATES), old, proposed(old, 2026, RATES))
        assert [each.classification for each in kept] == [stands]


# --- what the attestant makes of it -------------------------------------------------------------------------------


def prepared(engine: Engine, *lines: CostLine, year: int = 2026) -> Case:
    """A purchase with costs that nobody has classified."""
    case = Case(engine, "purchase").submit().walk("accept")
    case.pass_days(1)
    paying = tuple(paid(each.n, "investment", each.amount // 100, year) for each in lines if each.amount)
    revise(case, Rows(lines, paying))
    return case


def revise(case: Case, rows: Rows) -> None:
    shown = case.engine.case(case.number, case.people["officer", None])
    words = shown.timeline.content
    case.engine.revise(
        case.number, by=case.people["officer", None], key=key(), seen_revision=shown.revision, rows=rows,
        text=Text(words.title, words.what, words.where),
    )  # fmt: skip


def classify(case: Case, *said: tuple[str, str]) -> None:
    engine, by = case.engine, case.people["attestant", None]
    seen = case.stands()["revision"]
    engine.classify(case.number, by=by, key=key(), seen_revision=seen, classifications=dict(enumerate(said, 1)))


def refusal(case: Case, work: Callable[[], object]) -> Refusal:
    before = everything(case.engine)
    with pytest.raises(Refused) as caught:
        work()
    assert everything(case.engine) == before
    return caught.value.first


def body(case: Case) -> dict:
    query = text("SELECT body FROM event WHERE stream = :n AND kind = 'classified' ORDER BY seq DESC LIMIT 1")
    with case.engine.database.reading() as connection:
        return json.loads(connection.execute(query, {"n": case.number}).scalar_one())


def test_what_was_proposed_and_what_was_said_stand_in_the_same_event(engine: Engine) -> None:
    case = prepared(engine, line(1, "furniture", 30_000), line(2, "sketch", 5_000))
    classify(case, ("investment", ""), ("investment", "Ritningen ingår i bänkarna."))
    event = body(case)
    assert event["lines"] == {"1": "investment", "2": "investment"}
    assert {n: said["to"] for n, said in event["proposed"].items()} == {"1": "investment", "2": "operating"}
    assert event["proposed"]["1"]["facts"]["limit_ore"] == LIMIT
    official = engine.timeline(case.number, case.people["officer", None]).steps[-1]
    assert [(each.n, each.what, each.to, each.why) for each in official.classified] == [
        (1, "furniture", "investment", None), (2, "sketch", "investment", "Ritningen ingår i bänkarna."),
    ]  # fmt: skip
    assert [each.proposed.because for each in official.classified if each.proposed] == ["lasting", "operating_kind"]
    assert engine.timeline(case.number).steps[-1].classified == ()
    assert engine.verify() == ()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((line(1, "furniture", 30_000),), "operating"),
        ((line(1, "furniture", 20_000),), "investment"),
        ((line(1, "furniture", 30_000)._replace(owner="unknown"),), "investment"),
        ((line(1, "conference", 30_000),), "investment"),
    ],
)
def test_another_word_than_proposed_needs_a_reason(engine: Engine, lines: tuple[CostLine, ...], said: str) -> None:
    case = prepared(engine, *lines)
    for silent in ("", "  "):
        refused = refusal(case, lambda silent=silent: classify(case, (said, silent)))
        assert (refused.kind, refused.facts) == (RefusalKind.FIELD_MISSING, {"field": "override_reason", "line": 1})
    classify(case, (said, "Därför."))
    assert engine.verify() == ()


def test_another_word_without_a_reason_is_found_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: an engine that asks for no reason."""
    case = prepared(engine, line(1, "conference", 30_000))
    monkeypatch.setattr(attesting, "_require", lambda *_: None)
    classify(case, ("investment", ""))
    assert [each.partition(": ")[2] for each in engine.verify()] == [
        "line 1 is not as proposed, and no reason is given"
    ]


def test_a_price_base_amount_that_is_not_given_is_asked_for(engine: Engine) -> None:
    case = prepared(engine, line(1, "furniture", 30_000), year=2027)
    said = engine.case(case.number, case.people["attestant", None]).proposed[1]
    assert (said.to, said.because, said.facts) == (None, "rate_missing", {"rate": "price_base_amount", "year": 2027})
    assert refusal(case, lambda: classify(case, ("investment", ""))).kind is RefusalKind.FIELD_MISSING
    row = {
        "name": "price_base_amount", "value": 60_000_00, "unit": "ore", "from_on": date(2027, 1, 1),
        "to_on": date(2027, 12, 31), "source": "SFS", "set_by": "Regeringen",
    }  # fmt: skip
    engine.configure("rate", row, by=person(engine, "Administratör"), key=key())
    said = engine.case(case.number, case.people["attestant", None]).proposed[1]
    assert (said.to, said.facts["limit_ore"]) == ("investment", 30_000_00)
    classify(case, ("investment", ""))


def test_a_study_visit_is_not_paid_by_the_investment_pot_unless_the_attestant_says_why(engine: Engine) -> None:
    case = prepared(engine, line(1, "study_visit", 10_000))
    classify(case, ("operating", ""))
    case.walk("to_review", "recommend")
    refused = refusal(case, lambda: case.act("propose"))
    told = {"line": "study_visit", "source": "investment", "classification": "operating"}
    assert (refused.kind, refused.facts, refused.lifted_by) == (RefusalKind.SOURCE_UNFIT, told, ("attestant",))
    classify(case, ("investment", "Resan hämtar hem bänkarna."))
    case.act("propose")
    assert engine.verify() == ()


def test_benches_above_the_limit_are_not_paid_by_the_operating_pot(engine: Engine) -> None:
    case = Case(engine, "purchase").submit().walk("accept")
    revise(case, Rows((line(1, "furniture", 30_000),), (paid(1, "operating", 30_000),)))
    classify(case, ("investment", ""))
    case.walk("to_review", "recommend")
    assert refusal(case, lambda: case.act("propose")).kind is RefusalKind.SOURCE_UNFIT


def test_a_line_that_comes_new_with_a_decision_is_judged_by_its_kind(engine: Engine) -> None:
    """Approved with a change that slips in a conference, which no attestant has seen."""
    case = prepared(engine, line(1, "furniture", 30_000))
    classify(case, ("investment", ""))
    case.walk("to_review", "recommend", "propose")
    lines = (line(1, "furniture", 30_000), line(2, "conference", 5_000))
    slipped = Rows(lines, (paid(1, "investment", 30_000), paid(2, "investment", 5_000)))
    assert refusal(case, lambda: case.act("approve_with_change", lines=slipped)).kind is RefusalKind.SOURCE_UNFIT


def test_a_purchase_that_grows_above_the_limit_waits_for_the_attestant_again(engine: Engine) -> None:
    case = prepared(engine, line(1, "furniture", 20_000))
    classify(case, ("operating", ""))
    for kronor, said in ((21_000, "operating"), (40_000, None)):
        revise(case, Rows((line(1, "furniture", kronor),), (paid(1, "operating", kronor),)))
        shown = engine.case(case.number, case.people["officer", None])
        assert [each.classification for each in shown.timeline.content.lines] == [said]
        assert any(each.kind == "classify" for each in shown.duties) is (said is None)


def test_who_wrote_the_costs_does_not_classify_them(engine: Engine) -> None:
    case = prepared(engine, line(1, "furniture", 30_000))
    officer = case.people["officer", None]
    with engine.database.reading() as connection:
        row = dict(connection.execute(text("SELECT * FROM membership WHERE role = 'attestant'")).mappings().one())
    del row["id"]
    engine.configure("membership", {**row, "person_id": officer}, by=person(engine, "Administratör"), key=key())
    case.people["attestant", None] = officer
    assert refusal(case, lambda: classify(case, ("investment", ""))).kind is RefusalKind.PREPARED_IT
    told = engine.case(case.number, officer).may_classify
    assert told is not None
    assert told[0].kind is RefusalKind.PREPARED_IT


def test_an_ended_proposal_is_classified_no_more(engine: Engine) -> None:
    case = prepared(engine, line(1, "furniture", 30_000)).walk("close")
    assert refusal(case, lambda: classify(case, ("investment", ""))).kind is RefusalKind.ENDED


TO_OPERATING = """'"to":"operating"', '"to":"investment"'"""


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (f"UPDATE event SET body = replace(body, {TO_OPERATING}) WHERE kind = 'classified'", "event ("),
        ("UPDATE cost_line SET classification_reason = 'Annat.' WHERE revision = 2", "cost_line ("),
        ("UPDATE cost_line SET classification_reason = NULL WHERE revision = 2", "cost_line ("),
        ("UPDATE cost_line SET classification = 'operating' WHERE revision = 2", "cost_line ("),
    ],
)  # fmt: skip
def test_whoever_changes_the_proposal_or_the_word_is_found_out(engine: Engine, change: str, fault: str) -> None:
    classify(prepared(engine, line(1, "furniture", 20_000)), ("investment", "Hör till ett större köp."))
    assert engine.verify() == ()
    with engine.database.writing() as connection:
        lift(connection)
        connection.execute(text(change))
    found = engine.verify()
    assert any(each.startswith(fault) for each in found), found
