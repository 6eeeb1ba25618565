"""What else is said of a cost: it follows the line through every revision, is shown to whom it concerns, and whoever
changes it behind the engine's back is found out."""

import pytest
from sqlalchemy import text

from tests.workflow.cast import WORDS, Case, key, line, paid
from tests.workflow.test_verify import lift
from workflow import Engine, LineDetails, Rows
from workflow.money.line_details import NOTHING, parsed

SAID = LineDetails(
    "P-1204", "4100", "2490", "6420", "Lära av andra", "Två dagar", "Fyra ledamöter", 1_000_00, None, 50_00
)
LINES = (line(1, "furniture", 40_000), line(2, "conference", 5_000))
PAID = (paid(1, "investment", 40_000), paid(2, "operating", 5_000))


def written(engine: Engine) -> Case:
    return Case(engine, "purchase", 45_000).submit().walk("accept").write(Rows(LINES, PAID, {1: SAID, 2: NOTHING}))


def of(case: Case, viewer: int | None) -> list[LineDetails]:
    return [each.details for each in case.engine.timeline(case.number, viewer).content.lines]


def revise(case: Case, rows: Rows) -> None:
    by, seen = case.people["officer", None], case.stands()["revision"]
    case.engine.revise(case.number, by=by, key=key(), seen_revision=seen, text=WORDS, rows=rows)


def test_officials_see_it_and_others_see_what_it_costs_to_run(engine: Engine) -> None:
    case = written(engine)
    assert of(case, case.people["officer", None]) == [SAID, NOTHING]
    for viewer in (None, case.proposer(), case.people["external", None]):
        assert of(case, viewer) == [LineDetails(care_ore=1_000_00, winter_ore=50_00), NOTHING]


def test_it_stays_with_its_line_when_nothing_is_said_of_it(engine: Engine) -> None:
    case = written(engine)
    moved = (line(1, "lighting", 1_000), LINES[0]._replace(n=2))
    revise(case, Rows(moved, (paid(2, "investment", 40_000),)))
    assert of(case, case.people["officer", None]) == [NOTHING, SAID]
    revise(case, Rows(moved, (), {}))  # said to be nothing
    assert of(case, case.people["officer", None]) == [NOTHING, NOTHING]
    assert engine.verify() == ()


@pytest.mark.parametrize("asked", [None, {1: NOTHING}])
def test_a_decision_with_a_change_keeps_it_or_states_it_anew(
    engine: Engine, asked: dict[int, LineDetails] | None
) -> None:
    case = written(engine).walk("to_review", "recommend", "propose")
    changed = Rows((LINES[0]._replace(amount=LINES[0].amount + 100), LINES[1]),
                   (paid(1, "investment", 40_001), PAID[1]), asked)  # fmt: skip
    case.act("approve_with_change", lines=changed)
    assert of(case, case.people["officer", None]) == [SAID if asked is None else NOTHING, NOTHING]
    assert engine.verify() == ()


def test_where_it_is_booked_may_be_said_while_money_is_bound(engine: Engine) -> None:
    case = written(engine).walk("to_review", "recommend", "propose", "approve")
    revise(case, Rows(LINES, PAID, {1: LineDetails(account="6420")}))
    assert of(case, case.people["officer", None]) == [LineDetails(account="6420"), NOTHING]


def test_a_name_that_is_gone_is_left_out() -> None:
    assert parsed('{"account":"6420","gone":1}') == LineDetails(account="6420")
    assert parsed(SAID.stored()) == SAID


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE cost_detail SET content = replace(content, '6420', '6421')", "revision ("),
        ("DELETE FROM cost_detail", "revision ("),
        ("INSERT INTO cost_detail SELECT proposal_id, revision, 2, content FROM cost_detail", "revision ("),
        ("INSERT INTO cost_detail SELECT proposal_id, 99, n, content FROM cost_detail", "cost_detail ("),
    ],
)
def test_whoever_changes_it_is_found_out(engine: Engine, change: str, fault: str) -> None:
    written(engine)
    assert engine.verify() == ()
    with engine.database.writing() as connection:
        lift(connection)
        connection.execute(text(change))
    found = engine.verify()
    assert any(each.startswith(fault) for each in found), found


@pytest.mark.parametrize("change", ["UPDATE cost_detail SET content = '{}'", "DELETE FROM cost_detail"])
def test_the_database_keeps_what_was_written(engine: Engine, change: str) -> None:
    written(engine)
    with pytest.raises(Exception, match="keeps what was written"), engine.database.writing() as connection:
        connection.execute(text(change))
