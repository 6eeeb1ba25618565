"""What each pot holds and why: pot-years with the decision they rest on, and the ledger entries behind a figure.
Changes nothing; that is the ledger's."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from workflow.money import ledger
from workflow.money.effects import BUCKETS, PotYearState
from workflow.money.views_money import Entry, PotYear
from workflow.privacy import public_text
from workflow.proposals.finding import AnyRow, AnySelect, body_titles, date_of, event_title, facts_of
from workflow.storage import schema

PotKind = Literal["investment", "operating", "appropriation", "outside"]
EntryKind = Literal["budget", "reserve", "commit", "order", "spend", "release", "cover", "correct", "carry"]
KINDS: tuple[PotKind, ...] = ("investment", "operating", "appropriation", "outside")
# What the ledger tells apart and the pages do not.
_SHOWN_AS = {"cut": "budget", "raise": "commit", "credit": "spend"}
_SOURCES = ("budget", "overrun")

_P, _Y, _E = schema.pot.c, schema.pot_year.c, schema.ledger_entry.c


class PotChoice(NamedTuple):
    """A pot that a funding row may name, with the budget years that are not closed."""

    code: str
    title: str
    kind: str
    years: tuple[int, ...]


class EntryKey(NamedTuple):
    """Where a ledger entry stands: the stream and place of its event, and which one of the event's it is."""

    stream: str
    seq: int
    n: int


def pots(connection: Connection, year: int | None = None) -> tuple[PotYear, ...]:
    """Every pot of a budget year, or of all years: the yearly pots first, each kind by title."""
    return pot_years_where(connection, _Y.year == year if year is not None else _Y.id.is_not(None))


def pot_years(connection: Connection) -> tuple[int, ...]:
    """The budget years that any pot has, oldest first."""
    return tuple(connection.execute(select(_Y.year).distinct().order_by(_Y.year)).scalars())


def pot_choices(connection: Connection, proposal: str | None = None) -> tuple[PotChoice, ...]:
    """What may pay: every yearly pot, and the appropriations and financiers of this very proposal."""
    of_number = select(schema.proposal.c.id).where(schema.proposal.c.number == proposal).scalar_subquery()
    query = (
        select(_P.code, _P.title, _P.kind, _Y.year)
        .join_from(schema.pot, schema.pot_year)
        .where(_Y.closed_on.is_(None), or_(_P.proposal_id.is_(None), _P.proposal_id == of_number))
        .order_by(_Y.year)
    )
    years: dict[tuple[str, str, str], list[int]] = {}
    for row in connection.execute(query):
        years.setdefault((row.code, row.title, row.kind), []).append(row.year)
    found = [PotChoice(*pot, tuple(each)) for pot, each in years.items()]
    return tuple(sorted(found, key=lambda pot: (KINDS.index(_kind(pot.kind)), pot.title)))


def pot_year_view(state: PotYearState, decision: str | None = None, proposal: str | None = None) -> PotYear:
    """A pot-year as shown, also one as it would stand: ``pot_year_view(state.after(entries))``."""
    return PotYear(
        pot=state.code, title=state.title, kind=_kind(state.kind), year=state.year, decided=state.decided,
        **state.balance, closed=state.closed, decision=decision, proposal=proposal,
    )  # fmt: skip


def overruns(connection: Connection) -> tuple[PotYear, ...]:
    """Överskridande: åtgärd krävs."""
    return pot_years_where(connection, _Y.overrun_ore > 0)


def paying(connection: Connection, proposal_id: int, revision: int) -> tuple[PotYear, ...]:
    """What pays a revision. A year without a budget yet is shown as not decided, and empty."""
    funding = schema.funding.c
    query = (
        select(_P.id, _P.code, _P.kind, _P.title, funding.year)
        .join_from(schema.funding, schema.pot)
        .where(funding.proposal_id == proposal_id, funding.revision == revision)
        .distinct()
    )
    named = {(row.code, row.year): row for row in connection.execute(query)}
    if not named:
        return ()
    wanted = or_(*(and_(_Y.pot_id == row.id, _Y.year == row.year) for row in named.values()))
    found = {(each.pot, each.year): each for each in pot_years_where(connection, wanted)}
    return _in_order(found.get(key) or pot_year_view(_undecided(row)) for key, row in named.items())


def pot_years_where(connection: Connection, which: ColumnElement[bool]) -> tuple[PotYear, ...]:
    query = _pot_year_query().where(which)
    rows = connection.execute(query).all()
    decisions = _decisions(connection, rows)
    found = []
    for row in rows:
        *stored, number = row
        state = ledger.pot_year_of(stored)
        found.append(pot_year_view(state, decisions.get(state.id), number))
    return _in_order(found)


def _pot_year_query() -> AnySelect:
    """In the order that ``ledger.pot_year_of`` reads, then the number of the proposal whose own pot it is."""
    amounts = (_Y[f"{bucket}_ore"] for bucket in BUCKETS)
    columns = (_Y.id, _Y.pot_id, _P.code, _P.kind, _P.title, _Y.year, _Y.decided, _Y.closed_on, *amounts)
    joined = schema.pot_year.join(schema.pot).outerjoin(schema.proposal, schema.proposal.c.id == _P.proposal_id)
    return select(*columns, schema.proposal.c.number).select_from(joined)


def _in_order(found: Iterable[PotYear]) -> tuple[PotYear, ...]:
    return tuple(sorted(found, key=lambda each: (KINDS.index(each.kind), each.title, each.pot, each.year)))


def _kind(stored: str) -> PotKind:
    if stored not in KINDS:
        raise ValueError(f"{stored!r} is no kind of pot")
    return stored


def _undecided(row: AnyRow) -> PotYearState:
    nothing = dict.fromkeys(BUCKETS, 0)
    return PotYearState(0, row.id, row.code, row.kind, row.title, row.year, False, False, nothing)


# --- the decision that a pot rests on ----------------------------------------------------------------------------


def _decisions(connection: Connection, rows: Sequence[AnyRow]) -> dict[int, str]:
    """The latest decision about each pot-year's budget, by its id: "KF § 61 2025-06-17"."""
    streams = {row.number or f"pot/{row.code}/{row.year}" for row in rows}
    decision = schema.decision.c
    query = (
        select(_E.pot_year_id, decision.instance, decision.paragraph, decision.delegation_point, decision.decided_on)
        .join_from(schema.decision, schema.ledger_entry, (_E.stream == decision.stream) & (_E.seq == decision.seq))
        .where(decision.stream.in_(sorted(streams)), _E.kind.in_(("budget", "cut")))
        .order_by(decision.decided_on, decision.stream, decision.seq)
    )
    titles = body_titles(connection)
    found = connection.execute(query)
    return {row.pot_year_id: decision_text(row, titles.get(row.instance, row.instance)) for row in found}


def decision_text(decision: AnyRow, title: str) -> str:
    """Whose, which paragraph or delegation point, and when. A body is cited by its code, as officials do: KS, KF."""
    code = str(decision.instance)
    delegated = "Delegationsbeslut" if title == code else title
    short = code.upper() if len(code) <= 3 else delegated
    paragraph = decision.paragraph and f"§ {decision.paragraph.lstrip('§ ')}"
    return " ".join(part for part in (short, paragraph or decision.delegation_point, decision.decided_on) if part)


# --- the entries behind a figure ---------------------------------------------------------------------------------


def entries(
    connection: Connection, pot: str, year: int, bucket: str | None = None, *, names_suppliers: bool = False
) -> tuple[Entry, ...]:
    """The entries of a pot-year, newest first; with a bucket those that move it, signed as they do.

    Suppliers may be private persons, so that only officials are told who they are.
    """
    which = (_P.code == pot) & (_Y.year == year)
    if bucket is not None:
        which &= (_E.from_bucket == bucket) | (_E.to_bucket == bucket)
    return tuple(
        entry_of(row, bucket, names_suppliers=names_suppliers)
        for row in connection.execute(entry_query().where(which).order_by(*_NEWEST_FIRST))
    )


def entries_after(
    connection: Connection, pot: str, year: int, after: EntryKey | None, limit: int
) -> tuple[tuple[EntryKey, Entry], ...]:
    """A page of a pot-year's entries in the order of their keys, which never changes, each with its key."""
    query = entry_query().where(_P.code == pot, _Y.year == year).order_by(_E.stream, _E.seq, _E.n).limit(limit)
    if after is not None:
        query = query.where(tuple_(_E.stream, _E.seq, _E.n) > tuple_(*after))
    return tuple((EntryKey(row.stream, row.seq, row.n), entry_of(row)) for row in connection.execute(query))


# Where a clock went back, a stream keeps its own order: an entry is never older than those before it.
_WHEN = func.max(schema.event.c.recorded_at).over(partition_by=_E.stream, order_by=_E.seq)
_NEWEST_FIRST = (_WHEN.desc(), _E.stream, _E.seq.desc(), _E.n)


def entry_query() -> AnySelect:
    """Ledger entries with their pot, event and decision, and the proposal's title if they concern one."""
    event, decision = schema.event, schema.decision
    proposal, revision = schema.proposal, schema.revision
    same_event = (event.c.stream == _E.stream) & (event.c.seq == _E.seq)
    same_decision = (decision.c.stream == _E.stream) & (decision.c.seq == _E.seq)
    latest = (revision.c.proposal_id == proposal.c.id) & (revision.c.n == proposal.c.revision)
    return select(
        schema.ledger_entry, _P.title.label("pot_title"), event.c.recorded_at, event.c.body, decision.c.instance,
        decision.c.paragraph, decision.c.delegation_point, decision.c.decided_on, proposal.c.number,
        public_text.TITLE_FOR_ALL.label("proposal_title"), schema.body.c.title.label("body_title"),
    ).select_from(
        schema.ledger_entry.join(schema.pot_year)
        .join(schema.pot)
        .join(event, same_event)
        .outerjoin(decision, same_decision)
        .outerjoin(schema.body, schema.body.c.code == decision.c.instance)
        .outerjoin(proposal, proposal.c.number == _E.stream)
        .outerjoin(revision, latest)
        .outerjoin(schema.public_face, schema.public_face.c.proposal_id == proposal.c.id)
    )  # fmt: skip


def entry_of(row: AnyRow, bucket: str | None = None, *, names_suppliers: bool = False) -> Entry:
    """A row of :func:`entry_query`; without a bucket the amount is what moved, from one bucket to the other."""
    return Entry(
        kind=cast("EntryKind", _SHOWN_AS.get(row.kind, row.kind)),
        amount=_signed(row, bucket), from_=row.from_bucket, to=row.to_bucket,
        on=date.fromisoformat(row.accounting_on), recorded_on=date_of(row.recorded_at), year=row.year,
        pot_title=row.pot_title, proposal=row.number, proposal_title=row.proposal_title,
        supplier=row.supplier if names_suppliers else None, voucher=row.voucher if names_suppliers else None,
        why=_why(row),
    )  # fmt: skip


def _signed(row: AnyRow, bucket: str | None) -> int:
    """Money that comes from budget or overrun makes them grow; the other buckets grow by what comes to them."""
    grows = bucket is None or bucket == (row.from_bucket if bucket in _SOURCES else row.to_bucket)
    return int(row.amount_ore) if grows else -int(row.amount_ore)


def _why(row: AnyRow) -> str:
    facts = facts_of(row.body)
    if facts["kind"] == "registered" and row.instance is not None:
        return decision_text(row, row.body_title or row.instance)
    return event_title(facts, public=True)
