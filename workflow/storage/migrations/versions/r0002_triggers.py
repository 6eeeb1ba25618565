"""The triggers of the first release, as they were then; what they are for stands in ``workflow.storage.triggers``."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
    """CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision
WHEN NEW.stream IS NOT OLD.stream
    OR NEW.seq IS NOT OLD.seq
    OR NEW.instance IS NOT OLD.instance
    OR NEW.kind IS NOT OLD.kind
    OR NEW.outcome IS NOT OLD.outcome
    OR NEW.decided_on IS NOT OLD.decided_on
    OR NEW.paragraph IS NOT OLD.paragraph
    OR NEW.delegation_point IS NOT OLD.delegation_point
    OR NEW.registry_no IS NOT OLD.registry_no
BEGIN
    SELECT RAISE(ABORT, 'decision keeps what was written - no UPDATE');
END""",
    """CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN
    SELECT RAISE(ABORT, 'decision keeps what was written - no DELETE');
END""",
    """CREATE TRIGGER decision_no_insert BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM decision WHERE stream = NEW.stream AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'decision keeps what was written - no INSERT');
END""",
    """CREATE TRIGGER definition_no_update BEFORE UPDATE ON definition
BEGIN
    SELECT RAISE(ABORT, 'definition keeps what was written - no UPDATE');
END""",
    """CREATE TRIGGER definition_no_delete BEFORE DELETE ON definition
BEGIN
    SELECT RAISE(ABORT, 'definition keeps what was written - no DELETE');
END""",
    """CREATE TRIGGER definition_no_insert BEFORE INSERT ON definition
WHEN EXISTS (SELECT 1 FROM definition WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM definition WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM definition WHERE process = NEW.process AND version = NEW.version)
BEGIN
    SELECT RAISE(ABORT, 'definition keeps what was written - no INSERT');
END""",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'event keeps what was written - no UPDATE');
END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'event keeps what was written - no DELETE');
END""",
    """CREATE TRIGGER event_no_insert BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM event WHERE stream = NEW.stream AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'event keeps what was written - no INSERT');
END""",
    """CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry keeps what was written - no UPDATE');
END""",
    """CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry keeps what was written - no DELETE');
END""",
    """CREATE TRIGGER ledger_entry_no_insert BEFORE INSERT ON ledger_entry
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM ledger_entry WHERE stream = NEW.stream AND seq = NEW.seq AND n = NEW.n)
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry keeps what was written - no INSERT');
END""",
    """CREATE TRIGGER passage_no_update BEFORE UPDATE ON passage
WHEN NEW.stream IS NOT OLD.stream
    OR NEW.seq IS NOT OLD.seq
    OR NEW.field IS NOT OLD.field
    OR NEW.digest IS NOT OLD.digest
    OR NOT (NEW.salt = '' AND NEW.content = '')
BEGIN
    SELECT RAISE(ABORT, 'passage keeps what was written - no UPDATE');
END""",
    """CREATE TRIGGER passage_no_delete BEFORE DELETE ON passage
BEGIN
    SELECT RAISE(ABORT, 'passage keeps what was written - no DELETE');
END""",
    """CREATE TRIGGER passage_no_insert BEFORE INSERT ON passage
WHEN EXISTS (SELECT 1 FROM passage WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM passage WHERE stream = NEW.stream AND seq = NEW.seq AND field = NEW.field)
BEGIN
    SELECT RAISE(ABORT, 'passage keeps what was written - no INSERT');
END""",
    """CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision keeps what was written - no UPDATE');
END""",
    """CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision keeps what was written - no DELETE');
END""",
    """CREATE TRIGGER revision_no_insert BEFORE INSERT ON revision
WHEN EXISTS (SELECT 1 FROM revision WHERE rowid = NEW.rowid)
    OR EXISTS (SELECT 1 FROM revision WHERE proposal_id = NEW.proposal_id AND n = NEW.n)
BEGIN
    SELECT RAISE(ABORT, 'revision keeps what was written - no INSERT');
END""",
)

POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = TG_TABLE_NAME || ' keeps what was written - no ' || TG_OP;
END $$""",
    """CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision FOR EACH ROW
WHEN (NEW.stream IS DISTINCT FROM OLD.stream
    OR NEW.seq IS DISTINCT FROM OLD.seq
    OR NEW.instance IS DISTINCT FROM OLD.instance
    OR NEW.kind IS DISTINCT FROM OLD.kind
    OR NEW.outcome IS DISTINCT FROM OLD.outcome
    OR NEW.decided_on IS DISTINCT FROM OLD.decided_on
    OR NEW.paragraph IS DISTINCT FROM OLD.paragraph
    OR NEW.delegation_point IS DISTINCT FROM OLD.delegation_point
    OR NEW.registry_no IS DISTINCT FROM OLD.registry_no)
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER definition_no_update BEFORE UPDATE ON definition FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER definition_no_delete BEFORE DELETE ON definition FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER definition_no_truncate BEFORE TRUNCATE ON definition FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER passage_no_update BEFORE UPDATE ON passage FOR EACH ROW
WHEN (NEW.stream IS DISTINCT FROM OLD.stream
    OR NEW.seq IS DISTINCT FROM OLD.seq
    OR NEW.field IS DISTINCT FROM OLD.field
    OR NEW.digest IS DISTINCT FROM OLD.digest
    OR NOT (NEW.salt = '' AND NEW.content = ''))
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER passage_no_delete BEFORE DELETE ON passage FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER passage_no_truncate BEFORE TRUNCATE ON passage FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision FOR EACH ROW
EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)
