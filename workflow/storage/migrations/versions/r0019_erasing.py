"""The words of a revision may be erased, salt and all; nothing else of it ever changes."""

from alembic import op

revision = "0019"
down_revision = "0018"

KEPT = ("proposal_id", "n", "digest", "recorded_at")
ERASED = "NEW.salt = '' AND NEW.title = '' AND NEW.content = ''"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER revision_no_update")
        op.execute(
            f"CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision\nWHEN {_forbidden('IS NOT')}\n"
            "BEGIN\n    SELECT RAISE(ABORT, 'revision keeps what was written - no UPDATE');\nEND"
        )
        return
    op.execute("DROP TRIGGER revision_no_update ON revision")
    op.execute(
        "CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision FOR EACH ROW\n"
        f"WHEN ({_forbidden('IS DISTINCT FROM')})\nEXECUTE FUNCTION refuse_change()"
    )


def _forbidden(differs: str) -> str:
    changed = (f"NEW.{name} {differs} OLD.{name}" for name in KEPT)
    return "\n    OR ".join((*changed, f"NOT ({ERASED})"))
