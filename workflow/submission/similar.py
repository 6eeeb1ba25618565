"""Which open proposals an idea that is being written is like: by the words of its heading and of its place, as the
index of the list holds them, other endings and a wrong letter included. Reads a bounded part of the index, however
many proposals there are; says nothing of whether two ideas are the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, union_all

from workflow.proposals.finding import standing_of, standing_query
from workflow.records.definitions import Definitions
from workflow.searching import meanings
from workflow.searching.folding import stem, typed_words
from workflow.storage import schema

MOST = 5  # shown
WORDS, PLACES = 8, 4  # of what was typed
MEANT = 8  # words of the index for each of them
NEWEST = 1000  # proposals for each of those: of a word that everybody uses, the latest
LOOKED_AT = 400
SHORTEST = 4  # letters
ENOUGH = 0.3  # of what could agree
OF_WORDS, OF_PLACE = 0.65, 0.35
_LITTLE = """
alla alltid andra annan battre behov behover behovs bland borde bygg bygga centrum dessa detta efter eller fina
finns fint fler flera fram fran galler garna gora goras hela hellre helst ifran igen inom inte inuti invid
kanske kommer kommun kring kunde langs lite mellan mera mest mindre mitt mycket nagon nagot nagra nara nere nytt
ocksa olika omkring over plats racker runt saknas samma satt satta skapa skulle staden stora stort till tills
under uppe utan utanfor varje vilja ville vore ytterligare
"""
SAYS_LITTLE = frozenset(_LITTLE.split())

_P, _W = schema.proposal.c, schema.search_word.c


@dataclass(frozen=True, slots=True)
class Similar:
    number: str
    title: str
    state: str  # title of where it stands


def similar(connection: Connection, definitions: Definitions, title: str, where: str) -> tuple[Similar, ...]:
    """The most alike first; none where nothing is."""
    placed = _telling(where)[:PLACES]
    words = _scores(connection, _beside(_telling(title), placed)[:WORDS])
    places = _scores(connection, placed, "where:")
    total = {id_: OF_WORDS * score + OF_PLACE * places[id_] for id_, score in words.items()}
    best = sorted((-score, -id_) for id_, score in total.items() if score >= ENOUGH)[:LOOKED_AT]
    return _shown(connection, definitions, [-id_ for _, id_ in best])


def _telling(text: str) -> list[str]:
    """The words that tell one idea from another; all there are where none does."""
    folded = typed_words(text)
    told = [word for word in folded if len(word) >= SHORTEST and word not in SAYS_LITTLE]
    return told or list(folded)


def _beside(words: list[str], placed: Sequence[str]) -> list[str]:
    """What a heading says besides its place, which is held against places alone; all of it where that is nothing."""
    roots = {stem(each) for each in placed}
    return [each for each in words if stem(each) not in roots] or words


def _scores(connection: Connection, words: Sequence[str], field: str = "") -> Counter[int]:
    """How much of these words each proposal says, from 0 to 1; a word that few say counts up to three times as one
    that everybody does."""
    held = [set(_saying(connection, [f"{field}{each}" for each in meant])) for meant in _meant(connection, words)]
    weights = [3 - 2 * min(len(each), NEWEST) / NEWEST for each in held]
    scores: Counter[int] = Counter()
    for ids, weight in zip(held, weights, strict=True):
        for id_ in ids:
            scores[id_] += weight / sum(weights)  # type: ignore[assignment]
    return scores


def _meant(connection: Connection, words: Sequence[str]) -> Iterable[Sequence[str]]:
    found = meanings.meant_by(connection, " ".join(words))
    return [each.words[:MEANT] or (each.typed,) for each in found if each.number is None]


def _saying(connection: Connection, words: Sequence[str]) -> Iterable[int]:
    newest = [
        select(_W.proposal_id).where(_W.word == word).order_by(_W.proposal_id.desc()).limit(NEWEST).subquery()
        for word in words
    ]
    return connection.execute(union_all(*(select(each.c.proposal_id) for each in newest))).scalars()


def _shown(connection: Connection, definitions: Definitions, ids: Sequence[int]) -> tuple[Similar, ...]:
    query = standing_query().where(_P.id.in_(ids), _P.ended_at.is_(None))
    open_ = {each.id: each for each in map(standing_of, connection.execute(query)) if not each.hidden}
    best = [open_[id_] for id_ in ids if id_ in open_][:MOST]
    processes = definitions.get_all(connection, (each.definition for each in best))
    return tuple(
        Similar(each.number, each.title, processes[each.definition].at(each.node).state.title) for each in best
    )
