"""What verify finds when somebody changes a row at a prompt; the change is taken back."""

from sqlalchemy import text

from workflow import Engine
from workflow.verifying import verifying


class _TakenBackError(Exception):
    pass


def faults_of(engine: Engine, change: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    try:
        with engine.database.writing() as connection:
            connection.execute(text(change))
            found = verifying.verify(connection, engine._definitions)
            raise _TakenBackError  # noqa: TRY301 - the block must end so to be taken back
    except _TakenBackError:
        return found
