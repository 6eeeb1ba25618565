"""Which addresses there are for whom: everybody, whoever holds a secret link, whoever is signed in, those with a role.
An address that nobody has put here is nobody's. What may be done behind it is for the engine to say."""

from collections.abc import Mapping

from flask import Flask, request
from flask.typing import ResponseReturnValue

from states import RefusalKind
from web.request.current import SignedOut, ask_to_sign_in, signed
from workflow import Refused

EVERYBODY = "everybody"
LINK = "whoever holds a secret link"
SIGNED_IN = "whoever is signed in, also the sender of a proposal by the private link"
MEMBER = "whoever holds a role"
Who = str | tuple[str, ...]  # one of the above, or the roles without which the engine refuses

CONTROLLER, ADMINISTRATOR, AUDITOR, OFFICER = ("controller",), ("administrator",), ("auditor",), ("officer",)
KEEPERS = ADMINISTRATOR + AUDITOR

ROUTES: Mapping[str, Who] = {
    "static": EVERYBODY, "stylesheet.bootstrap": EVERYBODY, "language.choose": EVERYBODY,
    "identity.colours": EVERYBODY, "identity.logo": EVERYBODY,
    "public.overview": EVERYBODY, "public.proposals": EVERYBODY, "public.timeline": EVERYBODY,
    "public.pots": EVERYBODY, "public.pot": EVERYBODY, "public.processes": EVERYBODY, "public.process": EVERYBODY,
    "public.drawing": EVERYBODY, "exports.pots": EVERYBODY, "exports.entries": EVERYBODY,
    "exports.proposals": EVERYBODY, "rates.page": EVERYBODY,
    "comments.write": EVERYBODY, "comments.send": EVERYBODY, "comments.thanks": EVERYBODY,
    "legal.privacy": EVERYBODY, "legal.accessibility": EVERYBODY, "legal.glossary": EVERYBODY,
    "submission.write": EVERYBODY, "submission.begin": EVERYBODY, "submission.keep_first": EVERYBODY,
    "submission.step": LINK, "submission.go_on": LINK, "submission.keep_more": LINK, "submission.throw_away": LINK,
    "submission.resume": LINK, "submission.before_throwing": LINK,
    "files.whole": EVERYBODY, "files.small": EVERYBODY, "files.of_draft": LINK, "files.page": MEMBER,
    "entries.write": MEMBER, "entries.enter": MEMBER,
    "files.add": MEMBER, "files.look": MEMBER, "sending.check": LINK, "sending.send": LINK,
    "sending.receipt": EVERYBODY,
    "api.document": EVERYBODY, "api.proposals": EVERYBODY, "api.proposal": EVERYBODY, "api.pots": EVERYBODY,
    "api.entries": EVERYBODY, "api.processes": EVERYBODY, "api.process": EVERYBODY, "feeds.as_json": EVERYBODY,
    "feeds.as_atom": EVERYBODY, "feeds.as_calendar": EVERYBODY, "feeds.all_steps": EVERYBODY,
    "open_pages.about": EVERYBODY, "open_pages.events": EVERYBODY, "open_pages.robots": EVERYBODY,
    "open_pages.sitemap": EVERYBODY, "open_pages.sitemap_of": EVERYBODY,
    "follow.form": EVERYBODY, "follow.ask": EVERYBODY, "follow.before_confirming": LINK, "follow.confirm": LINK,
    "people.sign_in": EVERYBODY, "people.sign_in_now": EVERYBODY, "people.sign_out": EVERYBODY,
    "people.link": LINK, "people.open_link": LINK, "own.choose": LINK, "own.choose_now": LINK,
    "mail.chosen_by_link": LINK, "mail.choose_by_link": LINK, "mail.before_leaving": LINK, "mail.leave": LINK,
    "own_idea.page": SIGNED_IN, "own_idea.act": SIGNED_IN, "own_idea.send_file": SIGNED_IN,
    "own_idea.mend_contact": SIGNED_IN,
    "case.page": SIGNED_IN, "case.act": MEMBER, "content.revise": SIGNED_IN, "content.save": SIGNED_IN,
    "content.classify": SIGNED_IN, "content.classified": SIGNED_IN, "facts.book": SIGNED_IN,
    "facts.booked": SIGNED_IN, "facts.cofinance": SIGNED_IN, "facts.cofinanced": SIGNED_IN,
    "facts.correct": SIGNED_IN, "facts.corrected": SIGNED_IN, "queue.mine": SIGNED_IN, "mail.mine": SIGNED_IN,
    "mail.choose": SIGNED_IN, "votes.page": SIGNED_IN, "votes.begin": SIGNED_IN, "votes.vote": SIGNED_IN,
    "votes.close": SIGNED_IN, "who_acts.interest": SIGNED_IN, "who_acts.declare": SIGNED_IN,
    "who_acts.withdraw": SIGNED_IN, "who_acts.task": SIGNED_IN, "who_acts.hand": SIGNED_IN,
    "who_acts.give_back": SIGNED_IN,
    "content.redirection": SIGNED_IN, "content.redirect_now": SIGNED_IN,
    "decisions.page": MEMBER, "decisions.record": MEMBER, "queue.attend": MEMBER, "absences.page": MEMBER,
    "absences.name": MEMBER, "absences.end": MEMBER, "own.page": MEMBER, "own.change": MEMBER, "own.end": MEMBER,
    "staffing.page": MEMBER, "together.page": MEMBER, "together.act": MEMBER, "opinions.ask": MEMBER,
    "opinions.send": MEMBER, "opinions.answer": MEMBER, "opinions.give": MEMBER, "opinions.close": MEMBER,
    "opinions.extend": MEMBER, "notes.write": MEMBER, "notes.follow": MEMBER,
    "books.decide": MEMBER, "books.decided": MEMBER, "books.year_end": MEMBER, "books.carried": MEMBER,
    "books.close": MEMBER, "lists.coming": MEMBER, "lists.year": MEMBER, "lists.save": MEMBER,
    "lists.decide": MEMBER, "rates.add": MEMBER,
    "meetings.overview": MEMBER, "meetings.agenda": MEMBER, "meetings.agenda_pdf": MEMBER, "meetings.ics": MEMBER,
    "meetings.notes": MEMBER, "meetings.notes_pdf": MEMBER, "meetings.arrange": MEMBER,
    "meetings.protocol": MEMBER, "register.form": MEMBER,
    "register.save": MEMBER, "delegation.page": MEMBER, "delegation.as_pdf": MEMBER, "delegation.as_file": MEMBER,
    "delegation.report": MEMBER, "calendars.mine": MEMBER, "calendars.open_feed": MEMBER,
    "calendars.close_feed": MEMBER, "calendars.feed": LINK,
    "comments.overview": MEMBER, "comments.one": MEMBER, "comments.close": MEMBER,
    **dict.fromkeys(("publishing.overview", "publishing.publish", "publishing.page", "publishing.preview",
    "publishing.review", "publishing.hide", "publishing.word", "publishing.hold", "publishing.publish_one",
    "erasing.page", "erasing.erase"), OFFICER),
    "imports.files": CONTROLLER, "imports.check": CONTROLLER, "imports.file": CONTROLLER, "imports.book": CONTROLLER,
    "mail.office": ADMINISTRATOR + AUDITOR, "mail.try_again": ADMINISTRATOR,
    "properties.page": ADMINISTRATOR, "properties.add": ADMINISTRATOR, "properties.end": ADMINISTRATOR,
    "who_acts.case_file": AUDITOR,
    "administration.overview": KEEPERS, "administration.body": KEEPERS, "administration.person": KEEPERS,
    "administration.rights": KEEPERS, "administration.history": KEEPERS, "mandates.period": KEEPERS,
    "administration.change": ADMINISTRATOR, "administration.change_body": ADMINISTRATOR,
    "administration.change_person": ADMINISTRATOR, "administration.invite": ADMINISTRATOR,
    "mandates.renew": ADMINISTRATOR,
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Must be registered after what loads the person, and after what judges a form's token."""
    app.before_request(_admit)


def _admit() -> ResponseReturnValue | None:
    """None for whoever may come in; else a way to the sign-in, or Refused."""
    if request.endpoint is None:  # no such page
        return None
    who = ROUTES.get(request.endpoint)
    if who is None:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    if who in (EVERYBODY, LINK):
        return None
    found = signed()
    if found is None:
        if request.method in ("GET", "HEAD"):
            return ask_to_sign_in()
        raise SignedOut
    if found.proposal is not None and who != SIGNED_IN:
        raise Refused.because(RefusalKind.NOT_PERMITTED)
    return None
