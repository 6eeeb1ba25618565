"""The files that nobody has looked at are found without reading all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    waits = sa.text("standing = 'waiting' AND erased_at IS NULL")
    op.create_index("ix_upload_waiting", "upload", ["proposal_id"], sqlite_where=waits, postgresql_where=waits)
