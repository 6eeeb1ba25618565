"""What else is said of a cost line: a table of its own, which keeps what was written."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEEPS = "cost_detail keeps what was written - no"
SQLITE = (
    f"""CREATE TRIGGER cost_detail_no_update BEFORE UPDATE ON cost_detail
BEGIN
    SELECT RAISE(ABORT, '{KEEPS} UPDATE');
END""",
    f"""CREATE TRIGGER cost_detail_no_delete BEFORE DELETE ON cost_detail
BEGIN
    SELECT RAISE(ABORT, '{KEEPS} DELETE');
END""",
    f"""CREATE TRIGGER cost_detail_no_insert BEFORE INSERT ON cost_detail
WHEN EXISTS (SELECT 1 FROM cost_detail WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM cost_detail WHERE proposal_id = NEW.proposal_id AND revision = NEW.revision AND n = NEW.n)
BEGIN
    SELECT RAISE(ABORT, '{KEEPS} INSERT');
END""",
)
POSTGRESQL = (
    """CREATE TRIGGER cost_detail_no_update BEFORE UPDATE ON cost_detail FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER cost_detail_no_delete BEFORE DELETE ON cost_detail FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER cost_detail_no_truncate BEFORE TRUNCATE ON cost_detail FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "cost_detail",
        whole("proposal_id"),
        whole("revision"),
        whole("n"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "revision", "n", name=op.f("pk_cost_detail")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_cost_detail_proposal_id_proposal")),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)
