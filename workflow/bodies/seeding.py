"""Fills an empty database once from the configuration, as events, and afterwards only tells where they differ.
Knows no budget: those are registered decisions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from states.money import format_amount
from workflow.people.people import new_ref
from workflow.records.history import GENESIS, record
from workflow.settings.configuration import Configuration, ConfigurationError
from workflow.storage.columns import moment
from workflow.storage.schema import (
    body,
    decision_right,
    event,
    meeting,
    membership,
    person,
    pot,
    pot_year,
    quiet_period,
    rate,
    stream,
    vote_rule,
)

STREAM = "configuration"
MARK = "seeded"
CLOCK = "clock"  # reference of the actor that fires by time; also who seeds
_BUCKETS = ("budget_ore", "overrun_ore", "available_ore", "reserved_ore", "committed_ore", "ordered_ore", "spent_ore")
Values = dict[str, Any]


def seed(connection: Connection, configuration: Configuration, at: datetime) -> bool:
    """Fills the database; False, and nothing done, when it has been seeded already.

    Raises ConfigurationError when it holds bodies or people without having been seeded.
    """
    claimed = connection.execute(
        text("INSERT INTO mark (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING"),
        {"name": MARK, "value": configuration.seed_digest},
    )
    if claimed.rowcount != 1:
        return False
    if any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (body, person)):
        raise ConfigurationError(("databasen är inte tom, men inte heller fylld från en konfiguration",))
    told = _Told(connection, configuration.seed_digest, moment(at))
    bodies = _insert(connection, body, "code", [{**row.model_dump(), "ended_on": None} for row in configuration.body])
    told.tell("body", [row.model_dump() for row in configuration.body])
    _seed_people(connection, configuration, bodies, told)
    _seed_pots(connection, configuration, told)
    for name, table, rows in _plain_rows(configuration):
        _insert(connection, table, None, rows)
        told.tell(name, rows)
    meetings = list(_meetings(configuration))
    _insert(connection, meeting, None, [{**_without(row, "body"), "body_id": bodies[row["body"]]} for row in meetings])
    told.tell("meeting", meetings)
    votes = [row.model_dump() for row in configuration.vote_rule]
    _insert(connection, vote_rule, None, [{**_without(row, "body"), "body_id": bodies[row["body"]]} for row in votes])
    told.tell("vote_rule", votes)
    return True


def registrar(connection: Connection) -> int:
    """Who registers the budgets that the file gives: the first controller, who may do so for every body.

    Raises ConfigurationError when there is none.
    """
    first = select(membership.c.person_id).where(membership.c.role == "controller").order_by(membership.c.id).limit(1)
    found = connection.execute(first).scalar_one_or_none()
    if found is None:
        raise ConfigurationError(("budget: ingen person har rollen controller, som registrerar budgeten",))
    return int(found)


def differences(connection: Connection, configuration: Configuration) -> tuple[str, ...]:
    """Where the file and the database say different things, in Swedish. Nothing is changed."""
    found: list[str] = []
    for name, (in_file, stored) in _both(connection, configuration).items():
        found += [f"{name}: {_words(row)} finns i filen men inte i databasen" for row in in_file if row not in stored]
        found += [f"{name}: {_words(row)} finns i databasen men inte i filen" for row in stored if row not in in_file]
    decided = {(row.code, row.year) for row in connection.execute(_pot_years()) if row.decided}
    for budget in configuration.budget:
        if (budget.pot, budget.year) not in decided:
            amount = format_amount(budget.amount)
            found.append(f"budget: {budget.pot} {budget.year} ({amount}) finns i filen men är inte registrerad")
    return tuple(found)


class _Told:
    """Appends to the stream of the configuration, whose head this transaction holds."""

    def __init__(self, connection: Connection, digest: str, at: str) -> None:
        self._connection, self._digest, self.at = connection, digest, at

    def tell(self, what: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """One event with all rows of a kind. People stand in it by reference only."""
        if not rows:
            return
        last = select(stream.c.seq, stream.c.head).where(stream.c.name == STREAM)
        head = self._connection.execute(last).one_or_none()
        seq, previous = (head.seq, head.head) if head else (0, GENESIS)
        facts = {"what": what, "rows": [_plain(row) for row in rows], "basis": self._digest}
        made = record(
            stream=STREAM, seq=seq + 1, previous=previous, kind="configured", actor=CLOCK, at=self.at,
            facts=facts, words={},
        )  # fmt: skip
        columns = ("stream", "seq", "kind", "actor", "recorded_at", "body", "previous", "hash")
        self._connection.execute(insert(event).values({name: getattr(made, name) for name in columns}))
        if head:
            moved = update(stream).where(stream.c.name == STREAM)
            self._connection.execute(moved.values(seq=made.seq, head=made.hash))
        else:
            self._connection.execute(insert(stream).values(name=STREAM, seq=made.seq, head=made.hash))


def _seed_people(connection: Connection, configuration: Configuration, bodies: Mapping[str, int], told: _Told) -> None:
    blank = {"title": "", "email": "", "telephone": "", "created_at": told.at}
    rows = [{**blank, "ref": CLOCK, "kind": "clock", "name": "Klockan"}]
    refs = {each.id: new_ref() for each in configuration.person}
    for each in configuration.person:
        named = {"name": each.name, "title": each.title, "email": each.email or ""}
        rows.append({**blank, "ref": refs[each.id], "kind": "member", **named})
    ids = _insert(connection, person, "ref", rows)
    told.tell("person", [{"ref": row["ref"], "kind": row["kind"]} for row in rows])
    held = [{**row.model_dump(), "person": refs[each.id]} for each in configuration.person for row in each.membership]
    stored = [
        {**_without(row, "person", "body"), "person_id": ids[row["person"]], "body_id": bodies[row["body"]]}
        for row in held
    ]
    _insert(connection, membership, None, stored)
    told.tell("membership", held)


def _seed_pots(connection: Connection, configuration: Configuration, told: _Told) -> None:
    """Pots and their years without a krona: a budget is given by a decision."""
    rows = [_without(each.model_dump(), "years") for each in configuration.pot]
    ids = _insert(connection, pot, "code", rows)
    empty = dict.fromkeys(_BUCKETS, 0)
    years = [
        {"pot_id": ids[each.code], "year": year, "decided": 0, **empty}
        for each in configuration.pot
        for year in each.years
    ]
    _insert(connection, pot_year, None, years)
    told.tell("pot", [each.model_dump() for each in configuration.pot])


def _insert(connection: Connection, table: Table, key: str | None, rows: Sequence[Values]) -> dict[str, int]:
    """Ids by ``key``, where that is asked for."""
    if rows:
        connection.execute(insert(table), [_plain(row) for row in rows])
    if key is None:
        return {}
    return {row[0]: row[1] for row in connection.execute(select(table.c[key], table.c.id))}


def _plain_rows(configuration: Configuration) -> Iterator[tuple[str, Table, list[Values]]]:
    """The kinds of row that refer to nothing."""
    rights = [
        {**_without(each.model_dump(), "up_to"), "level": configuration.level_of(each), "up_to_ore": each.up_to}
        for each in configuration.decision_right
    ]
    yield "decision_right", decision_right, rights
    yield "rate", rate, [each.model_dump() for each in configuration.rate]
    yield "quiet_period", quiet_period, [each.model_dump() for each in configuration.quiet_period]


def _meetings(configuration: Configuration) -> Iterator[Values]:
    for each in configuration.meetings:
        for held in each.held:
            yield {"body": each.body, "held_on": held.on, "papers_due_on": held.papers_due}


def _both(connection: Connection, configuration: Configuration) -> dict[str, tuple[list[Values], list[Values]]]:
    """By kind of row: what the file says and what the database says, in the same plain form."""
    seated = [{"person": each.name, **row.model_dump()} for each in configuration.person for row in each.membership]
    c = membership.c
    years = [(each, year) for each in configuration.pot for year in each.years]
    kinds: dict[str, tuple[Sequence[Values], Any]] = {
        "body": (
            [each.model_dump() for each in configuration.body],
            select(body.c.code, body.c.kind, body.c.title, body.c.level).where(body.c.ended_on.is_(None)),
        ),
        "person": (
            [{"name": each.name, "title": each.title} for each in configuration.person],
            select(person.c.name, person.c.title).where(person.c.kind == "member"),
        ),
        "membership": (
            seated,
            select(person.c.name.label("person"), body.c.code.label("body"), c.role, c.category, c.from_on, c.to_on,
                   c.source).join_from(membership, person).join(body, c.body_id == body.c.id),
        ),
        "pot": (
            [{**_without(each.model_dump(), "years"), "year": year} for each, year in years],
            select(pot.c.code, pot.c.kind, pot.c.title, pot_year.c.year).join_from(pot_year, pot).where(
                pot.c.proposal_id.is_(None)),
        ),
        "vote_rule": (
            [each.model_dump() for each in configuration.vote_rule],
            select(body.c.code.label("body"), vote_rule.c.share, vote_rule.c.from_on, vote_rule.c.to_on,
                   vote_rule.c.source).join_from(vote_rule, body),
        ),
        "meeting": (
            list(_meetings(configuration)),
            select(body.c.code.label("body"), meeting.c.held_on, meeting.c.papers_due_on).join_from(meeting, body),
        ),
    }  # fmt: skip
    for name, table, rows in _plain_rows(configuration):
        kinds[name] = (rows, select(*(column for column in table.c if column.name != "id")))
    return {
        name: ([_plain(row) for row in rows], [dict(row) for row in connection.execute(stored).mappings()])
        for name, (rows, stored) in kinds.items()
    }


def _pot_years() -> Any:
    return select(pot.c.code, pot_year.c.year, pot_year.c.decided).join_from(pot_year, pot)


def _plain(row: Mapping[str, Any]) -> Values:
    """Dates as ISO text and lists for tuples: what columns and canonical JSON hold."""
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _without(row: Mapping[str, Any], *names: str) -> Values:
    return {name: value for name, value in row.items() if name not in names}


def _words(row: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in row.values() if value is not None)
