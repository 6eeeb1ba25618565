"""What the public page tells, as records of open data. Shows nothing that the public page does not."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from states import Process as Definition
from web.open_data import records
from web.request.current import engine
from web.words.words import awaits_words, field_label, msg, now_sentence, role
from workflow.money.views_money import Entry as LedgerEntry
from workflow.money.views_money import PotYear as Pot
from workflow.proposals.views_overview import ListRow
from workflow.views.views import Decision, Step
from workflow.views.views_timeline import Timeline

OF_DECISION = (
    "body", "kind", "outcome", "decided_on", "paragraph", "delegation_point", "registry_no", "wording", "financing",
    "adjusted_on", "posted_on", "appeal_until", "legal_force_on",
)  # fmt: skip
OF_POT = ("budget", "overrun", "available", "reserved", "committed", "ordered", "spent")


def whole(endpoint: str, **values: object) -> str:
    """An address under the base URL that is configured, never one that a request claims."""
    return engine().config.server.base_url.rstrip("/") + url_for(endpoint, _external=False, **values)  # type: ignore[arg-type]


def proposal(shown: Timeline) -> records.Proposal:
    """``shown`` must be the timeline of the public. Raises ValueError for any other: its words are not for all."""
    if shown.viewer != "public":
        raise ValueError(f"the timeline of {shown.viewer} is not public")
    now, content = shown.now, shown.content
    return records.Proposal(
        number=shown.number, title=shown.title, process=shown.process, process_title=msg(shown.process_title),
        registry_no=shown.registry_no, is_example=shown.is_example, now=now_sentence(now), state=now.state,
        state_title=msg(now.title), awaits=awaits_words(now.awaits) or None if now.awaits else None, since=now.since,
        due=now.due, next_meeting=now.next_meeting, is_ended=now.ended, what=content.what, where=content.where,
        why=content.why, own_contribution=content.own_contribution, criteria=content.criteria,
        costs=tuple(
            records.Cost(n=x.n, what=x.what, kind=x.kind, amount_ore=x.amount, classification=x.classification)
            for x in content.lines
        ),
        funding=tuple(
            records.Funding(line=x.line, pot=x.pot, pot_title=msg(x.pot_title), year=x.year, amount_ore=x.amount,
                            held=x.held, spent_ore=x.spent)
            for x in content.funding
        ),
        cost_ore=shown.cost, spent_ore=shown.spent, hides=shown.hides,
        track=tuple(
            records.Station(n=x.n, state=x.state, title=msg(x.title), status=x.status, on=x.on, left=x.left)
            for x in shown.track.stations
        ),
        events=tuple(_event(shown.number, each) for each in shown.steps),
        url=whole("public.timeline", number=shown.number),
    )  # fmt: skip


def _event(number: str, step: Step) -> records.Event:
    return records.Event(
        seq=step.seq, kind=step.kind, title=msg(step.title), from_state=msg(step.from_title) or None,
        to_state=msg(step.to_title) or None, decided_on=step.decided_on, recorded_at=step.recorded_at,
        who=role(step.who) if step.who_is_role else msg(step.who), position=step.position,
        decision=_decision(step.decision) if step.decision else None,
        words=tuple(records.Word(name=name, label=field_label(name), text=text) for name, text in step.words if text),
        money=tuple(
            records.Moved(kind=x.kind, from_bucket=x.from_, to_bucket=x.to, amount_ore=x.amount,
                          pot=msg(x.pot_title), year=x.year, on=x.on)
            for x in step.money
        ),
        is_loop_back=step.backward, corrected_by=step.corrected_by,
        url=whole("public.timeline", number=number, _anchor=f"steg-{step.seq}"),
    )  # fmt: skip


def _decision(decision: Decision) -> records.Decision:
    told = {name: getattr(decision, name) for name in OF_DECISION}
    return records.Decision(**told | {"body": role(decision.body)})


def row(found: ListRow) -> records.ProposalRow:
    return records.ProposalRow(
        number=found.number, title=found.title, process_title=msg(found.process_title),
        state_title=msg(found.state_title), awaits=awaits_words(found.awaits) if found.awaits else None,
        since=found.since, is_example=found.is_example, url=whole("public.timeline", number=found.number),
        record_url=whole("api.proposal", number=found.number),
    )  # fmt: skip


def pot(found: Pot) -> records.PotYear:
    amounts = {f"{name}_ore": getattr(found, name) for name in OF_POT}
    return records.PotYear(
        pot=found.pot, title=msg(found.title), kind=found.kind, year=found.year, is_decided=found.decided,
        is_closed=found.closed, decision=found.decision, proposal=found.proposal,
        entries_url=whole("api.entries", pot=found.pot, year=found.year), **amounts,
    )  # fmt: skip


def entry(found: LedgerEntry) -> records.Entry:
    return records.Entry(
        kind=found.kind, from_bucket=found.from_, to_bucket=found.to, amount_ore=found.amount, on=found.on,
        recorded_on=found.recorded_on, year=found.year, proposal=found.proposal, why=msg(found.why),
    )  # fmt: skip


def process_row(found: Definition) -> records.ProcessRow:
    return records.ProcessRow(**_of_process(found))


def process(found: Definition) -> records.Process:
    return records.Process(**_of_process(found), track=found.track, states=tuple(_states(found)))


def _of_process(found: Definition) -> dict[str, Any]:
    return {
        "id": found.id, "version": found.version, "title": msg(found.title), "description": msg(found.description),
        "digest": found.digest, "record_url": whole("api.process", process_id=found.id),
    }  # fmt: skip


def _states(found: Definition) -> Iterable[records.State]:
    """A side road once, with its ways from wherever it was entered first."""
    told: set[str] = set()
    for node in found.nodes.values():
        if node.state.id not in told:
            told.add(node.state.id)
            ways = tuple(records.Way(id=way.id, title=msg(way.title), to=way.target) for way in node.transitions)
            yield records.State(
                id=node.state.id, title=msg(node.state.title), is_side=node.state.side, is_end=node.state.end, ways=ways
            )


def coming_days(shown: Timeline, today: date) -> tuple[tuple[str, str, date], ...]:
    """(what, words, day) of every dated event of a proposal that is known to come, nearest first; a last day
    for the next answer that has passed is none."""
    now, decision = shown.now, shown.decided
    days = [
        ("handlingar", _("Sista dag för handlingar"), now.papers_due),
        ("mote", _("Möte där förslaget väntar"), now.next_meeting),
        ("senast", _("Nästa besked senast"), now.due if now.due and now.due >= today else None),
        ("vaknar", _("Förslaget tas upp igen"), now.until),
    ]
    if decision is not None:
        days += [
            ("overklaga", _("Sista dag att överklaga"), decision.appeal_until),
            ("lagakraft", _("Beslutet får laga kraft, om ingen överklagar"), decision.legal_force_on),
        ]
    known = [(what, str(words), day) for what, words, day in days if day is not None]
    return tuple(sorted(known, key=lambda each: each[2]))
