"""What somebody should know of though it is not theirs to answer: what waits for their bodies, what rests, what they
follow. Each is a walk of an index, a page at a time. Decides nothing."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Subquery, func, literal, select, union_all

from states import Capacity
from workflow.proposals.finding import AnyRow, AnySelect
from workflow.proposals.queue_duties import BADGE_STOPS_AT, NOTHING, Found, counted
from workflow.proposals.queue_filter import PROPOSALS, Asked, Shelf, cursor
from workflow.records.loading import NEVER
from workflow.storage import schema

_D, _P, _E, _W = schema.duty.c, schema.proposal.c, schema.event.c, schema.watch.c
LOOKED_AT = 60  # of what waits for a body, where all sections are shown
STEP = (_D.proposal_id == _P.id) & (_D.kind == "step") & _D.answered_at.is_(None)
PARKED = Shelf(_P.parked_until, _P.since, _P.id)


def bodies_of(capacities: Iterable[Capacity]) -> tuple[str, ...]:
    """Codes of the bodies that somebody sits in or works for; who audits one does not."""
    return tuple(sorted({each.body for each in capacities if each.body and each.role != "auditor"}))


def for_bodies(
    connection: Connection,
    asked: Asked,
    bodies: Sequence[str],
    holders: Sequence[str],
    after: str | None,
    limit: int,
    *,
    near: bool,
) -> Found:
    """Steps awaited from a body of mine, where somebody else registers what it comes to. ``near`` looks only at the
    nearest of what waits for each body, which a page of all sections shows."""
    if not bodies:
        return NOTHING
    at = asked.position(after)
    walks = [asked.walk(_of_body(each, holders, near=near), PROPOSALS, at, limit + 1) for each in bodies]
    return _page(connection, union_all(*(select(walk.subquery()) for walk in walks)).subquery(), limit)


def count_for_bodies(connection: Connection, bodies: Sequence[str], holders: Sequence[str]) -> int:
    """Of the nearest."""
    parts = [
        select(_of_body(each, holders, near=True).add_columns(_P.id).limit(BADGE_STOPS_AT).subquery())
        for each in bodies
    ]
    return counted(connection, union_all(*parts)) if parts else 0


def _of_body(body: str, holders: Sequence[str], *, near: bool) -> AnySelect:
    """Conditions on duties only as EXISTS: a join would let the database begin with all duties of a town."""
    others = select(_D.id).where(STEP, _D.holder.not_in(holders)).correlate(schema.proposal).exists()
    if not near:
        return select().select_from(schema.proposal).where(_P.awaits_body == body, _P.ended_at.is_(None), others)
    nearest = select(_P.id).where(_P.awaits_body == body, _P.ended_at.is_(None)).order_by(PROPOSALS.due, _P.id)
    looked = nearest.limit(LOOKED_AT).subquery()
    return select().select_from(looked.join(schema.proposal, _P.id == looked.c.id)).where(others)


def parked(
    connection: Connection, asked: Asked, ref: str, holders: Sequence[str], after: str | None, limit: int
) -> Found:
    """Proposals that rest until a day, and that I parked or whose waking is mine; the nearest day first."""
    walk = asked.walk(_parked(ref, holders), PARKED, asked.position(after), limit + 1)
    return _page(connection, walk.subquery(), limit)


def count_parked(connection: Connection, ref: str, holders: Sequence[str]) -> int:
    return counted(connection, _parked(ref, holders).add_columns(_P.id).order_by(_P.parked_until))


def _parked(ref: str, holders: Sequence[str]) -> AnySelect:
    """By whom is asked of the step that parked it, which is the one that opened its duty."""
    parked = (_E.stream == _P.number) & (_E.seq == _D.seq) & (_E.actor == ref)
    by_me = select(_E.seq).where(parked).correlate(schema.proposal, schema.duty).exists()
    mine = select(_D.id).where(STEP, _D.holder.in_(holders) | by_me).correlate(schema.proposal).exists()
    return select().select_from(schema.proposal).where(_P.parked_until.is_not(None), _P.ended_at.is_(None), mine)


def watched(connection: Connection, asked: Asked, person: int, after: str | None, limit: int) -> Found:
    """Proposals that somebody follows, ended ones among them."""
    walk = asked.walk(_watched(person), PROPOSALS, asked.position(after), limit + 1)
    return _page(connection, walk.subquery(), limit)


def count_watched(connection: Connection, person: int) -> int:
    return counted(connection, _watched(person).add_columns(_P.id))


def _watched(person: int) -> AnySelect:
    return select().select_from(schema.watch.join(schema.proposal)).where(_W.person_id == person)


def _page(connection: Connection, walk: Subquery, limit: int) -> Found:
    """The proposals of a walk as duties: their step's own, or an empty one where nothing is awaited any more."""
    query = select(walk.c.id, walk.c.sort_key).order_by(walk.c.sort_key, walk.c.id).limit(limit + 1)
    rows = connection.execute(query).all()
    shown = rows[:limit]
    duties = _steps(connection, [row.id for row in shown])
    after = cursor(shown[-1].sort_key, shown[-1].id) if len(rows) > limit else None
    return Found(tuple(duties[row.id] for row in shown if row.id in duties), after)


def _steps(connection: Connection, proposals: Sequence[int]) -> dict[int, AnyRow]:
    if not proposals:
        return {}
    duty = (
        func.coalesce(_D.id, 0).label("id"),
        literal("step").label("kind"),
        func.coalesce(_D.holder, "").label("holder"),
    )
    due = func.coalesce(_D.due_on, NEVER).label("due_on")
    query = select(_P.id.label("proposal_id"), _P.since, due, *duty)
    query = query.select_from(schema.proposal.outerjoin(schema.duty, STEP)).where(_P.id.in_(proposals))
    return {row.proposal_id: row for row in connection.execute(query.order_by(_P.id, _D.id.desc()))}
