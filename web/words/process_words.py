"""The words for a process as it is written: whose move, what pays, until when. Decides nothing."""

from collections.abc import Iterable

from flask import Flask, current_app
from flask_babel import lazy_gettext

from states import Deadline, Process, Rule, State, Transition
from web.request.language import SOURCE, current, gettext, ngettext
from web.words.field_words import FIELDS
from web.words.words import BODY_KINDS, SOURCES, msg, role_running, running
from workflow import Engine

EFFECTS = {
    "release": lazy_gettext("pengar lämnas tillbaka"),
    "grant": lazy_gettext("särskilt anslag ges"),
    "reserve": lazy_gettext("pengar reserveras"),
    "commit": lazy_gettext("pengar beslutas"),
    "raise": lazy_gettext("beslutet höjs"),
    "order": lazy_gettext("pengar beställs"),
}
DEFINITE_BODIES = {
    "forum": lazy_gettext("samverkansgruppen"),
    "working_group": lazy_gettext("arbetsgruppen"),
    "department": lazy_gettext("förvaltningen"),
    "board": lazy_gettext("nämnden"),
    "executive": lazy_gettext("kommunstyrelsen"),
    "council": lazy_gettext("kommunfullmäktige"),
}


def awaits_rule(rule: Rule | None) -> str:
    """Whose move it is, before anybody is known: "den som har rätt att besluta om hela summan"."""
    if rule is None:
        return ""
    if rule.name == "decider_for":
        return gettext("den som har rätt att besluta om summan")
    if rule.name == "registrar_of":
        awaited = gettext("instansens sekreterare, eller den som har delegation")
        decided = gettext("sekreteraren i den instans som beslutade, eller den som hade delegation")
        return decided if rule.argument == "decided" else awaited
    if rule.name == "any_of" and isinstance(rule.argument, tuple):
        either = gettext("eller")
        return f" {either} ".join(role_running(each) for each in rule.argument)
    if rule.name in BODY_KINDS:
        return body_running(rule.name)
    return role_running(rule.name)


def body_running(kind: str) -> str:
    """The body of a kind by its own name where the town has one of them, "centrumgruppen"; else, and in a language
    that its name is not in, by its kind."""
    engine: Engine | None = current_app.extensions.get("skede") if current() == SOURCE else None
    named = [each.title for each in engine.config.body if each.kind == kind] if engine else []
    return running(msg(named[0])) if len(named) == 1 else str(DEFINITE_BODIES[kind])


def public_words(state: State) -> str:
    """What is awaited, for a state where nobody stands yet."""
    filled = msg(state.public).replace("{awaits}", awaits_rule(state.awaits))
    return filled.replace("{until}", gettext("det datum som bestämts"))


def deadline_words(deadline: Deadline | None) -> str:
    """Until when, with what holds otherwise."""
    if deadline is None:
        return ""
    words = _deadline(deadline)
    if not deadline.otherwise:
        return words
    return gettext("%(first)s, annars %(then)s", first=words, then=deadline_words(deadline.otherwise))


def _deadline(deadline: Deadline) -> str:
    if deadline.kind == "working_days":
        return ngettext("inom %(num)d arbetsdag", "inom %(num)d arbetsdagar", int(deadline.value))
    if deadline.kind == "next_meeting_of":
        return gettext("vid nästa sammanträde")
    if deadline.kind == "papers_due_for":
        return gettext("till sista dagen för handlingar")
    if deadline.kind == "date":
        label = str(FIELDS.get(str(deadline.value), deadline.value))
        return gettext("det datum som anges (%(field)s)", field=running(label))
    return msg(deadline.value)


def money_words(transition: Transition, process: Process, paying: Iterable[str] | None = None) -> str:
    """The furthest that a way out takes the money: "pengar beslutas (investering, särskilt anslag)".

    ``paying`` are the kinds of pots that pay one proposal, where it is about one.
    """
    found = None if paying is None else {*paying}
    effects = [each for each in transition.money if each.effect != "release"] or list(transition.money)
    if not effects:
        return ""
    last = effects[-1]
    bindings = [process.bindings[each.binding] for each in effects if each.binding in process.bindings]
    sources = dict.fromkeys(source for each in bindings for source in each.sources if found is None or source in found)
    named = ", ".join(running(str(SOURCES[each])) for each in sources)
    return f"{EFFECTS[last.effect]} ({named})" if named and last.effect != "release" else str(EFFECTS[last.effect])


def spends_words(state: State, process: Process) -> str:
    """What pays the invoices that are expected in a state."""
    sources = [source for name in state.spends for source in process.bindings[name].sources]
    return ", ".join(running(str(SOURCES[each])) for each in dict.fromkeys(sources))


def register(app: Flask) -> None:
    words = (awaits_rule, public_words, deadline_words, money_words, spends_words)
    app.jinja_env.filters.update({each.__name__: each for each in words})
