"""The web application: which pages there are, what every page knows, who asks. Holds no rule."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from web.files import calendars, exports
from web.forms import queue_filter
from web.forms.cost_rows import OWNERS
from web.forms.line_detail_fields import account_words, running_words
from web.ideas import entry_page, file_pages, own_page, sending, writing
from web.mail import mail_words
from web.open_data import api, feeds, open_pages
from web.pages import (
    absence_page,
    administration_pages,
    case_page,
    content_pages,
    decision_page,
    delegation_pages,
    errors,
    fact_pages,
    follow_page,
    identity,
    import_pages,
    list_pages,
    mail_pages,
    mandate_pages,
    meeting_pages,
    meeting_register,
    note_pages,
    opinion_pages,
    own_sessions,
    people,
    pot_books,
    property_page,
    public,
    queue_page,
    rates_page,
    staffing_page,
    stylesheet,
    together_page,
    vote_pages,
    who_pages,
)
from web.publishing import comment_pages, erasing_pages, legal_pages, publishing_pages
from web.request import kept_pages, language, packing, security, who_may_use
from web.request.current import signed
from web.words import (
    classification_words,
    meeting_words,
    outcome_words,
    process_words,
    publishing_words,
    rate_words,
    words,
)
from web.words.refusal_words import holder_words
from workflow import Engine

FILES = ("static", "stylesheet.bootstrap")


def create_app(engine: Engine) -> Flask:
    """The pages over an open engine."""
    app = Flask("web", root_path=str(Path(__file__).parent))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.config["SKEDE_DEMO"] = engine.is_demo  # a mark that nothing takes away
    app.extensions["skede"] = engine
    if engine.config.server.proxies:  # else whoever asks could say to be anywhere
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=engine.config.server.proxies, x_proto=0)  # type: ignore[method-assign]
    packing.init_app(app)
    app.before_request(_who)
    base_url = engine.config.server.base_url
    mail_pages.exempt_one_click(security.init_app(app, base_url, security.secret_key(engine.config.folder)))
    who_may_use.init_app(app)
    language.init_app(app, engine.config.server.language)
    words.register(app)
    process_words.register(app)
    app.jinja_env.filters["cofinancing"] = lambda standing: str(fact_pages.COFINANCING[standing])
    app.jinja_env.filters.update(holder=holder_words, owner=lambda owner: dict(OWNERS)[owner])
    app.jinja_env.filters.update(
        classification_words.FILTERS | rate_words.FILTERS | mail_words.FILTERS | outcome_words.FILTERS,
        account_words=account_words,
        running_words=running_words,
    )
    app.jinja_env.filters.update(meeting_words.FILTERS)
    app.jinja_env.globals.update(waiting_comments=comment_pages.waiting, waiting_texts=publishing_pages.waiting)
    app.jinja_env.filters["review_state"] = lambda state: str(publishing_words.STATES[state])
    errors.init_app(app)
    for blueprint in (
        public.public, people.people, writing.submission, sending.sending, file_pages.files, entry_page.entries,
        own_page.own_idea,
        queue_page.queue, case_page.case, content_pages.content,
        decision_page.decisions, fact_pages.facts, exports.exports, import_pages.imports, pot_books.books,
        list_pages.lists, rates_page.rates, vote_pages.votes, together_page.together, opinion_pages.opinions,
        note_pages.notes, own_sessions.own, staffing_page.staffing, mail_pages.mail, who_pages.who_acts,
        absence_page.absences, meeting_pages.meetings, meeting_register.register, delegation_pages.delegation,
        calendars.calendars, property_page.properties, administration_pages.administration, mandate_pages.mandates,
        follow_page.follow, api.api, feeds.feeds, open_pages.open_pages,
        identity.identity,
        comment_pages.comments, publishing_pages.publishing, erasing_pages.erasing, legal_pages.legal,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    stylesheet.init_app(app)
    app.context_processor(_shared)
    kept_pages.init_app(app)
    app.jinja_env.globals["queue_args"] = queue_filter.carried  # so that Att göra goes on as it was asked for
    return app


def _who() -> None:
    """Who is signed in, looked up anew for each request: a right that ended is gone with the next click."""
    token = request.cookies.get(people.token_cookie())
    asks = bool(token) and request.endpoint not in FILES
    g.signed = _engine().session(str(token)) if asks else None


def _shared() -> dict[str, Any]:
    """What the frame of every page is given."""
    person, settings = signed(), _engine().config
    return {
        "identity": settings.identity,
        "contact": settings.contact,
        "fault_report": settings.server.fault_report,
        "signed": person,
        "badge": _engine().badge(person.person) if person and not person.proposal else 0,
        "comment_page": comment_pages.commented_page(),
        "comment_trap": comment_pages.TRAP,
        "is_demo": current_app.config["SKEDE_DEMO"],
    }


def _engine() -> Engine:
    found: Engine = current_app.extensions["skede"]
    return found
