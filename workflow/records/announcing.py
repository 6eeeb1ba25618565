"""Notices: that somebody is to be told of an event, written in the very transaction of what they tell of. To whom a
notice goes and whether it is still true is for ``addressing``; nothing is sent here."""

from collections.abc import Iterable
from datetime import datetime

from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.statements import Batch, Statement

PROPOSER = "proposer"
_NOTICE = Statement("notice", schema.notice.insert(), columns=["stream", "seq", "kind", "recipient", "created_at"])


def announce(batch: Batch, stream: str, seq: int, kind: str, recipients: Iterable[str], at: datetime) -> None:
    """Adds one notice of the stream's event ``seq`` for each recipient: ``proposer``, a holder of duties
    (``officer``, ``registrar:ks``) or one person's reference."""
    for recipient in dict.fromkeys(recipients):
        batch.add(_NOTICE, stream=stream, seq=seq, kind=kind, recipient=recipient, created_at=moment(at))
