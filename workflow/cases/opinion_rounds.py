"""Rounds of opinions as they are shown: who was asked and what, who has answered, and whom the others still wait for.
Who may read the words is decided by the viewer; everybody may know who was asked."""

from datetime import date

from sqlalchemy import Connection, select

from workflow.acts.moving import LAPSED, OPINION
from workflow.cases.step_kinds import Viewer
from workflow.opinions.asking_opinions import CLOSED
from workflow.proposals.finding import AnyRow, date_of, facts_of, local
from workflow.proposals.opinion_holders import titles_of
from workflow.storage import schema
from workflow.views.views_opinions import Answered, OpinionRound

READERS: frozenset[Viewer] = frozenset({"official", "external"})  # of the words, and of where somebody stands

_D, _R, _E, _W = schema.duty.c, schema.opinion_round.c, schema.event.c, schema.passage.c


def rounds_of(connection: Connection, proposal_id: int, number: str, viewer: Viewer) -> tuple[OpinionRound, ...]:
    """Every round of a proposal, the latest first."""
    found = connection.execute(
        select(schema.opinion_round).where(_R.proposal_id == proposal_id).order_by(_R.seq.desc())
    )
    rounds = found.all()
    if not rounds:
        return ()
    mine = (_D.proposal_id == proposal_id) & (_D.kind == OPINION)
    duties = connection.execute(select(schema.duty).where(mine).order_by(_D.id)).all()
    titles = titles_of(connection, {duty.holder for duty in duties})
    words = _Words(connection, number)
    return tuple(
        OpinionRound(
            asked_at=each.seq, asked_on=words.on(each.seq), due=date.fromisoformat(each.due_on),
            question=words.said(each.seq, "question"), closed_on=date_of(each.closed_at) if each.closed_at else None,
            reason=words.said(words.closing.get(each.seq, 0), "reason"),
            answers=tuple(
                _answered(duty, titles[duty.holder], words, told=viewer in READERS)
                for duty in duties
                if duty.seq == each.seq
            ),
        )
        for each in rounds
    )  # fmt: skip


class _Words:
    """What was said in the events of a proposal's rounds: the question, each latest answer, why it was closed."""

    def __init__(self, connection: Connection, number: str) -> None:
        kinds = ("opinions_asked", "opinion_given", "opinions_closed")
        query = select(_E.seq, _E.recorded_at, _E.body).where(_E.stream == number, _E.kind.in_(kinds)).order_by(_E.seq)
        self._at: dict[int, str] = {}
        self.closing: dict[int, int] = {}
        self.answers: dict[tuple[int, str], int] = {}
        for row in connection.execute(query):
            facts, self._at[row.seq] = facts_of(row.body), row.recorded_at
            if facts["kind"] == "opinions_closed":
                self.closing[facts["round"]] = row.seq
            elif facts["kind"] == "opinion_given":
                self.answers[facts["round"], facts["holder"]] = row.seq
        said = select(_W.seq, _W.field, _W.content).where(_W.stream == number, _W.seq.in_(sorted(self._at)))
        self._said: dict[tuple[int, str], str] = {(row.seq, row.field): row.content for row in connection.execute(said)}

    def said(self, seq: int, field: str) -> str:
        return self._said.get((seq, field), "")

    def on(self, seq: int) -> date:
        return local(self._at[seq]).date()


def _answered(duty: AnyRow, title: str, words: _Words, *, told: bool) -> Answered:
    seq = words.answers.get((duty.seq, duty.holder))
    given = duty.answered_at is not None and duty.answer not in (CLOSED, LAPSED)
    return Answered(
        duty=duty.id, holder=duty.holder, title=title, due=date.fromisoformat(duty.due_on), version=duty.version,
        answered_on=date_of(duty.answered_at) if given else None, stance=duty.answer if given and told else None,
        wording=words.said(seq, "opinion") if given and told and seq else "",
    )  # fmt: skip
