"""How a vote stands: who was asked, who has answered, how many must be for it. Read from the event that began it and
from the members' duties; begins and casts nothing."""

import json
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from states import Ballot
from workflow.people.people import BASIS_POINTS
from workflow.storage import schema
from workflow.storage.statements import Statement

VOTE = "vote"  # the kind of a member's duty
UNHEARD = "closed"  # what stands in place of an answer when the vote was closed first

_D, _E, _M, _B, _P = schema.duty.c, schema.event.c, schema.membership.c, schema.body.c, schema.person.c
_LATEST = Statement(
    "latest vote",
    select(_E.seq, _E.body)
    .where(_E.stream == bindparam("stream"), (_E.kind == "vote_begun") | (_E.kind == "moved"))
    .order_by(_E.seq.desc())
    .limit(1),
)
_VOICES = Statement(
    "voices",
    select(_D.answered_at, _D.answer).where(
        _D.proposal_id == bindparam("of_proposal"), _D.seq == bindparam("of_seq"), _D.kind == VOTE
    ),
)
_DUTY = Statement(
    "vote duty",
    select(_D.id, _D.seq, _D.holder, _D.version, _D.answer).where(
        _D.id == bindparam("of_id"), _D.proposal_id == bindparam("of_proposal"), _D.kind == VOTE
    ),
)


class Begun(NamedTuple):
    """A vote since the proposal came where it stands."""

    seq: int
    body: str
    about: int  # the revision
    needed: int
    closes_on: date


class VoteDuty(NamedTuple):
    id: int
    seq: int
    holder: str
    version: int
    answer: str | None


def latest(connection: Connection, number: str, revision: int) -> Begun | None:
    """The vote that was begun in this step about this very revision; a changed revision voids it, a step ends it."""
    found = _LATEST.rows(connection, stream=number)
    if not found:
        return None
    seq, stored = found[0]
    facts = json.loads(stored)
    if facts["kind"] != "vote_begun" or facts["about"] != revision:
        return None
    return Begun(seq, facts["body"], facts["about"], facts["needed"], date.fromisoformat(facts["due_on"]))


def ballot(connection: Connection, proposal_id: int, number: str, revision: int) -> Ballot | None:
    """How the vote about this revision stands; None where there is none."""
    begun = latest(connection, number, revision)
    if begun is None:
        return None
    voices = _VOICES.rows(connection, of_proposal=proposal_id, of_seq=begun.seq)
    said = [answer for _, answer in voices]
    return Ballot(
        of=len(voices), cast=sum(each in ("for", "against", "abstain") for each in said), in_favour=said.count("for"),
        needed=begun.needed, is_open=any(answered_at is None for answered_at, _ in voices),
    )  # fmt: skip


def duty(connection: Connection, proposal_id: int, duty_id: int) -> VoteDuty | None:
    found = _DUTY.rows(connection, of_proposal=proposal_id, of_id=duty_id)
    return VoteDuty(*found[0]) if found else None


def own(connection: Connection, proposal_id: int, seq: int, holder: str) -> VoteDuty | None:
    """The duty of one member in the vote begun by this event."""
    query = select(_D.id, _D.seq, _D.holder, _D.version, _D.answer).where(
        _D.proposal_id == proposal_id, _D.seq == seq, _D.kind == VOTE, _D.holder == holder
    )
    row = connection.execute(query).one_or_none()
    return VoteDuty(*row) if row else None


def dissents(connection: Connection, number: str, begun: int) -> tuple[str, ...]:
    """What members who disagree want noted: of each the latest, in the order in which they voted."""
    passage = schema.passage.c
    query = (
        select(_E.actor, passage.content)
        .select_from(
            schema.event.outerjoin(
                schema.passage,
                (passage.stream == _E.stream) & (passage.seq == _E.seq) & (passage.field == "dissent"),
            )
        )
        .where(_E.stream == number, _E.kind == "voted", _E.seq > begun)
        .order_by(_E.seq)
    )
    latest_of: dict[str, str | None] = {}
    for actor, content in connection.execute(query):
        latest_of[actor] = content
    return tuple(content for content in latest_of.values() if content)


def needed(voters: int, share: int) -> int:
    """More than ``share`` basis points of those who were asked."""
    return voters * share // BASIS_POINTS + 1


def share_of(connection: Connection, body: str, on: date) -> int | None:
    """Of those asked, more than so many basis points must be for it; None where the group takes no votes."""
    rule, day = schema.vote_rule.c, on.isoformat()
    query = (
        select(rule.share)
        .join_from(schema.vote_rule, schema.body)
        .where(_B.code == body, rule.from_on <= day, rule.to_on.is_(None) | (rule.to_on >= day))
        .order_by(rule.from_on.desc(), rule.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else int(found)


def members(connection: Connection, body: str, on: date, proposal: int) -> list[str]:
    """Everybody who sits in the body that day and takes part in the proposal, once each, by reference."""
    day, interest = on.isoformat(), schema.interest.c
    away = select(interest.person_id).where(interest.proposal_id == proposal, interest.withdrawn_seq.is_(None))
    query = (
        select(_P.ref)
        .join_from(schema.membership, schema.body, _M.body_id == _B.id)
        .join(schema.person, _P.id == _M.person_id)
        .where(_B.code == body, _M.from_on <= day, _M.to_on.is_(None) | (_M.to_on >= day), _P.id.not_in(away))
        .distinct()
        .order_by(_P.ref)
    )
    return [str(ref) for ref in connection.execute(query).scalars()]
