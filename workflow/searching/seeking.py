"""The list of proposals: which are sought, a page of them at a time, and how many stand where. Shows what is public."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, literal, or_, select

from states import Process
from workflow.privacy import public_text
from workflow.proposals.finding import awaits_of, body_titles, date_of, standing_of, standing_query
from workflow.proposals.overview import Count, StageCounts
from workflow.proposals.views_overview import ListRow
from workflow.records.definitions import Definitions
from workflow.searching import meanings
from workflow.searching.meanings import Meant
from workflow.searching.views_searching import Choices, Found, Sought, Stage, Stages
from workflow.storage import schema

FEW, MANY = 1_000, 10_000  # rows of the index
YEARLY = ("investment", "operating")

_P, _W, _D = schema.proposal.c, schema.search_word.c, schema.definition.c
_POT, _FUNDING = schema.pot.c, schema.funding.c


def found(connection: Connection, definitions: Definitions, sought: Sought, after: str | None, limit: int) -> Found:
    """A page of proposals, newest first; ``after`` is the last number that was shown."""
    words, place = _meant(connection, sought)
    which = _which(connection, sought, (*words, *place))
    rows = _page(connection, definitions, which, after, limit + 1)
    return Found(
        rows[:limit],
        rows[limit - 1].number if len(rows) > limit else None,
        tuple(each.typed for each in (*words, *place) if each.instead),
        meanings.nobody_says((*words, *place)),
    )


def which(connection: Connection, sought: Sought) -> ColumnElement[bool]:
    """The proposals that are sought, for tables that take all of them."""
    words, place = _meant(connection, sought)
    return _which(connection, sought, (*words, *place))


def numbers(connection: Connection, sought: Sought, limit: int) -> tuple[str, ...]:
    """Of the proposals that are sought, newest first."""
    shown = public_text.faced(schema.proposal)
    query = select(_P.number).select_from(shown).where(which(connection, sought), public_text.IN_SIGHT)
    query = query.order_by(_P.id.desc()).limit(limit)
    return tuple(connection.execute(query).scalars())


def _meant(connection: Connection, sought: Sought) -> tuple[tuple[Meant, ...], tuple[Meant, ...]]:
    return meanings.meant_by(connection, sought.text), meanings.said_in(connection, "where", sought.place)


def _which(connection: Connection, sought: Sought, meant: Sequence[Meant]) -> ColumnElement[bool]:
    """Text in which there is no word at all leads to nothing, as a word would that nobody says."""
    if (sought.text.strip() or sought.place.strip()) and not meant:
        return false()
    held = [_P.number == each.number for each in meant if each.number is not None]
    if sought.process is not None:
        of_process = select(_D.id).where(_D.process == sought.process)
        held.append(_P.definition_id.in_(list(connection.execute(of_process).scalars())))
    if sought.state is not None:
        held.append(_P.state == sought.state)
    codes = (("criterion", sought.criterion), ("year", sought.year))
    terms = [_said(each.words) for each in meant if each.number is None]
    terms += [_said((f"{name}:{code}",)) for name, code in codes if code is not None]
    if sought.pot is not None:
        terms.append(_paid_by(connection, sought.pot))
    return and_(_P.id.is_not(None), *held, *_chosen(connection, terms))


@dataclass(frozen=True, slots=True)
class _Term:
    """What a proposal must have: the ids of all that may, whether an id is among them, whether the proposal has it."""

    ids: Select[tuple[int]]
    among: Callable[[ColumnElement[int]], ColumnElement[bool]]
    has: ColumnElement[bool]


def _said(words: Sequence[str]) -> _Term:
    gathered, asked = schema.search_word.alias().c, schema.search_word.alias().c

    def among(id_: ColumnElement[int]) -> ColumnElement[bool]:
        return exists().where(asked.word.in_(words), asked.proposal_id == id_)

    return _Term(select(gathered.proposal_id).where(gathered.word.in_(words)), among, among(_P.id))


def _paid_by(connection: Connection, pot: str) -> _Term:
    """Whether the latest revision is paid by the pot, or by any appropriation or financier of its own."""
    mine = list(connection.execute(select(_POT.id).where(or_(_POT.code == pot, _POT.kind == pot))).scalars())
    gathered, asked = schema.funding.alias().c, schema.funding.alias().c

    def among(id_: ColumnElement[int]) -> ColumnElement[bool]:
        return exists().where(asked.pot_id.in_(mine), asked.proposal_id == id_)

    latest = exists().where(_FUNDING.proposal_id == _P.id, _FUNDING.revision == _P.revision, _FUNDING.pot_id.in_(mine))
    return _Term(select(gathered.proposal_id).where(gathered.pot_id.in_(mine)), among, latest)


def _chosen(connection: Connection, terms: Sequence[_Term]) -> Iterator[ColumnElement[bool]]:
    """The rarest is gathered first where it is rare, or where another could make it so: of two common words the
    proposals that say both may be few and far between. One common word is soon met by going through the proposals."""
    counts = [_count(connection, each.ids) for each in terms]
    least = min(counts, default=0)
    if terms and (least < FEW or len(terms) > 1):
        first = terms[counts.index(least)]
        (id_,) = first.ids.selected_columns
        yield _P.id.in_(first.ids.where(*(each.among(id_) for each in terms if each is not first)))
    yield from (each.has for each in terms)


def _count(connection: Connection, ids: Select[tuple[int]]) -> int:
    """As far as it matters."""
    some = ids.with_only_columns(literal(1)).limit(MANY).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _page(
    connection: Connection, definitions: Definitions, which: ColumnElement[bool], after: str | None, limit: int
) -> tuple[ListRow, ...]:
    query = standing_query().where(which, public_text.IN_SIGHT).order_by(_P.id.desc()).limit(limit)
    if after is not None:
        query = query.where(_P.id < select(_P.id).where(_P.number == after).scalar_subquery())
    standings = [standing_of(row) for row in connection.execute(query)]
    processes = definitions.get_all(connection, (each.definition for each in standings))
    titles = body_titles(connection)
    rows = []
    for each in standings:
        process = processes[each.definition]
        state = process.at(each.node).state.title
        awaits = awaits_of(each, titles)
        rows.append(ListRow(each.number, each.title, process.title, state, awaits, each.since, each.is_example))
    return tuple(rows)


# --- what one may choose -----------------------------------------------------------------------------------------


def choices(connection: Connection, today: date) -> Choices:
    """Yearly pots, and the kinds of payer that are one proposal's own; years from the first proposal's to this."""
    yearly = select(_POT.code, _POT.title).where(_POT.kind.in_(YEARLY)).order_by(_POT.kind, _POT.title)
    first = connection.execute(select(_P.created_at).order_by(_P.id).limit(1)).scalar_one_or_none()
    since = date_of(first).year if first else today.year
    return Choices(
        tuple((row.code, row.title) for row in connection.execute(yearly)),
        tuple(range(max(today.year, since), since - 1, -1)),
    )


def stages(connection: Connection, definitions: Definitions, counts: StageCounts, now: datetime) -> tuple[Stages, ...]:
    """How many proposals of each process stand where, counted not long ago."""
    counted, at = counts.read(connection, now)
    pinned = definitions.get_all(connection, (each.definition for each in counted))
    processes = {each.id: each for each in pinned.values()} | definitions.current
    return tuple(_stages(process, counted, pinned, at) for _, process in sorted(processes.items()))


def _stages(process: Process, counts: Sequence[Count], pinned: dict[int, Process], at: datetime) -> Stages:
    """All versions of a process together, in the words of the newest that knows the state."""
    standing: Counter[str] = Counter()
    states = {}
    for each in counts:
        own = pinned[each.definition]
        if own.id == process.id:
            standing[each.state] += each.proposals
            states[each.state] = own.at(f"{each.state}@{each.origin}" if each.origin else each.state).state
    states |= {node.state.id: node.state for node in process.nodes.values()}
    place = {state: n for n, state in enumerate(process.track)}
    order = sorted(standing, key=lambda state: (place.get(state, len(place)), states[state].end, states[state].title))
    shown = tuple(
        Stage(state, states[state].title, standing[state], states[state].side, states[state].end) for state in order
    )
    return Stages(process.id, process.title, standing.total(), shown, at)
