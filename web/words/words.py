"""The words for what the engine names by id: roles, bodies, buckets, outcomes, fields. Decides nothing."""

from flask import Flask
from flask_babel import lazy_gettext

from web.request.figures import FILTERS as FIGURES
from web.request.figures import datum, kr
from web.request.language import gettext
from web.words.content_words import CRITERIA, LINES
from web.words.field_words import FIELDS
from web.words.opinion_words import FILTERS as OPINIONS
from workflow.money.views_money import PotYear
from workflow.views.views import Awaits, Decision, FundingView, Now, Step

NOT_GIVEN = "ej angivet"  # as officials write what nobody has stated

ROLES = {  # role -> (as a title, in running text)
    "proposer": (lazy_gettext("Förslagsställare"), lazy_gettext("förslagsställaren")),
    "officer": (lazy_gettext("Handläggare"), lazy_gettext("handläggaren")),
    "budget_holder": (lazy_gettext("Budgetansvarig"), lazy_gettext("budgetansvarig")),
    "attestant": (lazy_gettext("Beslutsattestant"), lazy_gettext("beslutsattestanten")),
    "controller": (lazy_gettext("Ekonom"), lazy_gettext("ekonomen")),
    "registrar": (lazy_gettext("Sekreterare"), lazy_gettext("sekreteraren")),
    "technical": (lazy_gettext("Tekniska förvaltningen"), lazy_gettext("tekniska förvaltningen")),
    "buyer": (lazy_gettext("Upphandlare"), lazy_gettext("upphandlaren")),
    "site_manager": (lazy_gettext("Byggledare"), lazy_gettext("byggledaren")),
    "organiser": (lazy_gettext("Arrangör"), lazy_gettext("arrangören")),
    "chair": (lazy_gettext("Ordförande"), lazy_gettext("ordföranden")),
    "member": (lazy_gettext("Ledamot"), lazy_gettext("gruppens ledamöter")),
    "external": (lazy_gettext("Extern ledamot"), lazy_gettext("gruppens externa ledamöter")),
    "working_group": (lazy_gettext("Arbetsgruppen"), lazy_gettext("arbetsgruppen")),
    "forum": (lazy_gettext("Samverkansgruppen"), lazy_gettext("samverkansgruppen")),
    "auditor": (lazy_gettext("Revisor"), lazy_gettext("revisorn")),
    "administrator": (lazy_gettext("Administratör"), lazy_gettext("administratören")),
    "clock": (lazy_gettext("Kalendern"), lazy_gettext("kalendern")),
}
SHIPPED = (lazy_gettext("Kontaktcenter"),)  # titles of the configuration that have words of their own in English
BODY_KINDS = {
    "forum": lazy_gettext("samverkansgrupp"),
    "working_group": lazy_gettext("arbetsgrupp"),
    "department": lazy_gettext("förvaltning"),
    "board": lazy_gettext("nämnd"),
    "executive": lazy_gettext("kommunstyrelse"),
    "council": lazy_gettext("kommunfullmäktige"),
}
BUCKETS = {
    "budget": lazy_gettext("Budget"),
    "reserved": lazy_gettext("Reserverat"),
    "committed": lazy_gettext("Beslutat"),
    "ordered": lazy_gettext("Beställt"),
    "spent": lazy_gettext("Bokfört"),
    "available": lazy_gettext("Kvar"),
    "overrun": lazy_gettext("Överskridande"),
    "open": lazy_gettext("Inte reserverat"),
    "released": lazy_gettext("Återlämnat"),
    "outside": lazy_gettext("Utanför potten"),
}
ENTRIES = {
    "budget": lazy_gettext("Budget"),
    "reserve": lazy_gettext("Reserverat"),
    "commit": lazy_gettext("Beslutat"),
    "order": lazy_gettext("Beställt"),
    "spend": lazy_gettext("Bokfört"),
    "release": lazy_gettext("Återlämnat"),
    "cover": lazy_gettext("Överskridande täckt"),
    "correct": lazy_gettext("Rättat"),
    "carry": lazy_gettext("Ombudgeterat"),
}
OUTCOMES = {
    "approved": lazy_gettext("Bifall"),
    "approved_with_change": lazy_gettext("Bifall med ändring"),
    "rejected": lazy_gettext("Avslag"),
    "referred_back": lazy_gettext("Återremiss"),
    "tabled": lazy_gettext("Bordläggning"),
    "dropped": lazy_gettext("Utgår"),
    "handed_over": lazy_gettext("Överlämnas till annan instans"),
    "noted": lazy_gettext("Noterar informationen"),
}
POSITIONS = {
    "recommends": lazy_gettext("Gruppen ställer sig bakom förslaget"),
    "advises_against": lazy_gettext("Gruppen ställer sig inte bakom förslaget"),
    "noted": lazy_gettext("Gruppen noterar informationen"),
}
DECISIONS = {
    "board": lazy_gettext("Beslut"),
    "delegated": lazy_gettext("Delegationsbeslut"),
    "execution": lazy_gettext("Verkställighet"),
}
DUTIES = {
    "step": lazy_gettext("Nästa steg"),
    "classify": lazy_gettext("Avgör om kostnaderna är drift eller investering"),
    "unexpected_invoice": lazy_gettext("En faktura kom när ingen väntades"),
    "nobody_may_act": lazy_gettext("Ingen får ta nästa steg: utse någon"),
    "missing_meeting_date": lazy_gettext("Ange nästa sammanträde"),
    "vote": lazy_gettext("Rösta i gruppen"),
    "opinion": lazy_gettext("Lämna synpunkter"),
}
SOURCES = {
    "investment": lazy_gettext("Investering"),
    "operating": lazy_gettext("Drift"),
    "appropriation": lazy_gettext("Särskilt anslag"),
    "outside": lazy_gettext("Medfinansiering"),
}


def msg(text: object) -> str:
    """A Swedish message in the visitor's language; a text that no catalogue knows is given back unchanged."""
    plain = str(text or "")
    return gettext(plain) if plain else ""


def running(title: str) -> str:
    """A title inside a sentence: "Tekniska nämnden" begins small, "Omtänksamma Kristinehamn" and "KF" do not."""
    is_name = any(sign.isupper() for sign in title[1:])
    return title if is_name else title[:1].lower() + title[1:]


def sentence(text: str) -> str:
    """Words standing alone: a capital first and a full stop last."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def role(name: str) -> str:
    """The title of a role, "Budgetansvarig"; an unknown one by its own name."""
    return str(ROLES[name][0]) if name in ROLES else msg(name)


def role_running(name: str) -> str:
    return str(ROLES[name][1]) if name in ROLES else running(msg(name))


def title_running(title: str) -> str:
    """Who is meant, inside a sentence, by a role's name or a title: "ekonomen", "tekniska nämnden"."""
    return role_running(title) if title in ROLES else running(msg(title))


def awaits_words(awaits: Awaits | None) -> str:
    """Whose move it is, inside a sentence: "kommunstyrelsen", "handläggaren"."""
    if awaits is None:
        return ""
    return role_running(awaits.name) if awaits.is_role else running(msg(awaits.name))


def now_sentence(now: Now) -> str:
    """The sentence that stands before every picture: "Nu väntar vi på beslut av kommunstyrelsen."."""
    if now.ended:
        return sentence(gettext("Nu: %(what)s", what=running(msg(now.public))))
    until = datum(now.until) if now.until else gettext("ett datum som inte är angivet")
    public = msg(now.public).replace("{awaits}", awaits_words(now.awaits)).replace("{until}", until)
    return sentence(gettext("Nu väntar vi på %(what)s", what=public))


def why_mine(holder: str, body: str | None = None) -> str:
    """Why a duty is yours: "därför att du är budgetansvarig", with the body for its secretary."""
    name = holder.partition(":")[0]
    if name == "registrar" and body:
        return gettext("därför att du för in beslut av %(body)s", body=running(msg(body)))
    if name == "proposer":
        return gettext("därför att du lämnade förslaget")
    if name == "person":
        return gettext("därför att du är tillfrågad")
    if name == "technical" or (name == "body" and body):
        of = role_running(name) if name == "technical" else running(msg(body))
        return gettext("därför att du hör till %(body)s", body=of)
    if name in ("working_group", "forum"):
        return gettext("därför att du är med i %(group)s", group=role_running(name))
    return gettext("därför att du är %(role)s", role=running(role(name)))


def who(step: Step) -> str:
    """Who took a step: a role, a body, or an official by name; never a private person's name."""
    title = role(step.who) if step.who_is_role else msg(step.who)
    return f"{step.person}, {running(title)}" if step.person and step.person != title else title


def field_label(name: str) -> str:
    """What somebody was asked for; "line 2" is what was said of the second cost line."""
    kind, _, number = name.partition(" ")
    return gettext("Rad %(number)s", number=number) if kind == "line" and number else str(FIELDS.get(name) or msg(name))


def decided(decision: Decision) -> str:
    """Whose decision, when and under which paragraph: "Kommunstyrelsen, 9 december 2026, § 112"."""
    where = decision.paragraph or decision.delegation_point
    parts = [role(decision.body), datum(decision.decided_on)]
    if where:
        told = gettext("ej angivet") if where == NOT_GIVEN else where
        parts.append(f"§\u00a0{told}" if where[:1].isdigit() or where == NOT_GIVEN else told)
    return ", ".join(parts)


def pot_words(pot: PotYear) -> str:
    """The bar of a pot as one sentence."""
    parts = ("spent", "ordered", "committed", "reserved", "available", "overrun")
    shown = [part for part in parts if getattr(pot, part) or part == "available"]
    amounts = [f"{BUCKETS[part]} {kr(getattr(pot, part))}" for part in shown]
    return f"{msg(pot.title)} {pot.year}: {', '.join(amounts)}"


def money_held(row: FundingView) -> str:
    """How far the money of a funding row has come: "beställt", or "beställt 142 500 kr" where that is not all of it."""
    if not row.holds or row.holds == ((row.held, row.amount),):
        return running(str(BUCKETS[row.held]))
    return ", ".join(f"{running(str(BUCKETS[bucket]))} {kr(ore)}" for bucket, ore in row.holds)


def register(app: Flask) -> None:
    """Give the templates every word and figure as a filter."""
    tables = {
        "bucket": BUCKETS, "entry_kind": ENTRIES, "outcome": OUTCOMES, "position": POSITIONS, "duty_kind": DUTIES,
        "decision_kind": DECISIONS, "source": SOURCES, "criterion": CRITERIA, "body_kind": BODY_KINDS,
        "line_kind": LINES,
    }  # fmt: skip
    for name, table in tables.items():
        app.jinja_env.filters[name] = lambda key, table=table: str(table[key]) if key in table else msg(key)
    words = (
        msg, running, sentence, role, role_running, awaits_words, now_sentence, why_mine, who, field_label, decided,
        pot_words, title_running, money_held,
    )  # fmt: skip
    app.jinja_env.filters.update(FIGURES | OPINIONS, **{each.__name__: each for each in words})
