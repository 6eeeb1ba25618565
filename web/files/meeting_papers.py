"""An agenda, notes and the list of delegated decisions as papers: which words stand in which order. Decides nothing."""

from collections.abc import Iterator, Sequence

from web.files.documents import Block, Document, facts, heading, items, paragraph, quiet, quote, table
from web.request.current import engine
from web.request.figures import datum, kortdatum, kr
from web.request.language import current, gettext
from web.words.meeting_words import (
    about,
    aside_words,
    attendance,
    came_to,
    category,
    delegate,
    delegated_about,
    meeting_title,
    notes_title,
    point_title,
)
from web.words.words import OUTCOMES, awaits_words, decided, field_label, msg, pot_words, running, sentence
from workflow.meetings.views_meetings import DelegatedRow, MeetingPage, Point
from workflow.views.views import Decision, Step

HEADINGS_WIDE = 2  # the column that tells what a delegated decision was about


def agenda_paper(meeting: MeetingPage) -> Document:
    blocks: list[Block] = [facts(_about(meeting))]
    for n, point in enumerate(meeting.points, 1):
        blocks += [heading(f"{n}. {point_title(point)}"), *_to_deal_with(meeting, point)]
    if not meeting.points:
        blocks.append(paragraph(gettext("Dagordningen är tom än så länge.")))
    return _document(gettext("Dagordning"), meeting, blocks)


def notes_paper(meeting: MeetingPage) -> Document:
    blocks: list[Block] = [facts([*_about(meeting), *_attended(meeting)])]
    for n, point in enumerate(meeting.points, 1):
        blocks += [heading(f"{n}. {point_title(point)}"), *_came_to(meeting, point)]
    for each in meeting.alone:
        blocks += [heading(about(each)), *_decision(each.decision)]
    return _document(notes_title(meeting), meeting, blocks)


def delegated_paper(meeting: MeetingPage) -> Document:
    blocks: list[Block] = [facts(_about(meeting)), *_delegated(meeting.delegated)]
    return _document(gettext("Anmälan av delegationsbeslut"), meeting, blocks)


def _document(name: str, meeting: MeetingPage, blocks: Sequence[Block]) -> Document:
    title = f"{name}: {meeting_title(meeting)}"
    return Document(title, engine().config.identity.organisation, title, current(), blocks)


def _about(meeting: MeetingPage) -> Iterator[tuple[str, str]]:
    yield gettext("Organ"), msg(meeting.title)
    yield gettext("Datum"), datum(meeting.held_on)
    if meeting.papers_due:
        yield gettext("Sista dag för handlingar"), datum(meeting.papers_due)
    if meeting.before:
        yield gettext("Förra mötet"), datum(meeting.before)


def _attended(meeting: MeetingPage) -> Iterator[tuple[str, str]]:
    if not meeting.minuted:
        return
    yield gettext("Närvaro"), attendance(meeting) or gettext("ingen antecknad")
    came = [each.name for each in meeting.seats if each.present]
    if came:
        yield gettext("Närvarande"), ", ".join(came)
    guests = [f"{each.name or gettext('namn inte antecknat')} ({category(each.category)})" for each in meeting.guests]
    if guests:
        yield gettext("Gäster"), ", ".join(guests)


# --- one point ----------------------------------------------------------------------------------------------------


def _to_deal_with(meeting: MeetingPage, point: Point) -> Iterator[Block]:
    if point.kind == "decide":
        yield from _proposal(meeting, point)
    elif point.kind == "moved":
        yield _moved(meeting)
    elif point.kind == "pots":
        yield items([pot_words(each) for each in meeting.pots])
    elif point.kind == "year_list":
        yield paragraph(gettext("%(n)s förslag vill ha pengar %(year)s.", n=meeting.listed, year=meeting.list_year))
    elif point.kind == "delegated":
        yield from _delegated(meeting.delegated)


def _proposal(meeting: MeetingPage, point: Point) -> Iterator[Block]:
    row = point.row
    if row is None:
        yield quiet(str(point.number))
        return
    whom = awaits_words(row.awaits)
    position = gettext("Väntar på ställningstagande av %(whom)s.", whom=whom)
    what = position if meeting.is_mixed else gettext("Väntar på beslut av %(whom)s.", whom=whom)
    payers = ", ".join(running(msg(each)) for each in row.pots) or gettext("ingen pott vald än")
    stands = gettext("Står vid: %(state)s.", state=running(msg(row.state_title)))
    yield paragraph(f"{what} {stands}")
    yield facts([
        (gettext("Nummer"), row.number), (gettext("Process"), msg(row.process_title)),
        (gettext("Kostnad, exklusive moms"), kr(row.amount)), (gettext("Vad som betalar"), payers),
    ])  # fmt: skip
    if point.late:
        yield quiet(gettext("Kom in efter sista dag för handlingar."))
    yield from _aside(meeting, point)


def _aside(meeting: MeetingPage, point: Point) -> Iterator[Block]:
    if point.aside and meeting.reads_notes:
        yield quiet(gettext("Deltar inte: %(who)s.", who=aside_words(point)))


def _moved(meeting: MeetingPage) -> Block:
    return items([
        f"{each.title} ({each.number}): {sentence(msg(each.what))} {kortdatum(each.on)}." for each in meeting.moved
    ])  # fmt: skip


def _delegated(rows: Sequence[DelegatedRow]) -> Iterator[Block]:
    if not rows:
        yield paragraph(gettext("Inga delegationsbeslut att anmäla."))
        return
    headings = (
        gettext("Datum"), gettext("Nummer"), gettext("Ärende och utfall"), gettext("Delegat och punkt"),
        gettext("Belopp"),
    )  # fmt: skip
    yield table(headings, [_delegated_row(each) for each in rows], wide=HEADINGS_WIDE, numbers=(4,))
    yield quiet(gettext("Belopp exklusive moms."))


def _delegated_row(row: DelegatedRow) -> tuple[str, ...]:
    about = f"{delegated_about(row)}: {running(str(OUTCOMES[row.outcome]))}"
    point = row.point or gettext("ej angivet")
    return (
        kortdatum(row.decided_on), row.paragraph or "", about, f"{delegate(row)}, {point}",
        kr(row.amount) if row.amount else "",
    )  # fmt: skip


# --- what it came to ----------------------------------------------------------------------------------------------


def _came_to(meeting: MeetingPage, point: Point) -> Iterator[Block]:
    if point.number:
        yield quiet(point.number)
    yield from _aside(meeting, point)
    for step in point.dealt:
        yield from _step(step)
    if point.kind == "delegated":
        yield from _delegated([each for each in meeting.delegated if each.reported])
    if point.notes:
        yield paragraph(point.notes)
    elif not point.dealt and point.kind == "decide":
        yield paragraph(gettext("Inget registrerat på mötet."))


def _step(step: Step) -> Iterator[Block]:
    if step.corrected_by:
        yield quiet(gettext("Det här rättades senare och gäller inte."))
    if not step.decision:
        yield paragraph(sentence(came_to(step)))
    if step.decision:
        yield from _decision(step.decision)
    said = [(field_label(name), text) for name, text in step.words if text]
    if said:
        yield facts(said)


def _decision(decision: Decision) -> Iterator[Block]:
    yield paragraph(f"{OUTCOMES[decision.outcome]}. {decided(decision)}.")
    if decision.wording:
        yield quote(decision.wording)
    rest = ((gettext("Finansiering"), decision.financing), (gettext("Reservation"), decision.reservation))
    said = [(label, text) for label, text in rest if text]
    if said:
        yield facts(said)
    if decision.unadjusted:
        yield quiet(gettext("Beslutat, protokollet är inte justerat."))
