"""Tables of the post: what is to be sent to whom, how people want it, which reminders have gone out. Part of
``workflow.storage.schema``. An address stands in ``person`` alone, so that erasing it there is enough."""

from sqlalchemy import CheckConstraint, Index, Table
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

WAITING, KEPT, DEAD = (sql(f"state = '{state}'") for state in ("waiting", "kept", "dead"))

mail = Table(
    "mail",
    metadata,
    key(),
    text("message_id", unique=True),  # the same however often it is sent
    reference("person_id", "person.id"),
    text("kind"),  # duty, before, due, after (reminders), step, told, digest
    text("stream"),  # of the event that it tells; a digest tells of none
    whole("seq"),
    reference("duty_id", "duty.id", null=True),  # once answered, the mail is needless
    text("state"),
    whole("attempts"),
    text("next_at"),
    text("leased_until", null=True),
    text("leased_by", null=True),
    text("error"),  # of the latest attempt
    text("created_at"),
    text("ended_at", null=True),  # sent, given up, or needless before it was sent
    reference("digest_id", "mail.id", null=True),  # the weekly letter that told it instead
    CheckConstraint("state IN ('waiting', 'kept', 'sent', 'dead', 'lapsed')", name="state"),
    Index("ix_mail_waiting", "next_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_mail_kept", "person_id", "id", sqlite_where=KEPT, postgresql_where=KEPT),
    Index("ix_mail_dead", "id", sqlite_where=DEAD, postgresql_where=DEAD),
    Index("ix_mail_digest_id", "digest_id"),
    **STRICT,
)
mail_choice = Table(  # of those who have chosen; the others get each mail at once
    "mail_choice",
    metadata,
    reference("person_id", "person.id", primary_key=True),
    text("pace"),
    text("language"),
    text("changed_at"),
    CheckConstraint("pace IN ('each', 'weekly', 'none')", name="pace"),
    **STRICT,
)
reminder = Table(  # claimed in the transaction that writes its mail: once for each duty, day and stage
    "reminder",
    metadata,
    reference("duty_id", "duty.id", primary_key=True),
    text("due_on", primary_key=True),
    whole("stage", primary_key=True),  # 1 before, 2 on the day, 3 after
    text("made_at"),
    **STRICT,
)
