"""As what somebody may act on a day: by one's own dated memberships, and as the deputy of somebody who is away.
Resolved at the moment of acting, in one read; periods include their last day. What may be done so is judged elsewhere.

A deputy has what the absent one holds that day and no more: no deputy of a deputy, nobody's sight of everything and
nobody's administration. What an employee holds passes to an employee only (KL 7:5), a seat that was elected to nobody:
its substitutes are elected too (KL 6:37)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Text, and_, bindparam, literal, null, or_, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from states import Capacity
from workflow.storage.columns import read_date
from workflow.storage.schema import body, deputy, interest, membership, person, request
from workflow.storage.statements import Statement

CLOCK = "clock"  # reference, and the one capacity, of the actor that fires by time
MIXED = ("working_group", "forum")  # a member of one acts as such, whatever the role in it
AUDITOR = "auditor"
NOT_PASSED_ON = (AUDITOR, "administrator")
EMPLOYED, ELECTED = "municipality", "elected"
OWN, DEPUTISED, INTEREST = 0, 1, 2  # the parts of what is read

_M, _B, _P, _R, _D, _I = membership.c, body.c, person.c, request.c, deputy.c, interest.c


class Actor(NamedTuple):
    """A person with the capacities held today."""

    id: int
    ref: str
    capacities: tuple[Capacity, ...]
    claimed: tuple[str, str] | None = None  # digest and answer of what this key was used for before
    interest: date | None = None  # since when the person takes no part in the proposal asked about


def in_force(today: ColumnElement[Any]) -> ColumnElement[bool]:
    """Of a membership in a body that stands that day."""
    return and_(
        _M.from_on <= today,
        or_(_M.to_on.is_(None), _M.to_on >= today),
        or_(_B.ended_on.is_(None), _B.ended_on >= today),
    )


def stands_in(today: ColumnElement[Any]) -> ColumnElement[bool]:
    """Of a deputy named for that day, whose principal has not come back before."""
    return and_(_D.from_on <= today, _D.to_on >= today, _D.ended_at.is_(None))


def _held(part: int, ref: Any, deputy_id: Any, digest: Any, answer: Any) -> tuple[Any, ...]:
    return literal(part), ref, _M.id, _M.role, _B.code, _B.kind, _M.category, deputy_id, digest, answer


_TODAY: ColumnElement[Any] = bindparam("today", type_=Text())
_NOTHING, _NOBODY = null().cast(Text()), null().cast(Integer())
_PERSON = bindparam("person_id", type_=Integer())
_OWN = (
    select(*_held(OWN, _P.ref, _NOBODY, _R.digest, _R.answer))
    .select_from(
        person.outerjoin(
            membership.join(body, _B.id == _M.body_id), and_(_M.person_id == _P.id, in_force(_TODAY))
        ).outerjoin(request, and_(_R.actor == _P.ref, _R.key == bindparam("key")))
    )
    .where(_P.id == _PERSON)
)
_FOR_OTHERS = (
    select(*_held(DEPUTISED, _P.ref, _D.id, _NOTHING, _NOTHING))
    .select_from(deputy.join(person, _P.id == _D.principal_id))
    .join(membership, _M.person_id == _D.principal_id)
    .join(body, _B.id == _M.body_id)
    .where(_D.deputy_id == _PERSON, stands_in(_TODAY), in_force(_TODAY))
)
_INTERESTS = select(
    literal(INTEREST), _I.declared_on, _NOBODY, *[_NOTHING] * 4, _NOBODY, _NOTHING, _NOTHING
).where(
    _I.person_id == _PERSON,
    _I.proposal_id == bindparam("proposal_id", type_=Integer()),
    _I.withdrawn_seq.is_(None),
)  # fmt: skip
WHO = Statement("who acts", union_all(_OWN, _FOR_OTHERS, _INTERESTS))


def find(
    connection: Connection, person_id: int, today: date, *, proposal_id: int = 0, sent_it: bool = False, key: str = ""
) -> Actor | None:
    """Who asks, with the capacities of that day, one's own first; None for nobody we know. ``proposal_id`` is what the
    question is about, 0 for none in particular; ``sent_it`` says that the person handed that proposal in."""
    rows = WHO.rows(connection, person_id=person_id, proposal_id=proposal_id, today=today.isoformat(), key=key)
    mine = [row for row in rows if row[0] == OWN]
    if not mine:
        return None
    _, ref, *_, digest, answer = mine[0]
    held = [*_capacities(mine), *_in_place_of(mine, rows)]
    if any(each.role == AUDITOR for each in held):  # sees everything and changes nothing, whatever else is held
        held = [each for each in held if each.role == AUDITOR]
    if ref == CLOCK:
        held.append(Capacity(CLOCK))
    if sent_it:
        held.append(Capacity("proposer"))
    since = min((row[1] for row in rows if row[0] == INTEREST), default=None)
    claimed = None if digest is None else (digest, answer)
    return Actor(person_id, ref, tuple(dict.fromkeys(held)), claimed, read_date(since))


def _capacities(rows: Sequence[Any]) -> list[Capacity]:
    """Of one's own memberships, in the order in which they were given."""
    held = []
    for _, _, member, role, code, kind, *_ in sorted(rows, key=lambda row: row[2] or 0):
        if member is not None:
            held += [Capacity(each, code, kind, member) for each in (role, *_of_group(kind))]
    return held


def _in_place_of(mine: Sequence[Any], rows: Sequence[Any]) -> list[Capacity]:
    """Of those who are away: who has no seat of one's own that day is nobody's deputy."""
    seats = {row[6] for row in mine if row[2] is not None}
    held = []
    for part, ref, member, role, code, kind, category, deputy_id, *_ in sorted(rows, key=lambda row: row[2] or 0):
        if part == DEPUTISED and sits(seats) and passes_on(role, category, by_employee=EMPLOYED in seats):
            held += [Capacity(each, code, kind, member, ref, deputy_id) for each in (role, *_of_group(kind))]
    return held


def sits(seats: Collection[str]) -> bool:
    """Whether somebody holds anything of their own: a deputy is a colleague."""
    return bool(seats)


def passes_on(role: str, category: str, *, by_employee: bool) -> bool:
    """Whether a membership passes to a deputy who is, or is not, employed by the municipality."""
    if role in NOT_PASSED_ON or category == ELECTED:
        return False
    return by_employee or category != EMPLOYED


def _of_group(kind: str) -> tuple[str, ...]:
    return (kind,) if kind in MIXED else ()
