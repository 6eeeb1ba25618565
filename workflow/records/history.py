"""Streams of events: canonical bytes, one chain per stream, free text beside it behind salted digests.

A stream is a proposal ("CG-2026-014"), a pot-year ("pot/investment/2026"), a body ("body/ks") or "configuration".
Every event holds the SHA-256 of the one before it over the stored bytes.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from states import Capacity
from workflow.storage import schema
from workflow.storage.statements import Batch, Statement

GENESIS = "0" * 64

_EVENT = Statement("event", schema.event.insert(), columns=[column.name for column in schema.event.c])
_PASSAGE = Statement("passage", schema.passage.insert(), columns=[column.name for column in schema.passage.c])


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # once: it is asked often


def canonical(value: Any) -> str:
    """The one text of a value of str, int, None, list and dict: the same on every machine and database."""
    return _ENCODER.encode(value)


def chain(previous: str, body: str) -> str:
    """The hash of an event: SHA-256 over the hash before it and its own stored bytes."""
    return hashlib.sha256(b"\x00" + previous.encode() + body.encode()).hexdigest()


def salted(salt: str, content: str) -> str:
    """The digest by which an event refers to text that may be erased."""
    return hashlib.sha256(b"\x01" + salt.encode() + b"\x00" + content.encode()).hexdigest()


def digest_of(secret: str) -> str:
    """How a link's or a session's secret is kept. It is 256 random bits: a plain SHA-256 keeps it, and is looked up by
    index."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_salt() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event ready to be stored, with its passages (field, salt, content, digest)."""

    stream: str
    seq: int
    kind: str
    actor: str
    recorded_at: str
    body: str
    previous: str
    hash: str
    passages: tuple[tuple[str, str, str, str], ...]


def record(
    *,
    stream: str,
    seq: int,
    previous: str,
    kind: str,
    actor: str,
    at: str,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
) -> Recorded:
    """The event that follows ``previous`` in its stream. ``facts`` goes into the body, ``words`` beside it.

    The body holds: stream, seq, kind, actor, recorded_at, words {field: digest} and all of ``facts``.
    """
    passages = []
    for field, content in words.items():
        salt = new_salt()
        passages.append((field, salt, content, salted(salt, content)))
    body = canonical(
        {
            **facts,
            "stream": stream,
            "seq": seq,
            "kind": kind,
            "actor": actor,
            "recorded_at": at,
            "words": {field: digest for field, _, _, digest in passages},
        }
    )
    return Recorded(stream, seq, kind, actor, at, body, previous, chain(previous, body), tuple(passages))


def write_event(batch: Batch, event: Recorded) -> None:
    """Adds the event's row and its passages to the batch."""
    batch.add(
        _EVENT, stream=event.stream, seq=event.seq, kind=event.kind, actor=event.actor,
        recorded_at=event.recorded_at, body=event.body, previous=event.previous, hash=event.hash,
    )  # fmt: skip
    for name, salt, content, digest in event.passages:
        batch.add(_PASSAGE, stream=event.stream, seq=event.seq, field=name, salt=salt, content=content, digest=digest)


def capacity_facts(capacity: Capacity) -> dict[str, Any]:
    """As what somebody acted, as an event tells it; of a deputy also on behalf of whom, and what says so."""
    held: dict[str, Any] = {
        "role": capacity.role, "body": capacity.body, "body_kind": capacity.body_kind,
        "membership": capacity.membership,
    }  # fmt: skip
    return held if capacity.principal is None else held | {"principal": capacity.principal, "deputy": capacity.deputy}
