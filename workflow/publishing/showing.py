"""Avpublicera, and what else is shown when: a proposal is taken out of sight at once and shown again, an event is told
to everybody in other words than its own, a decision's words wait until an officer publishes them, several at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from states import RefusalKind
from workflow.privacy import public_text
from workflow.privacy.public_text import HIDE, UNTOUCHED
from workflow.privacy.public_words import IN_OTHER_WORDS, public_words
from workflow.proposals.finding import body_titles, local
from workflow.publishing import acting_on_words
from workflow.publishing.acting_on_words import Act, Why
from workflow.publishing.views_publishing import HeldDecision, Unpublished
from workflow.records.loading import Loaded
from workflow.records.refused import Refused
from workflow.searching import indexing
from workflow.storage import schema
from workflow.storage.database import Database
from workflow.storage.statements import Batch, Statement

UNPUBLISHED, REPUBLISHED, WORDED, HELD, PUBLISHED = (
    "unpublished", "republished", "worded", "decision_held", "decision_published",
)  # fmt: skip
WAITING_SHOWN = 100

_F, _H, _W, _E = schema.public_face.c, schema.held_decision.c, schema.public_wording.c, schema.event.c
_new_wording = upsert(schema.public_wording)
_WORDING = Statement(
    "public wording",
    _new_wording.on_conflict_do_update(
        index_elements=["stream", "about", "field"], set_={"seq": _new_wording.excluded.seq}
    ),
    columns=["stream", "about", "field", "seq"],
)
_new_hold = upsert(schema.held_decision)
_HOLD = Statement(
    "hold decision",
    _new_hold.on_conflict_do_update(
        index_elements=["stream", "about"],
        set_={"held_seq": _new_hold.excluded.held_seq, "published_seq": _new_hold.excluded.published_seq},
    ),
    columns=["stream", "about", "held_seq", "published_seq"],
)
_PUBLISH = Statement(
    "publish decision",
    update(schema.held_decision)
    .where(_H.stream == bindparam("of_stream"), _H.about == bindparam("of_about"), _H.published_seq.is_(None))
    .values(published_seq=bindparam("by_seq")),
    guarded=True,
)


def hide(
    connection: Connection, number: str, why: Why, *, again: bool, by: int, key: str, at: datetime
) -> str:  # fmt: skip
    """Takes a proposal out of everybody's sight, or with ``again`` shows it again. Officials and its sender see it all
    the time. Raises Refused as :func:`acting_on_words.do`; NOT_HERE where it stands so already."""

    def judge(proposal: Loaded) -> Act:
        stands = connection.execute(select(_F.hidden_seq).where(_F.proposal_id == proposal.id)).scalar()
        if (stands is None) == again:
            raise Refused.because(RefusalKind.NOT_HERE, what="shown" if again else "unpublished", number=number)

        def beside(batch: Batch, proposal: Loaded, seq: int) -> None:
            batch.add(HIDE, proposal_id=proposal.id, **UNTOUCHED, hidden_seq=None if again else seq)

        return Act(REPUBLISHED if again else UNPUBLISHED, {}, {}, beside)

    asked = {"hide": [number, again]}
    answer = acting_on_words.do(connection, number, asked, why, judge, by=by, key=key, at=at)
    proposal = int(
        connection.execute(select(schema.proposal.c.id).where(schema.proposal.c.number == number)).scalar_one()
    )
    if again:
        indexing.index(connection, proposal)
    else:
        indexing.forget(connection, proposal)
    return answer


def word(
    connection: Connection, number: str, about: int, field: str, text: str, why: Why, *, by: int, key: str, at: datetime
) -> str:  # fmt: skip
    """Tells everybody one text of an event in other words; officials read both. Raises Refused as
    :func:`acting_on_words.do`; NOT_FOUND where the event has no such text, FIELD_MISSING without words,
    FIELD_INVALID where everybody reads those words already."""

    def judge(proposal: Loaded) -> Act:
        now = _public_now(connection, proposal.number, about, field)
        if now is None:
            raise Refused.because(RefusalKind.NOT_FOUND, what="text", number=number)
        if not text.strip():
            raise Refused.because(RefusalKind.FIELD_MISSING, field="text")
        if text.strip() == now.strip():
            raise Refused.because(RefusalKind.FIELD_INVALID, field="same_words")

        def beside(batch: Batch, proposal: Loaded, seq: int) -> None:
            batch.add(_WORDING, stream=proposal.number, about=about, field=field, seq=seq)

        return Act(WORDED, {"about": about, "field": field}, {"public_words": text.strip()}, beside)

    asked = {"word": [number, about, field, text]}
    return acting_on_words.do(connection, number, asked, why, judge, by=by, key=key, at=at)


def _public_now(connection: Connection, stream: str, about: int, field: str) -> str | None:
    """One text of an event as everybody reads it, or will when it is published; None where there is no such text."""
    passage, person = schema.passage.c, schema.person.c
    query = (
        select(passage.content, person.kind)
        .join_from(schema.passage, schema.event, (_E.stream == passage.stream) & (_E.seq == passage.seq))
        .outerjoin(schema.person, person.ref == _E.actor)
        .where(passage.stream == stream, passage.seq == about, passage.field == field)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    shown = replace(public_words(connection, stream), held=frozenset())
    return shown.of(about, {field: row.content}, by_proposer=row.kind in (None, "proposer"))[field]


def hold(connection: Connection, number: str, about: int, why: Why, *, by: int, key: str, at: datetime) -> str:
    """Lets a decision's words wait. Raises Refused as :func:`acting_on_words.do`; NOT_FOUND for no such decision,
    NOT_HERE where they wait already."""

    def judge(proposal: Loaded) -> Act:
        decision = schema.decision.c
        known = select(decision.seq).where(decision.stream == proposal.number, decision.seq == about)
        if connection.execute(known).first() is None:
            raise Refused.because(RefusalKind.NOT_FOUND, what="decision", number=number)
        if _waits(connection, proposal.number, about):
            raise Refused.because(RefusalKind.NOT_HERE, what="held", number=number)

        def beside(batch: Batch, proposal: Loaded, seq: int) -> None:
            batch.add(_HOLD, stream=proposal.number, about=about, held_seq=seq, published_seq=None)

        return Act(HELD, {"about": about}, {}, beside)

    return acting_on_words.do(connection, number, {"hold": [number, about]}, why, judge, by=by, key=key, at=at)


def publish(
    database: Database, chosen: Sequence[tuple[str, int]], why: Why, *, by: int, key: str, at: datetime
) -> tuple[str, ...]:
    """Publishes the words of several decisions, each a transaction and an event of its own; returns the numbers whose
    words were published. One that was published meanwhile is left out. Raises Refused for everything else."""
    done = []
    for number, about in chosen:
        try:
            database.retrying(
                lambda connection, number=number, about=about: _publish(  # type: ignore[misc]
                    connection, number, about, why, by=by, key=f"{key} {number} {about}", at=at
                )
            )
        except Refused as refused:
            if refused.first.kind is not RefusalKind.NOT_HERE:
                raise
        else:
            done.append(number)
    return tuple(done)


def _publish(connection: Connection, number: str, about: int, why: Why, *, by: int, key: str, at: datetime) -> str:
    def judge(proposal: Loaded) -> Act:
        if not _waits(connection, proposal.number, about):
            raise Refused.because(RefusalKind.NOT_HERE, what="published", number=number)

        def beside(batch: Batch, proposal: Loaded, seq: int) -> None:
            batch.add(_PUBLISH, of_stream=proposal.number, of_about=about, by_seq=seq)

        return Act(PUBLISHED, {"about": about}, {}, beside)

    return acting_on_words.do(connection, number, {"publish": [number, about]}, why, judge, by=by, key=key, at=at)


def _waits(connection: Connection, number: str, about: int) -> bool:
    query = select(_H.about).where(_H.stream == number, _H.about == about, _H.published_seq.is_(None))
    return connection.execute(query).first() is not None


def held_count(connection: Connection) -> int:
    """How many decisions wait; 100 means more than 99."""
    few = select(_H.about).where(_H.published_seq.is_(None)).limit(WAITING_SHOWN).subquery()
    return int(connection.execute(select(func.count()).select_from(few)).scalar_one())


def held(connection: Connection, number: str = "") -> tuple[HeldDecision, ...]:
    """The decisions whose words wait, of one proposal or of all, the oldest decision first."""
    decision, revision, proposal = schema.decision.c, schema.revision.c, schema.proposal.c
    written, other = schema.passage.alias("written"), schema.passage.alias("other")
    words = (written.c.stream == _H.stream) & (written.c.seq == _H.about) & (written.c.field == "wording")
    instead = (_W.stream == _H.stream) & (_W.about == _H.about) & (_W.field == "wording")
    given = (other.c.stream == _W.stream) & (other.c.seq == _W.seq) & (other.c.field == IN_OTHER_WORDS)
    query = (
        select(
            _H.stream, _H.about, decision.instance, decision.decided_on, _E.recorded_at,
            func.coalesce(revision.title, "").label("title"), func.coalesce(written.c.content, "").label("written"),
            func.coalesce(other.c.content, written.c.content, "").label("public"),
        )
        .select_from(
            schema.held_decision.join(schema.decision, (decision.stream == _H.stream) & (decision.seq == _H.about))
            .join(schema.event, (_E.stream == _H.stream) & (_E.seq == _H.held_seq))
            .join(schema.proposal, proposal.number == _H.stream)
            .join(schema.revision, (revision.proposal_id == proposal.id) & (revision.n == proposal.revision))
            .outerjoin(written, words).outerjoin(schema.public_wording, instead).outerjoin(other, given)
        )
        .where(_H.published_seq.is_(None), *((_H.stream == number,) if number else ()))
        .order_by(decision.decided_on, _H.stream)
        .limit(WAITING_SHOWN)
    )  # fmt: skip
    titles = body_titles(connection)
    return tuple(
        HeldDecision(
            row.stream, row.about, row.title, titles.get(row.instance, row.instance),
            date.fromisoformat(row.decided_on), local(row.recorded_at), row.written, row.public,
        )
        for row in connection.execute(query)
    )  # fmt: skip


def unpublished(connection: Connection) -> tuple[Unpublished, ...]:
    """What is out of everybody's sight, the latest first."""
    proposal, revision = schema.proposal.c, schema.revision.c
    latest = (revision.proposal_id == proposal.id) & (revision.n == proposal.revision)
    query = (
        select(proposal.number, public_text.TITLE.label("title"), _E.recorded_at)
        .select_from(
            schema.public_face.join(schema.proposal, _F.proposal_id == proposal.id).join(schema.revision, latest)
            .join(schema.event, (_E.stream == proposal.number) & (_E.seq == _F.hidden_seq))
        )
        .order_by(_E.recorded_at.desc(), proposal.number)
        .limit(WAITING_SHOWN)
    )  # fmt: skip
    return tuple(Unpublished(row.number, row.title, local(row.recorded_at)) for row in connection.execute(query))
