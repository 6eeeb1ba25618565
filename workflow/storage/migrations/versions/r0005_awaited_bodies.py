"""Whose move it is can be asked by body: what waits for a group, nearest day first."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_proposal_awaits", "proposal", ["awaits_body", "due_on", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
