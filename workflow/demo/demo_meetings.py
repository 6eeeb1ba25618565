"""Meetings of the demonstration: one of the forum's with its notes, decisions reported to the executive board, a
protocol that was posted, and an agenda with a point of its own. All words are examples."""

from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from workflow.demo.staging import Script, Stage
from workflow.meetings.decision_records import Told
from workflow.meetings.minuting import Arrangement, Item, Minutes
from workflow.meetings.views_meetings import Guest, MeetingPage
from workflow.storage import schema

FORUM, BOARD = "centrumgruppen", "ks"
MET = "Skyddande skärmar vid sittplatserna"  # the example that waits for the forum until it meets
SQUARES = "Ny utformning av Norra och Södra torget"
MET_DAYS_AGO = 8
NOTES = {
    "moved": "Gruppen stämde av läget i de pågående åtgärderna. (exempel)",
    "pots": "Potterna redovisades. Inga frågor. (exempel)",
}
SAID = {"position_wording": "Samsyn: skärmarna gör platserna möjliga att använda längre på året. (exempel)"}


def scripts(today: date) -> tuple[Script, ...]:
    """Played among the proposals, each part on its own day."""
    met = today - timedelta(days=MET_DAYS_AGO)
    met -= timedelta(days=max(0, met.weekday() - 4))
    return (
        Script([(date(2020, 4, 27), _protocol)]),
        Script(
            [(met, partial(_forum, on=met)), (today, partial(_board, today=today)), (today, partial(_next, on=today))]
        ),
    )


def _protocol(stage: Stage) -> None:
    """The council's decision on the squares: posted, taken down when the time to appeal was over, and sent."""
    secretary = _person(stage, "registrar", "kf")
    (found,) = stage.engine.find(SQUARES)
    decided = stage.engine.timeline(found.number).decided
    if decided is None:
        raise LookupError(SQUARES)
    stage.clock.to(date(2020, 4, 27))
    told = Told(
        posted_on=date(2020, 3, 30), taken_down_on=date(2020, 4, 21), sent_on=date(2020, 3, 31),
        sent_to="Tekniska förvaltningen (exempel)",
    )  # fmt: skip
    stage.engine.record(found.number, decided.seq, told, by=secretary, key=stage.key())


def _forum(stage: Stage, on: date) -> None:
    """A meeting at which the forum takes a position; who came, and a few words at its points."""
    stage.clock.to(on)
    officer = _person(stage, "officer")
    if not any((each.body, each.held_on) == (FORUM, on) for each in stage.engine.meetings(officer)):
        row = {"body_id": _body(stage, FORUM), "held_on": on, "papers_due_on": None}
        stage.engine.configure("meeting", row, by=_person(stage, "administrator"), key=stage.key())
    meeting = stage.engine.meeting(FORUM, on, officer)
    stage.engine.minute(FORUM, on, _minutes(meeting), by=officer, key=stage.key())
    (found,) = stage.engine.find(MET)
    case = stage.engine.case(found.number, officer)
    item = Item(found.number, "recommend", case.version, case.revision, SAID)
    stage.engine.register_items(FORUM, on, [item], by=officer)


def _minutes(meeting: MeetingPage) -> Minutes:
    """All but the last member came, and one guest."""
    keys = tuple(each.key for each in meeting.points)
    present = tuple(each.membership for each in meeting.seats[:-1])
    return Minutes(keys, present, (Guest("", "other"),), {key: text for key, text in NOTES.items() if key in keys})


def _board(stage: Stage, today: date) -> None:
    """What delegates had decided is reported at the board's last meeting."""
    secretary = _person(stage, "registrar", BOARD)
    held = [each.held_on for each in stage.engine.meetings(secretary) if each.body == BOARD and each.held_on < today]
    rows = stage.engine.meeting(BOARD, max(held), secretary).delegated if held else ()
    if len(rows) > 1:  # the latest is left for whoever tries it
        chosen = [(row.stream, row.seq) for row in rows[:-1]]
        stage.engine.report_delegated(BOARD, max(held), chosen, by=secretary, key=stage.key())


def _next(stage: Stage, on: date) -> None:
    """The forum's next agenda has a point that no proposal asks for."""
    officer = _person(stage, "officer")
    coming = [each.held_on for each in stage.engine.meetings(officer) if each.body == FORUM and each.held_on > on]
    if coming:
        order = tuple(each.key for each in stage.engine.meeting(FORUM, min(coming), officer).points)
        asked = Arrangement(0, (*order, "added 1"), (), {"added 1": "Nästa års mötesdagar (exempel)"})
        stage.engine.arrange(FORUM, min(coming), asked, by=officer, key=stage.key())


def _person(stage: Stage, role: str, body: str | None = None) -> int:
    for each in stage.engine.demo_people():
        if any(held.role == role and body in (None, held.body) for held in stage.engine.capacities(each.person)):
            return each.person
    raise LookupError(role)


def _body(stage: Stage, code: str) -> int:
    with stage.engine.database.reading() as connection:
        found = connection.execute(select(schema.body.c.id).where(schema.body.c.code == code)).scalar_one()
    return int(found)
