"""Where money is reserved: ``write`` is the only function that changes a pot-year.

Which entries an effect makes is worked out in ``effects``; the database itself guards that what is bound is there.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import Holding
from workflow.money.effects import BUCKETS, OPEN_BUCKETS, Entry, PotYearState, hold, move
from workflow.storage import schema
from workflow.storage.statements import Batch, Statement

_P, _Y, _H = schema.pot.c, schema.pot_year.c, schema.holding.c

_F = schema.funding.c
_PAYS = (  # what the revision names, and what is still held of a pot that it no longer names
    select(_Y.id)
    .join_from(schema.funding, schema.pot_year, (_F.pot_id == _Y.pot_id) & (_F.year == _Y.year))
    .where(_F.proposal_id == bindparam("proposal_id"), _F.revision == bindparam("revision"))
    .union(
        select(_H.pot_year_id).where(
            _H.proposal_id == bindparam("proposal_id"), _H.reserved_ore + _H.committed_ore + _H.ordered_ore > 0
        )
    )
)
_POTS = (
    select(
        _Y.id,
        _Y.pot_id,
        _P.code,
        _P.kind,
        _P.title,
        _Y.year,
        _Y.decided,
        _Y.closed_on,
        *(_Y[f"{bucket}_ore"] for bucket in BUCKETS),
    )
    .join_from(schema.pot_year, schema.pot)
    .where(_Y.id.in_(_PAYS))
    .order_by(_Y.id)
)
_NAMED = (
    select(*_POTS.selected_columns).join_from(schema.pot_year, schema.pot).where(_Y.id == bindparam("pot_year"))
).with_for_update(of=schema.pot_year)
LOCK_POT = Statement("lock pot", _NAMED)
LOCK_POTS = Statement("lock pots", _POTS.with_for_update(of=schema.pot_year))
LOOK_AT_POTS = Statement("look at pots", _POTS)

# The guard of every decision, said in the database: what is bound must be there, unless the caller books a fact.
_CHANGE = Statement(
    "change pot-year",
    update(schema.pot_year)
    .where(
        _Y.id == bindparam("pot_year"),
        _Y.available_ore + bindparam("d_available") >= 0,
        (bindparam("binds") == 0) | ((_Y.overrun_ore == 0) & (_Y.decided == 1) & _Y.closed_on.is_(None)),
    )
    .values({f"{bucket}_ore": _Y[f"{bucket}_ore"] + bindparam(f"d_{bucket}") for bucket in BUCKETS}),
    guarded=True,
)
_ENTRY_COLUMNS = [column.name for column in schema.ledger_entry.c]
_ENTRY = Statement("ledger entry", schema.ledger_entry.insert(), columns=_ENTRY_COLUMNS)
_hold = upsert(schema.holding)
_HOLD = Statement(
    "holding",
    _hold.on_conflict_do_update(
        index_elements=["proposal_id", "binding", "funding", "pot_year_id"],
        set_={name: _hold.excluded[name] for name in ("reserved_ore", "committed_ore", "ordered_ore", "spent_ore")},
    ),
    columns=[column.name for column in schema.holding.c],
)


def read_pots(
    connection: Connection, proposal_id: int, revision: int, *, lock: bool = True
) -> tuple[PotYearState, ...]:
    """The pot-years that a revision names or the proposal still holds of, locked in id order where rows are locked."""
    seen: dict[int, PotYearState] = {}
    for row in (LOCK_POTS if lock else LOOK_AT_POTS).rows(connection, proposal_id=proposal_id, revision=revision):
        seen[row[0]] = pot_year_of(row)
    return tuple(seen.values())


def pots_of(connection: Connection, entries: Sequence[Entry]) -> tuple[PotYearState, ...]:
    """The pot-years that entries move, locked in id order."""
    named = sorted({each.pot_year for each in entries})
    return tuple(pot_year_of(row) for each in named for row in LOCK_POT.rows(connection, pot_year=each))


def pot_year_of(row: Sequence[object]) -> PotYearState:
    """From id, pot, code, kind, title, year, decided, closed_on and the seven buckets."""
    year_id, pot, code, kind, title, year, decided, closed, *amounts = row
    balance = {bucket: _whole(amount) for bucket, amount in zip(BUCKETS, amounts, strict=True)}
    return PotYearState(
        _whole(year_id),
        _whole(pot),
        str(code),
        str(kind),
        str(title),
        _whole(year),
        bool(decided),
        bool(closed),
        balance,
    )


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def write(
    batch: Batch,
    entries: Sequence[Entry],
    *,
    stream: str,
    seq: int,
    proposal_id: int | None,
    holdings: Sequence[Holding],
) -> None:
    """Adds the entries, one change for each pot-year (in id order) and what each funding row then holds.

    The only place that changes a pot-year. Raises Contested from the batch when a pot cannot carry a decision.
    """
    changes: dict[int, dict[str, int]] = {}
    binding = set()
    for n, each in enumerate(entries, 1):
        move(changes.setdefault(each.pot_year, dict.fromkeys(BUCKETS, 0)), each)
        if each.from_ == "available" and each.to in OPEN_BUCKETS:
            binding.add(each.pot_year)
        batch.add(_ENTRY, **dict(zip(_ENTRY_COLUMNS, (stream, seq, *each.stored(n)), strict=True)))
    for pot_year in sorted(changes):
        # A grant in the same decision makes the pot-year decided; only yearly pots are guarded by that mark.
        deltas = {f"d_{bucket}": ore for bucket, ore in changes[pot_year].items()}
        batch.add(_CHANGE, pot_year=pot_year, binds=int(pot_year in binding), **deltas)
    if proposal_id is not None:
        _write_holdings(batch, entries, proposal_id, holdings)


def _write_holdings(batch: Batch, entries: Sequence[Entry], proposal_id: int, holdings: Sequence[Holding]) -> None:
    for held in hold(entries, holdings):
        batch.add(
            _HOLD,
            proposal_id=proposal_id,
            binding=held.binding,
            funding=held.funding,
            pot_year_id=held.pot_year,
            reserved_ore=int(held.reserved),
            committed_ore=int(held.committed),
            ordered_ore=int(held.ordered),
            spent_ore=int(held.spent),
        )
