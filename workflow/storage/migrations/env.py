"""What Alembic runs: on the connection it is given, inside the transaction that is open there. Opens nothing itself."""

from alembic import context

from workflow.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
