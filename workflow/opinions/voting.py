"""A group's vote about one revision of a proposal: begun, cast, closed. The vote is a position, never a decision; it
moves nothing, and what the group comes to is written down by the officer as the vote says, see ``states.guards``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, update

from states import Ballot, Capacity, RefusalKind
from workflow.acts import acting
from workflow.acts.changing import for_change, touch
from workflow.acts.moving import DUTY
from workflow.people import people
from workflow.proposals import ballots
from workflow.records import claims
from workflow.records.announcing import announce
from workflow.records.calendar_days import local_date
from workflow.records.definitions import Definitions
from workflow.records.history import capacity_facts
from workflow.records.loading import Actor, Loaded
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Contested, Statement

Voice = Literal["for", "against", "abstain"]
VOICES: tuple[Voice, ...] = ("for", "against", "abstain")
KEEPERS = ("officer", "chair")  # who begins a vote and closes it

_D = schema.duty.c
_CAST = Statement(
    "cast vote",
    update(schema.duty)
    .where(_D.id == bindparam("of_id"), _D.version == bindparam("seen_version"))
    .values(answered_at=bindparam("at"), answer=bindparam("given"), version=_D.version + 1),
    guarded=True,
)
_CLOSE = Statement(
    "close vote",
    update(schema.duty)
    .where(_D.proposal_id == bindparam("of_id"), _D.seq == bindparam("of_seq"), _D.answered_at.is_(None))
    .values(answered_at=bindparam("at"), answer=bindparam("given")),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """One member's voice as seen at a version of the own duty, with a dissenting opinion to be noted if any."""

    duty: int
    seen_version: int
    voice: Voice
    dissent: str = ""


def begin(
    connection: Connection, definitions: Definitions, number: str, *, by: int, key: str, seen_revision: int,
    closes_on: date, at: datetime,
) -> str:  # fmt: skip
    """Asks every member of the group that is awaited, each by a duty of its own, about the revision that was seen.

    How many must be for it is frozen now. Returns the stored answer. Raises Refused: NOT_FOUND, NOT_PERMITTED,
    INTERESTED, STALE_REVISION, NOT_HERE (no group is awaited), VOTES_OFF, VOTE_OPEN (one is already going on),
    FIELD_INVALID (a day that has passed, or nobody to ask).
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = _keeper(actor, proposal)
    about = {"number": number, "begin": seen_revision, "closes_on": closes_on.isoformat()}
    before = claims.claim(connection, actor.ref, key, about, moment(at))
    if before is not None:
        return before
    if proposal.revision != seen_revision:
        raise Refused.because(RefusalKind.STALE_REVISION, seen=seen_revision, now=proposal.revision)
    title, today = _title(definitions, connection, proposal), local_date(at)
    if closes_on < today:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="closes_on")
    body, share = _votes(connection, proposal, title, today)
    voters = ballots.members(connection, body, today, proposal.id)
    if not voters:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="body")
    batch = Batch()
    facts = {
        "capacity": capacity_facts(capacity), "entries": [], "body": body, "about": proposal.revision,
        "voters": voters, "needed": ballots.needed(len(voters), share), "due_on": closes_on.isoformat(),
    }  # fmt: skip
    answer = touch(batch, proposal, actor, "vote_begun", facts, {}, at, key, title)
    for ref in voters:
        batch.add(
            DUTY, proposal_id=proposal.id, seq=proposal.seq + 1, kind=ballots.VOTE, holder=people.own_holder(ref),
            since=today.isoformat(), due_on=closes_on.isoformat(), version=1,
        )  # fmt: skip
    announce(batch, number, proposal.seq + 1, "vote_begun", map(people.own_holder, voters), at)
    batch.run(connection)
    return answer


def cast(
    connection: Connection, definitions: Definitions, number: str, given: Cast, *, by: int, key: str, at: datetime
) -> str:
    """One member's voice; may be changed while the vote goes on. Others' pages do not grow stale by it.

    Raises Refused: NOT_FOUND, NOT_PERMITTED (somebody else's, or no member any more), NOT_HERE (the vote is over, or
    the content has changed since), STALE_VERSION (of the own duty), FIELD_INVALID.
    """
    proposal, actor = for_change(connection, number, by, at)
    about = {"number": number, "duty": given.duty, "voice": given.voice, "dissent": given.dissent}
    before = claims.claim(connection, actor.ref, key, about, moment(at))
    if before is not None:
        return before
    if given.voice not in VOICES:
        raise Refused.because(RefusalKind.FIELD_INVALID, field="voice")
    title = _title(definitions, connection, proposal)
    duty = ballots.duty(connection, proposal.id, given.duty)
    if duty is None or duty.holder != people.own_holder(actor.ref):
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("administrator",), needs="member")
    begun = ballots.latest(connection, number, proposal.revision)
    going = ballots.ballot(connection, proposal.id, number, proposal.revision)
    if begun is None or going is None or begun.seq != duty.seq or not going.is_open:
        raise Refused.because(RefusalKind.NOT_HERE, transition="vote", state=title)
    own = (each for each in actor.capacities if each.body == begun.body and each.principal is None)
    capacity = next(own, None)
    if capacity is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED, ("administrator",), needs="member")
    acting.refuse_interest(actor, capacity)
    batch = Batch()
    facts = {
        "capacity": capacity_facts(capacity), "entries": [], "begun": begun.seq, "duty": duty.id, "voice": given.voice,
    }  # fmt: skip
    words = {"dissent": given.dissent.strip()} if given.dissent.strip() else {}
    answer = touch(batch, proposal, actor, "voted", facts, words, at, key, title)
    batch.add(_CAST, of_id=duty.id, seen_version=given.seen_version, at=moment(at), given=given.voice)
    try:
        batch.run(connection)
    except Contested as contested:
        if contested.name != _CAST.name:
            raise
        raise Refused.because(RefusalKind.STALE_VERSION, seen=given.seen_version, now=duty.version) from contested
    return answer


def close(connection: Connection, definitions: Definitions, number: str, *, by: int, key: str, at: datetime) -> str:
    """Ends the vote although some have said nothing; who is not heard is not for it.

    Raises Refused: NOT_FOUND, NOT_PERMITTED, NOT_HERE (no vote is going on).
    """
    proposal, actor = for_change(connection, number, by, at)
    capacity = _keeper(actor, proposal)
    before = claims.claim(connection, actor.ref, key, {"number": number, "close": True}, moment(at))
    if before is not None:
        return before
    title = _title(definitions, connection, proposal)
    begun = ballots.latest(connection, number, proposal.revision)
    going = ballots.ballot(connection, proposal.id, number, proposal.revision)
    if begun is None or going is None or not going.is_open:
        raise Refused.because(RefusalKind.NOT_HERE, transition="close_vote", state=title)
    batch = Batch()
    facts = {"capacity": capacity_facts(capacity), "entries": [], "begun": begun.seq}
    answer = touch(batch, proposal, actor, "vote_closed", facts, {}, at, key, title)
    batch.add(_CLOSE, of_id=proposal.id, of_seq=begun.seq, at=moment(at), given=ballots.UNHEARD)
    batch.run(connection)
    return answer


def may_begin(
    connection: Connection, definitions: Definitions, proposal: Loaded, actor: Actor, today: date
) -> Capacity:
    """As what; raises Refused as :func:`begin` would, but for what its form says."""
    capacity = _keeper(actor, proposal)
    _votes(connection, proposal, _title(definitions, connection, proposal), today)
    return capacity


def _votes(connection: Connection, proposal: Loaded, title: str, today: date) -> tuple[str, int]:
    """The group that is awaited and the share of it that must be for, where it votes and is not voting already.
    Raises Refused: NOT_HERE, VOTES_OFF, VOTE_OPEN."""
    body = proposal.awaited.body
    if body is None or proposal.awaited.body_kind not in people.GROUPS:
        raise Refused.because(RefusalKind.NOT_HERE, transition="begin_vote", state=title)
    share = ballots.share_of(connection, body, today)
    if share is None:
        raise Refused.because(RefusalKind.VOTES_OFF, ("administrator",), body=body)
    going = ballots.ballot(connection, proposal.id, proposal.number, proposal.revision)
    if going is not None and going.is_open:
        raise Refused.because(RefusalKind.VOTE_OPEN, ("officer",), **told(going))
    return body, share


def _keeper(actor: Actor, proposal: Loaded) -> Capacity:
    """An officer, or the chair of the group that is awaited."""
    if proposal.ended:
        raise Refused.because(RefusalKind.ENDED, number=proposal.number)
    for each in actor.capacities:
        if each.role == "officer" or (each.role == "chair" and each.body == proposal.awaited.body):
            acting.refuse_interest(actor, each)
            return each
    raise Refused.because(RefusalKind.NOT_PERMITTED, KEEPERS, needs="officer")


def keeps(actor: Actor, proposal: Loaded) -> bool:
    """Whether somebody may begin a vote about this proposal, and close it."""
    try:
        _keeper(actor, proposal)
    except Refused:
        return False
    return True


def told(ballot: Ballot) -> Mapping[str, Any]:
    """What a refusal says of a vote."""
    return {"cast": ballot.cast, "of": ballot.of, "in_favour": ballot.in_favour, "needed": ballot.needed}


def _title(definitions: Definitions, connection: Connection, proposal: Loaded) -> str:
    return definitions.get(connection, proposal.definition).at(proposal.node).state.title
