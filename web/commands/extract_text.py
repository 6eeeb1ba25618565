"""A registerutdrag for whoever asked for it: Swedish headings and sentences, nothing that is only for the machine."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from web.words.field_words import FIELDS
from workflow.proposals.finding import EVENT_TITLES

TABLES: Mapping[str, str] = {
    "account": "Inloggning", "calendar_feed": "Egen kalenderadress", "deputy": "Ersättare",
    "follow": "Förslag som följs med e-post", "handover": "Uppgifter som lämnats till en kollega",
    "import_batch": "Filer från ekonomisystemet", "interest": "Intresseanmälningar",
    "invitation": "Inbjudningar att välja lösenord", "link": "Egna länkar till förslag", "mail": "Mejl",
    "mail_choice": "Val av utskick", "member_property": "Fastigheter", "membership": "Uppdrag",
    "proposal": "Förslag", "session": "Inloggade tillfällen", "upload": "Bilder och dokument",
    "watch": "Ärenden som bevakas",
    "comment": "Kommentarer", "cost_detail": "Kostnader", "cost_line": "Kostnader", "decision": "Beslut",
    "import_row": "Rader från ekonomisystemet", "ledger_entry": "Bokförda poster", "passage": "Texter",
    "revision": "Förslagens texter", "refusal": "Försök som inte gick",
}  # fmt: skip
COLUMNS: Mapping[str, str] = {
    "added_at": "Kom in", "alt": "Vad den visar", "asked_at": "Frågat", "category": "Slag", "changed_at": "Ändrat",
    "content": "Text", "created_at": "Skapat", "declared_on": "Anmält", "disabled_at": "Stängt", "due_on": "Senast",
    "email": "E-post", "ended_at": "Slut", "erased_at": "Gallrat", "error": "Fel", "expires_at": "Gäller till",
    "filename": "Fil", "from_on": "Från", "ground": "Grund", "handed_at": "Lämnat", "kind": "Slag",
    "language": "Språk", "login": "Användarnamn", "n": "Version", "name": "Namn", "number": "Nummer",
    "pace": "Hur ofta", "place": "Plats", "recorded_at": "Infört", "registry_no": "Diarienummer",
    "revoked_at": "Upphört", "role": "Roll", "seen_at": "Senast sedd", "since": "Sedan", "source": "Källa",
    "standing": "Visas", "state": "Läge", "stream": "Nummer", "telephone": "Telefon", "title": "Rubrik",
    "to_on": "Till och med", "uploaded_at": "Hämtat in", "used_at": "Använt",
}  # fmt: skip


SAID: Mapping[str, str] = {
    "what": "Vad", "where": "Var", "why": "Varför", "own_contribution": "Eget bidrag", "point": "Punkt på kartan",
    "outside_plan_reason": "Utanför handlingsplanen",
}  # fmt: skip
VALUES: Mapping[str, str] = {
    "proposer": "förslagsställare", "member": "har en roll", "follower": "följer ett förslag", "picture": "bild",
    "document": "dokument", "waiting": "väntar", "shown": "ja", "hidden": "nej", "sent": "skickat",
    "each": "varje gång", "weekly": "en gång i veckan", "none": "inte alls", "sv": "svenska", "en": "engelska",
    "municipality": "anställd i kommunen",
}  # fmt: skip
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*Z")


def as_text(found: Mapping[str, Any]) -> str:
    """The whole extract. Raises nothing: what has no word of ours stands under its own name."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"Registerutdrag: {found['about']}"
    yield "Allt som finns i Skede om den som frågan gäller (dataskyddsförordningen, artikel 15)."
    for person in found["persons"]:
        yield from _of_person(person)
    yield from _mentions(found["mentioned"])
    if not found["persons"] and not found["mentioned"]:
        yield from ("", "Inget finns.")


def _of_person(person: Mapping[str, Any]) -> Iterator[str]:
    yield from _heading("Personen")
    yield from _values(person["person"])
    for table, rows in person["tables"].items():
        yield from _heading(TABLES.get(table, table))
        for row in rows:
            yield from (*_values(row), "")
    if person["revisions"]:
        yield from _heading("Det du har skrivit i förslag")
    for row in person["revisions"]:
        yield from (*_values(row), "")
    if person["words"]:
        yield from _heading("Det du har skrivit i övrigt")
    for row in person["words"]:
        yield f"{row['stream']}, {FIELDS.get(row['field'], row['field'])}: {row['content']}"
    if person["events"]:
        yield from _heading("Det du har gjort")
    for row in person["events"]:
        yield f"{row['recorded_at'][:10]}  {row['stream']}: {EVENT_TITLES.get(row['kind'], row['kind'])}"
    yield from _mentions(person["mentioned"])


def _mentions(mentioned: list[Mapping[str, Any]]) -> Iterator[str]:
    if mentioned:
        yield from _heading("Där andra texter nämner uppgiften")
    for each in mentioned:
        number = each.get("number") or each.get("stream") or ""
        field = FIELDS.get(each.get("field", ""), "")
        place = ", ".join(str(part) for part in (TABLES.get(each["table"], each["table"]), number, field) if part)
        yield f"{place}: … {' '.join(each['said'].split())} …"


def _heading(text: str) -> tuple[str, str, str]:
    return ("", text, "-" * len(text))


def _values(row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if name == "content" and str(value).startswith("{"):
            yield from (f"{SAID[each]}: {said}" for each, said in json.loads(value).items() if each in SAID and said)
        elif name in COLUMNS and value not in (None, ""):
            told = _MOMENT.sub(r"\1 kl. \2 UTC", VALUES.get(value, str(value)))
            yield f"{COLUMNS[name]}: {told}"
