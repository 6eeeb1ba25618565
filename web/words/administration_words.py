"""The words of the administration: categories, and what was changed told as a sentence with old and new. Decides
nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from web.request.figures import datum, kr
from web.request.language import gettext
from web.words.rate_words import rate_name
from web.words.words import BODY_KINDS, ROLES, SOURCES, msg, role, running
from workflow.bodies.views_administration import Told
from workflow.storage.columns import read_date

CATEGORIES = {
    "municipality": _("Anställd i kommunen"),
    "property_owner": _("Fastighetsägare"),
    "trade": _("Handeln"),
    "business": _("Näringslivet"),
    "elected": _("Förtroendevald"),
    "other": _("Annan"),
}
WHAT = {
    "body": _("Organ"),
    "person": _("Person"),
    "membership": _("Uppdrag"),
    "decision_right": _("Beslutanderätt"),
    "rate": _("Belopp eller gräns"),
    "meeting": _("Möte"),
    "quiet_period": _("Lugn period"),
    "pot": _("Pott"),
    "vote_rule": _("Omröstning"),
    "member_property": _("Fastighet"),
    "sign_in": _("Inloggning"),
    "invitation": _("Inbjudan att välja lösenord"),
}
DID = {
    "added": _("tillagt"),
    "ended": _("fick en sista dag"),
    "changed": _("ändrat"),
    "moved": _("flyttat"),
    "removed": _("borttaget"),
    "renewed": _("ny mandatperiod"),
}
MOST_TOLD = 12
Row = Mapping[str, Any]


def heading(told: Told) -> str:
    """What it was about: "Uppdrag, fick en sista dag"."""
    what = str(WHAT.get(told.what) or msg(told.what))
    return f"{what}: {DID[told.did]}" if told.did in DID else what


def changes(told: Told) -> list[tuple[str, str]]:
    """(before, now) in words, a row each; before is "" for what is new, now is "" for what is gone."""
    if told.what == "person":
        return _details(told)
    found: list[tuple[str, str]] = []
    left = list(told.before)
    for row in told.rows:
        same = next((each for each in left if _same(each, row)), None)
        if same is not None:
            left.remove(same)
        found.append((_row(told, same) if same is not None else "", _row(told, row)))
    return (found + [(_row(told, row), "") for row in left])[: _most(told)]


def more(told: Told) -> int:
    """How many rows are not shown."""
    return max(0, max(len(told.rows), len(told.before)) - _most(told)) if told.what != "person" else 0


def _most(told: Told) -> int:
    """Of what came with the configuration a few are enough: its file says the rest."""
    return MOST_TOLD if told.did else 3


def _same(before: Row, now: Row) -> bool:
    """Whether two rows are the same one, as it was and as it is."""
    keys = ("id", "code", "person") if "id" in now or "code" in now else ("person",)
    return all(before.get(key) == now.get(key) for key in keys if key in now)


def _details(told: Told) -> list[tuple[str, str]]:
    labels = {"name": _("Namn"), "title": _("Titel"), "email": _("E-postadress"), "telephone": _("Telefon")}
    if told.did == "changed":
        fields = [name for row in told.rows for name in row.get("fields", ())]
        return [
            (
                _detail(labels[each], told.words.get(f"before {each}", "")),
                _detail(labels[each], told.words.get(each, "")),
            )
            for each in fields
        ]
    if told.did == "added":
        return [("", ", ".join(text for text in (told.words.get(name, "") for name in labels) if text))]
    return [("", ", ".join(dict.fromkeys(told.names.get(row.get("ref", ""), "") for row in told.rows)))]


def _detail(label: Any, text: str) -> str:
    return f"{label}: {text or gettext('inget')}"


def _row(told: Told, row: Row) -> str:
    describe = _ROWS.get(told.what)
    return describe(told, row) if describe else ", ".join(str(value) for value in row.values() if value is not None)


def _period(row: Row) -> str:
    first, last = read_date(row.get("from_on")), read_date(row.get("to_on"))
    if first is None:
        return gettext("till och med %(last)s", last=datum(last))
    if last is None:
        return gettext("från %(first)s tills vidare", first=datum(first))
    return gettext("%(first)s till och med %(last)s", first=datum(first), last=datum(last))


def _title(told: Told, code: Any) -> str:
    return msg(told.titles.get(str(code), str(code or "")))


def _membership(told: Told, row: Row) -> str:
    if "role" not in row:
        return _period(row)
    name = msg(told.names.get(str(row.get("person")), gettext("någon")))
    held = str(ROLES[row["role"]][0]) if row["role"] in ROLES else str(row["role"])
    parts = (name, running(held), _title(told, row.get("body")), _period(row), str(row.get("source") or ""))
    return ", ".join(part for part in parts if part)


def _body(told: Told, row: Row) -> str:
    parts = [msg(row["title"]), str(BODY_KINDS[row["kind"]])]
    if row.get("ended_on"):
        heir = _title(told, row.get("successor"))
        parts.append(
            gettext("upphör %(day)s, %(heir)s tar över", day=datum(read_date(row["ended_on"])), heir=running(heir))
        )
    return ", ".join(parts)


def _right(told: Told, row: Row) -> str:
    if "holder" not in row:
        return _period(row)
    holder = role(row["holder"]) if row["holder"] in ROLES else _title(told, row["holder"])
    amount = kr(row["up_to_ore"]) if row.get("up_to_ore") is not None else gettext("utan beloppsgräns")
    source = running(str(SOURCES[row["source"]])) if row["source"] in SOURCES else str(row["source"])
    point = str(row.get("point") or "")
    return ", ".join(
        part for part in (holder, source, amount, point, _period(row), str(row.get("basis") or "")) if part
    )


def _meeting(told: Told, row: Row) -> str:
    words = f"{_title(told, row.get('body'))} {datum(read_date(row['held_on']))}"
    papers = read_date(row.get("papers_due_on"))
    last = gettext("handlingar senast %(day)s", day=datum(papers)) if papers else ""
    return f"{words}, {last}" if last else words


def _quiet(_told: Told, row: Row) -> str:
    return f"{row['title']}, {_period(row)}"


def _rate(_told: Told, row: Row) -> str:
    return f"{rate_name(row['name'])}, {_period(row)}" if "name" in row else _period(row)


def _sign_in(told: Told, row: Row) -> str:
    name = msg(told.names.get(str(row.get("person")), ""))
    if "open" not in row:
        return name
    stands = gettext("öppen") if row["open"] else gettext("avstängd")
    return f"{name}: {stands}"


_ROWS = {
    "membership": _membership, "body": _body, "decision_right": _right, "meeting": _meeting, "quiet_period": _quiet,
    "rate": _rate, "sign_in": _sign_in, "invitation": _sign_in,
}  # fmt: skip


def category(name: str) -> str:
    return str(CATEGORIES.get(name, name))


FILTERS: Mapping[str, Any] = {
    "told_heading": heading, "told_changes": changes, "told_more": more, "category": category,
}  # fmt: skip
