"""Att göra with respect to whose hands a task is in and in whose place somebody acts: what a colleague has handed over
stands first, what was handed away waits for others, and what is done for somebody away says for whom."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from states import Capacity
from workflow.acts import handing
from workflow.people import deputies
from workflow.proposals.queue_filter import ALL
from workflow.records.actors import Actor
from workflow.records.definitions import Definitions
from workflow.storage import schema
from workflow.views.views_work import QueuePage, QueueRow
from workflow.waiting.queue_rows import queue_rows
from workflow.waiting.queues import Look

COUNTED = 100  # a badge stops counting here: 99+


def in_hands(
    connection: Connection, definitions: Definitions, page: QueuePage, actor: Actor, today: date, look: Look
) -> QueuePage:
    """The page as this person sees it. What was handed over stands on the first page of what is not filtered."""
    got, given = handing.in_hands(connection, actor.id)
    absences = deputies.of_person(connection, actor.id, today)
    names = {each.id: each.principal_name for each in absences}
    stand_ins = _stand_ins(actor.capacities, names)
    rows = {row.duty: row for row in (*page.waiting, *page.group, *page.others)}
    whole = look.after is None and look.asked == ALL
    wanted = {*(got if whole and look.shows("mine") else ()), *(given if whole and look.shows("others") else ())}
    rows |= {row.duty: row for row in _rows(connection, definitions, wanted - rows.keys(), today)}
    shown = {row.duty for row in page.waiting} | wanted
    handed = [replace(rows[duty], handed_by=got[duty]) for duty in got if duty in shown and look.after is None]
    away = [replace(rows[duty], handed_to=given[duty]) for duty in given if duty in wanted]
    rest = [replace(row, in_place_of=stand_ins.get(row.holder)) for row in _without(page.waiting, got, given)]
    return replace(
        page,
        waiting=(*handed, *rest),
        others=(*away, *_without(page.others, got, given)),
        absences=absences,
        count=page.count if page.count >= COUNTED else max(0, page.count - len(given)),
    )


def as_seen(connection: Connection, rows: Iterable[QueueRow], actor: Actor, today: date) -> tuple[QueueRow, ...]:
    """Rows that wait for this person, with who handed them over or in whose place they are done."""
    got, _ = handing.in_hands(connection, actor.id)
    names = {each.id: each.principal_name for each in deputies.of_person(connection, actor.id, today)}
    stand_ins = _stand_ins(actor.capacities, names)
    return tuple(
        replace(row, handed_by=got[row.duty])
        if row.duty in got
        else replace(row, in_place_of=stand_ins.get(row.holder))
        for row in rows
    )


def count(connection: Connection, shown: int, person: int) -> int:
    """A badge without what this person has handed to colleagues."""
    return shown if shown >= COUNTED else max(0, shown - len(handing.in_hands(connection, person)[1]))


def _stand_ins(capacities: Sequence[Capacity], names: dict[int, str]) -> dict[str, str]:
    """Holders of duties that are somebody else's, with whose; one's own come first."""
    own = {holder for each in capacities if each.principal is None for holder in (each.holder, each.role)}
    return {
        holder: names[each.deputy]
        for each in reversed(capacities)
        if each.deputy in names
        for holder in (each.holder, each.role)
        if holder not in own
    }


def _without(rows: Iterable[QueueRow], *ids: Collection[int]) -> list[QueueRow]:
    return [row for row in rows if not any(row.duty in each for each in ids)]


def _rows(connection: Connection, definitions: Definitions, ids: Collection[int], today: date) -> tuple[QueueRow, ...]:
    duty = schema.duty
    found = connection.execute(select(duty).where(duty.c.id.in_(sorted(ids))).order_by(duty.c.due_on, duty.c.id))
    return queue_rows(connection, definitions, found.all(), today) if ids else ()
