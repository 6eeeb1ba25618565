"""A letter in words: subject, paragraphs and links in the reader's language, the same for its text and its HTML.
Decides nothing about who gets it and knows no mail server."""

from collections.abc import Iterator
from datetime import date

from flask_babel import lazy_gettext as _

from states import RefusalKind
from web.mail import mail_links
from web.mail.mail_parts import Item, Part, Written
from web.request.current import engine
from web.request.figures import badge, datum
from web.request.language import gettext, ngettext
from web.words.outcome_words import around
from web.words.own_words import may_do
from web.words.words import (
    DUTIES,
    OUTCOMES,
    POSITIONS,
    decided,
    field_label,
    msg,
    now_sentence,
    running,
    sentence,
    why_mine,
)
from workflow import Refused
from workflow.mail.views_mail import Letter, News
from workflow.views.views import Step, Track
from workflow.views.views_work import QueueRow

KINDS = {
    "duty": _("Väntar på någon"),
    "before": _("Påminnelse"),
    "due": _("Påminnelse"),
    "after": _("Påminnelse"),
    "step": _("Besked om ett förslag"),
    "told": _("Upplysning"),
    "followed": _("Besked till den som följer"),
    "confirm": _("Fråga om att följa"),
    "digest": _("Veckans brev"),
}
MARKS = {"done": "✓", "here": "●", "ahead": "○", "skipped": "–"}


def written(letter: Letter) -> Written:
    """The words of a letter. Raises Refused(NOT_FOUND) for one that has nothing to tell its reader."""
    if letter.duty is not None:
        return _of_duty(letter, letter.duty)
    if letter.kind == "digest":
        return _of_week(letter)
    if letter.follows is not None:
        return _of_following(letter, letter.follows)
    if letter.news is None:
        raise Refused.because(RefusalKind.NOT_FOUND, number=letter.message_id)
    return _receipt(letter, letter.news) if letter.news.step.kind == "submitted" else _of_step(letter, letter.news)


# --- to whoever must act -----------------------------------------------------------------------------------------


def _of_duty(letter: Letter, row: QueueRow) -> Written:
    what, begun = task(row), _beginning(letter.kind, row.due)
    told = [begun, gettext("Förslaget är %(title)s, %(number)s.", title=row.title, number=row.number)]
    if row.kind == "step" and row.step:
        told.append(gettext("Det är steg %(n)s av %(all)s.", n=row.step, all=row.steps))
    link = (gettext("Öppna ärendet"), _of_case(row))
    return Written(
        subject=f"{_subject(letter.kind, row.due)}: {what}, {row.title}",
        heading=f"{_subject(letter.kind, row.due)}: {what}",
        parts=(Part(paragraphs=tuple(told), link=link),),
        why=gettext("Du får det här mejlet %(why)s.", why=why_yours(row)), choice=_choice(letter),
    )  # fmt: skip


def task(row: QueueRow) -> str:
    """What is to be done: the state for a step, else the duty's own words."""
    return msg(row.state_title) if row.kind == "step" else str(DUTIES.get(row.kind) or msg(row.kind))


def why_yours(row: QueueRow) -> str:
    """Why a duty is the reader's: put in their hands, in somebody's place, or by what they are."""
    if row.handed_by:
        return gettext("därför att %(name)s har lämnat uppgiften till dig", name=row.handed_by)
    if row.in_place_of:
        return gettext("därför att du är ersättare för %(name)s", name=row.in_place_of)
    return why_mine(row.holder, row.body)


def _subject(kind: str, due: date | None) -> str:
    if kind == "before" and due:
        return gettext("Påminnelse, senast %(date)s", date=datum(due))
    if kind == "due":
        return gettext("Påminnelse, sista dagen är här")
    if kind == "after":
        return gettext("Påminnelse, dagen har passerat")
    return gettext("Väntar på dig")


def _beginning(kind: str, due: date | None) -> str:
    if due is None:
        return gettext("Det väntar på dig. Det har ingen bestämd dag.")
    if kind == "after":
        return gettext("Det väntar fortfarande på dig. Sista dagen var %(date)s.", date=datum(due))
    return gettext("Det väntar på dig, senast %(date)s.", date=datum(due))


def _of_case(row: QueueRow) -> str:
    if row.kind == "opinion":
        return mail_links.page("opinions.answer", number=row.number, duty=row.duty)
    endpoint = "content.classify" if row.kind == "classify" else "case.page"
    return mail_links.page(endpoint, number=row.number)


# --- to whoever handed it in, and others who are told ------------------------------------------------------------


def _receipt(letter: Letter, news: News) -> Written:
    """Without the sender's own words: nobody can have us send a text of theirs to somebody else's address."""
    number, due = news.timeline.number, news.timeline.now.due
    told = [gettext("Tack! Din idé har nummer %(number)s.", number=number), now_sentence(news.timeline.now)]
    if due:
        told.append(gettext("Du får ett första svar senast %(date)s.", date=datum(due)))
    part = Part(paragraphs=tuple(told), link=_follow(number))
    public = Part(
        gettext("Det här är offentligt"),
        (
            gettext("Det du skrev om idén är en allmän handling och visas på webben. Där står du som Privatperson."),
            gettext("Namn, e-post och telefon visas inte på webben, men kan lämnas ut om någon begär handlingen."),
        ),
    )
    return Written(
        gettext("Vi har tagit emot din idé, %(number)s", number=number), gettext("Vi har tagit emot din idé"),
        (part, *_own(letter), public),
        _why_told(letter), _choice(letter),
    )  # fmt: skip


def _own(letter: Letter) -> tuple[Part, ...]:
    """The sender's own way in."""
    if letter.own is None or letter.news is None:
        return ()
    own, ended = letter.own, letter.news.timeline.now.ended
    told = may_do(revise=own.may_revise, withdraw=own.may_withdraw, ended=ended)
    link = (gettext("Öppna min idé"), mail_links.private(own.link))
    return (Part(gettext("Din egen länk"), (told, gettext("Ge inte länken till någon annan.")), link=link),)


def _of_following(letter: Letter, number: str) -> Written:
    """Without the proposal's own words: nobody can have us send a text of theirs to somebody else's address."""
    told = (
        gettext("Någon, förhoppningsvis du, vill följa förslag %(number)s på den här adressen.", number=number),
        gettext("Öppna länken och klicka på knappen där, så får du ett mejl varje gång något händer."),
        gettext("Var det inte du? Gör ingenting. Adressen raderas om tre dagar, och du får inga fler mejl."),
    )
    link = (gettext("Ja, jag vill följa"), mail_links.confirm(letter.person))
    heading = gettext("Vill du följa förslag %(number)s?", number=number)
    why = gettext("Du får det här mejlet därför att den här adressen skrevs in på förslagets sida.")
    return Written(heading, heading, (Part(paragraphs=told, link=link),), why, _choice(letter))


def _of_step(letter: Letter, news: News) -> Written:
    shown, title = news.timeline, msg(news.step.title)
    about = gettext("Förslaget är %(title)s, %(number)s.", title=shown.title, number=shown.number)
    told = (about, *words_of_step(news.step), now_sentence(shown.now), *around(shown, engine()))
    track = Part(gettext("Så långt har förslaget kommit"), stations=tuple(_stations(shown.track)))
    return Written(
        f"{title}: {shown.title}", title, (Part(paragraphs=told, link=_follow(shown.number)), *_own(letter), track),
        _why_told(letter), _choice(letter),
    )  # fmt: skip


def words_of_step(step: Step) -> Iterator[str]:
    """What was decided, asked or answered, as far as this reader may see it."""
    if step.decision:
        outcome = str(OUTCOMES.get(step.decision.outcome, step.decision.outcome))
        yield f"{outcome}. {sentence(decided(step.decision))}"
        if step.decision.wording:
            yield step.decision.wording
    if step.position:
        yield sentence(str(POSITIONS.get(step.position) or msg(step.position)))
    for name, said in step.words:
        yield f"{field_label(name)}: {said}"


def _stations(track: Track) -> Iterator[str]:
    for each in track.stations:
        here = each.status == "here"
        title = f"{msg(each.title)}, {running(msg(track.side.title))}" if here and track.side else msg(each.title)
        yield f"{MARKS[each.status]} {title}" + (f" ({gettext('här nu')})" if here else "")


def _follow(number: str) -> tuple[str, str]:
    return gettext("Se hur det går"), mail_links.page("public.timeline", number=number)


def _why_told(letter: Letter) -> str:
    if letter.kind == "told":
        return gettext("Du får det här mejlet därför att det rör ditt uppdrag.")
    if letter.kind == "followed":
        return gettext("Du får det här mejlet därför att du följer förslaget.")
    return gettext("Du får det här mejlet därför att du lämnade förslaget och angav den här adressen.")


# --- once a week -------------------------------------------------------------------------------------------------


def _of_week(letter: Letter) -> Written:
    parts = []
    if letter.waiting:
        rows = tuple(Item(f"{task(row)}: {row.title}", _of_case(row), _of_row(row)) for row in letter.waiting)
        link = (gettext("Öppna Att göra"), mail_links.page("queue.mine"))
        parts.append(Part(gettext("Väntar på dig"), items=rows, link=link))
    if letter.steps:
        news = tuple(
            Item(f"{msg(each.step.title)}: {each.timeline.title}", _follow(each.timeline.number)[1],
                 (datum(each.step.recorded_at), now_sentence(each.timeline.now)))
            for each in letter.steps
        )  # fmt: skip
        parts.append(Part(gettext("Har hänt sedan sist"), items=news))
    if not parts:
        parts.append(Part(paragraphs=(gettext("Inget väntar på dig längre."),)))
    why = gettext("Du får det här mejlet en gång i veckan därför att du har valt det.")
    return Written(_subject_of_week(letter), gettext("Veckans brev"), tuple(parts), why, _choice(letter))


def _of_row(row: QueueRow) -> tuple[str, ...]:
    until = gettext("Senast %(date)s", date=datum(row.due)) if row.due else gettext("Ingen bestämd dag")
    passed = f" · {gettext('dagen har passerat')}" if row.overdue else ""
    why = f"{gettext('Hos dig')} {why_yours(row)}."
    return f"{row.number} · {until}{passed}", why


def _subject_of_week(letter: Letter) -> str:
    if not letter.waiting:
        return gettext("Veckans brev: det här har hänt")
    if letter.waiting_count > 99:
        return gettext("Veckans brev: %(count)s väntar på dig", count=badge(letter.waiting_count))
    return ngettext("Veckans brev: %(num)d väntar på dig", "Veckans brev: %(num)d väntar på dig", letter.waiting_count)


def _choice(letter: Letter) -> tuple[str, str]:
    if letter.kind in ("followed", "confirm"):
        return gettext("Sluta följa, eller ändra utskicken"), mail_links.choice(letter.person)
    words = (
        gettext("Välj hur du vill få mejl") if letter.is_member else gettext("Ändra eller avsluta utskicken till dig")
    )
    return words, mail_links.choice(letter.person)


def mail_kind(kind: str) -> str:
    return str(KINDS.get(kind) or msg(kind))


FILTERS = {"mail_kind": mail_kind}
