"""Every table, with the invariants that the database itself keeps. Knows no query.

Personal data and free text stand in ``person`` and ``passage``; events refer to them by a random reference or a
salted digest, so that they can be erased and the chain still verifies.
"""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole
from workflow.storage.schema_access import attempt, invitation, session_browser
from workflow.storage.schema_acting import deputy, handover, interest, member_property
from workflow.storage.schema_content import cost_detail, cost_line, funding, revision
from workflow.storage.schema_imports import import_batch, import_row
from workflow.storage.schema_mail import mail, mail_choice, reminder
from workflow.storage.schema_meetings import calendar_feed, decision_record, meeting_item
from workflow.storage.schema_money import holding, ledger_entry, pot, pot_year
from workflow.storage.schema_once import notice, refusal, request
from workflow.storage.schema_people import (
    account,
    body,
    decision_right,
    link,
    meeting,
    membership,
    person,
    quiet_period,
    rate,
    session,
)
from workflow.storage.schema_publishing import comment, erasure, held_decision, public_face, public_wording
from workflow.storage.schema_queue import opinion_round, watch
from workflow.storage.schema_searching import search_form, search_word
from workflow.storage.schema_submission import draft, upload
from workflow.storage.schema_subscribing import follow
from workflow.storage.schema_votes import vote_rule

mark = Table("mark", metadata, text("name", primary_key=True), text("value"), **STRICT)  # demo, seed digest

definition = Table(
    "definition",
    metadata,
    key(),
    text("process"),
    whole("version"),
    text("digest"),
    text("body"),
    text("stored_at"),
    UniqueConstraint("process", "version", name="uq_definition_process"),
    **STRICT,
)

# --- proposals ---------------------------------------------------------------------------------------------------

proposal = Table(
    "proposal",
    metadata,
    key(),
    text("number", unique=True),  # CG-2026-014
    reference("definition_id", "definition.id"),
    reference("proposer_id", "person.id"),
    text("state"),
    text("origin"),  # "" in a main state
    text("awaits_role"),  # whose move it is, resolved on entry: a role or a body, "" for neither
    text("awaits_body"),
    whole("version"),  # moves and revisions; what a decider saw
    whole("revision"),
    whole("seq"),  # events
    text("head"),  # hash of the latest event
    text("since"),
    text("due_on", null=True),
    text("parked_until", null=True),
    text("ended_at", null=True),
    text("created_at"),
    text("registry_no", null=True),
    whole("is_example"),
    CheckConstraint("version >= 1 AND revision >= 1 AND seq >= 1", name="counts"),
    Index("ix_proposal_state", "state", "id"),
    Index(
        "ix_proposal_awaits",
        "awaits_body",
        sql("coalesce(due_on, '9999-12-31')"),  # nobody is late, so last
        "id",
        sqlite_where=sql("ended_at IS NULL"),
        postgresql_where=sql("ended_at IS NULL"),
    ),
    Index(
        "ix_proposal_parked",
        "parked_until",
        "id",
        sqlite_where=sql("parked_until IS NOT NULL"),
        postgresql_where=sql("parked_until IS NOT NULL"),
    ),
    **STRICT,
)
duty = Table(
    "duty",
    metadata,
    key(),
    reference("proposal_id", "proposal.id"),
    whole("seq"),  # of the event that opened it
    text("kind"),  # step, classify, ...
    text("holder"),  # officer, registrar:ks
    text("since"),
    text("due_on"),  # 9999-12-31: nobody is late
    whole("version"),
    text("answered_at", null=True),
    text("answer", null=True),
    Index(
        "ix_duty_open",
        "holder",
        "due_on",
        "id",
        sqlite_where=sql("answered_at IS NULL"),
        postgresql_where=sql("answered_at IS NULL"),
    ),
    Index("ix_duty_proposal", "proposal_id", "id"),
    **STRICT,
)

# --- history -----------------------------------------------------------------------------------------------------

stream = Table(  # heads of the streams that are not proposals: pots, bodies, the configuration
    "stream", metadata, text("name", primary_key=True), whole("seq"), text("head"), **STRICT
)
event = Table(
    "event",
    metadata,
    text("stream", primary_key=True),  # "CG-2026-014", "pot/investment/2026", "configuration"
    whole("seq", primary_key=True),
    text("kind"),
    text("actor"),  # a person's ref
    text("recorded_at"),
    text("body"),  # canonical JSON: everything that the hash covers
    text("previous"),
    text("hash"),
    Index("ix_event_recorded", "recorded_at"),
    Index("ix_event_actor", "actor", "recorded_at", "stream", "seq", "kind"),  # read alone, newest first
    **STRICT,
)
passage = Table(  # free text of an event, referenced from its body by salted digest
    "passage",
    metadata,
    text("stream", primary_key=True),
    whole("seq", primary_key=True),
    text("field", primary_key=True),
    text("salt"),
    text("content"),
    text("digest"),
    **STRICT,
)
decision = Table(
    "decision",
    metadata,
    text("stream", primary_key=True),
    whole("seq", primary_key=True),
    text("instance"),  # a body's code or a role
    text("kind"),  # board, delegated, execution
    text("outcome"),
    text("decided_on"),
    text("paragraph", null=True),
    text("delegation_point", null=True),
    text("registry_no", null=True),
    text("adjusted_on", null=True),
    text("sent_at", null=True),
    Index("ix_decision_instance", "instance", "decided_on"),
    **STRICT,
)

APPEND_ONLY = ("event", "ledger_entry", "definition", "revision", "cost_detail")

__all__ = [
    "APPEND_ONLY", "account", "attempt", "body", "calendar_feed", "comment", "cost_detail", "cost_line", "decision",
    "decision_record", "decision_right", "definition", "deputy", "draft", "duty", "erasure", "event", "follow",
    "funding", "handover", "held_decision",
    "holding", "import_batch", "import_row", "interest", "invitation", "ledger_entry",
    "link", "mail", "mail_choice", "mark", "meeting", "meeting_item", "member_property", "membership", "metadata",
    "notice", "opinion_round", "passage", "person", "pot", "pot_year", "proposal", "public_face", "public_wording",
    "quiet_period", "rate", "refusal", "reminder", "request", "revision", "search_form", "search_word", "session",
    "session_browser", "stream", "upload", "vote_rule", "watch",
]  # fmt: skip
