"""People of the organisation: a new one, other details, and whether they may sign in. Names and addresses are kept
beside the events, so that they can be erased; nobody is ever deleted, for history names them by reference."""

import re
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from states import RefusalKind
from workflow.bodies.administering import Change, Row, conflicting, require, the_person
from workflow.bodies.seats import first_gap, require_administrator
from workflow.people import passwords
from workflow.people.people import new_ref
from workflow.records.refused import Refused
from workflow.storage import schema
from workflow.storage.columns import moment

_P, _A = schema.person.c, schema.account.c
DETAILS = ("name", "title", "email", "telephone")
LONGEST = 200
ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def person(connection: Connection, row: Row, _: date, at: datetime) -> list[Change]:
    """A new member with name and title, and if given e-mail address and telephone; with ``person_id`` other details of
    one that there is. Raises Refused."""
    require(row, "name", "title")
    given = {name: _plain(row, name) for name in DETAILS}
    if given["email"] and not ADDRESS.fullmatch(given["email"]):
        raise Refused.because(RefusalKind.FIELD_INVALID, field="email")
    if "person_id" in row:
        return _change(connection, row, given)
    same = select(_P.id).where(_P.name == given["name"], _P.title == given["title"], _P.kind == "member")
    if connection.execute(same).first():
        raise conflicting("person_exists")
    ref = new_ref()
    values = {"ref": ref, "kind": "member", "created_at": moment(at), **given}
    connection.execute(insert(schema.person).values(values))
    return [Change("person", "added", [{"ref": ref, "kind": "member"}], words=_told(given))]


def _change(connection: Connection, row: Row, given: dict[str, str]) -> list[Change]:
    stored = the_person(connection, row)
    changed = {name: value for name, value in given.items() if stored[name] != value}
    if not changed:
        return []
    connection.execute(update(schema.person).where(_P.id == stored["id"]).values(changed))
    words = _told(changed) | {f"before {name}": str(stored[name]) for name in changed if stored[name]}
    return [Change("person", "changed", [{"ref": stored["ref"], "fields": sorted(changed)}], words=words)]


def _told(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _plain(row: Row, name: str) -> str:
    text = " ".join(str(row.get(name) or "").split())
    if len(text) > LONGEST:
        raise Refused.because(RefusalKind.FIELD_INVALID, field=name)
    return text


def sign_in(connection: Connection, row: Row, today: date, at: datetime) -> list[Change]:
    """``{"person_id", "open": bool}``: whether the person may sign in. A closed sign-in ends every session at once."""
    stored = the_person(connection, row)
    if passwords.login_of_person(connection, stored["id"]) is None:
        raise conflicting("has_no_login")
    disabled = select(_A.disabled_at).where(_A.person_id == stored["id"])
    was_open = connection.execute(disabled).scalar_one() is None
    if was_open == bool(row.get("open")):
        return []
    with_administrator = first_gap(connection, today)
    closed = None if row.get("open") else moment(at)
    connection.execute(update(schema.account).where(_A.person_id == stored["id"]).values(disabled_at=closed))
    require_administrator(connection, today, with_administrator)
    now, before = ({"person": stored["ref"], "open": int(each)} for each in (not was_open, was_open))
    return [Change("sign_in", "changed", [now], [before])]
