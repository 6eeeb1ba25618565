"""Who acts for whom, who takes no part, whose property lies where, whose hands a task was put in; and which role a
decision right names as the substitute of its holder."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def whole(name: str, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def key() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, autoincrement=True, nullable=False)


def text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _deputies()
    _interests()
    _handovers()
    _substitutes()


def _deputies() -> None:
    op.create_table(
        "deputy",
        key(), whole("principal_id"), whole("deputy_id"), text("from_on"), text("to_on"), whole("seq"),
        text("ended_at", True),
        primary("deputy"),
        sa.CheckConstraint("principal_id <> deputy_id", name=op.f("ck_deputy_another")),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_deputy_period")),
        refers("deputy", "principal_id", "person"), refers("deputy", "deputy_id", "person"),
        sa.UniqueConstraint("seq", name=op.f("uq_deputy_seq")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index("ix_deputy_deputy", "deputy", ["deputy_id"])
    op.create_index("ix_deputy_principal", "deputy", ["principal_id"])


def _interests() -> None:
    op.create_table(
        "interest",
        key(), whole("proposal_id"), whole("person_id"), text("ground"), text("declared_on"), text("noted_by"),
        whole("seq"), whole("withdrawn_seq", True),
        primary("interest"),
        sa.UniqueConstraint("proposal_id", "seq", name=op.f("uq_interest_proposal_id")),
        refers("interest", "proposal_id", "proposal"), refers("interest", "person_id", "person"),
        sqlite_strict=True,
    )  # fmt: skip
    held = sa.text("withdrawn_seq IS NULL")
    op.create_index(
        "ix_interest_person", "interest", ["person_id", "proposal_id"], unique=True, sqlite_where=held,
        postgresql_where=held,
    )  # fmt: skip
    op.create_table(
        "member_property",
        key(), whole("person_id"), text("place"), text("from_on"), text("to_on", True), text("source"),
        primary("member_property"),
        refers("member_property", "person_id", "person"),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index("ix_member_property_person", "member_property", ["person_id"])


def _handovers() -> None:
    op.create_table(
        "handover",
        key(), whole("duty_id"), whole("from_id"), whole("to_id"), text("handed_at"), whole("seq"),
        whole("returned_seq", True),
        primary("handover"),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_handover_another")),
        refers("handover", "duty_id", "duty"), refers("handover", "from_id", "person"),
        refers("handover", "to_id", "person"),
        sqlite_strict=True,
    )  # fmt: skip
    open_ = sa.text("returned_seq IS NULL")
    op.create_index(
        "ix_handover_duty", "handover", ["duty_id"], unique=True, sqlite_where=open_, postgresql_where=open_
    )
    op.create_index("ix_handover_to", "handover", ["to_id", "duty_id"])
    op.create_index("ix_handover_from", "handover", ["from_id", "duty_id"])


def _substitutes() -> None:
    """SQLite writes an added column after the constraints: there the table is made anew, so that it reads the same."""
    if op.get_bind().dialect.name != "sqlite":
        op.add_column("decision_right", text("substitute", True))
        return
    op.rename_table("decision_right", "decision_right_before")
    op.create_table(
        "decision_right",
        key(), text("holder"), whole("level"), text("source"), whole("up_to_ore", True), text("point", True),
        text("from_on"), text("to_on", True), text("basis"), text("substitute", True),
        primary("decision_right"),
        sqlite_strict=True,
    )  # fmt: skip
    columns = "id, holder, level, source, up_to_ore, point, from_on, to_on, basis"
    op.execute(f"INSERT INTO decision_right ({columns}) SELECT {columns} FROM decision_right_before")
    op.drop_table("decision_right_before")
