"""Recomputes every balance, state, chain and digest from what was written, and names each row that disagrees.

``seal`` writes one digest over all heads: a chain alone does not reveal a tail that was cut off.
"""

from datetime import datetime

from sqlalchemy import Connection

from workflow.records.definitions import Definitions
from workflow.records.history import canonical, chain
from workflow.storage import schema
from workflow.storage.columns import moment
from workflow.storage.stored_rows import read
from workflow.verifying.verifying_acting import wrong_acting
from workflow.verifying.verifying_balances import wrong_balances, wrong_budgets, wrong_holdings, wrong_pot_years
from workflow.verifying.verifying_chains import heads_of, wrong_chains, wrong_heads
from workflow.verifying.verifying_configuration import wrong_configuration
from workflow.verifying.verifying_decisions import wrong_decision_records, wrong_decisions, wrong_meeting_items
from workflow.verifying.verifying_mail import wrong_mail
from workflow.verifying.verifying_opinions import wrong_opinions
from workflow.verifying.verifying_publishing import wrong_comments, wrong_faces, wrong_publishing
from workflow.verifying.verifying_rates import wrong_rates
from workflow.verifying.verifying_records import (
    wrong_classifications,
    wrong_entries,
    wrong_lines,
    wrong_passages,
    wrong_revisions,
)
from workflow.verifying.verifying_searching import wrong_searching
from workflow.verifying.verifying_states import wrong_duties, wrong_states
from workflow.verifying.verifying_subscribing import wrong_subscribing
from workflow.verifying.verifying_votes import wrong_votes


def verify(connection: Connection, definitions: Definitions) -> tuple[str, ...]:
    """Every fault as one line "table (key): what is wrong"; empty when all agree to the öre."""
    events = read(connection, schema.event, "stream", "seq")
    return (
        *wrong_chains(events),
        *wrong_heads(connection, events),
        *wrong_passages(connection, events),
        *wrong_decisions(connection, events),
        *wrong_decision_records(connection, events),
        *wrong_meeting_items(connection, events),
        *wrong_entries(connection, events),
        *wrong_revisions(connection, events),
        *wrong_lines(connection, events),
        *wrong_classifications(connection, events),
        *wrong_states(connection, definitions, events),
        *wrong_duties(connection),
        *wrong_opinions(connection, definitions, events),
        *wrong_balances(connection),
        *wrong_pot_years(connection, events),
        *wrong_budgets(connection, events),
        *wrong_holdings(connection),
        *wrong_rates(connection, events),
        *wrong_configuration(connection, events),
        *wrong_mail(connection, events),
        *wrong_votes(connection, events),
        *wrong_acting(connection, events),
        *wrong_searching(connection),
        *wrong_subscribing(connection, events),
        *wrong_comments(connection, events),
        *wrong_faces(connection, events),
        *wrong_publishing(connection, events),
    )


def seal(connection: Connection, at: datetime) -> str:
    """One digest over every stream's length and head, as text to publish or keep elsewhere."""
    heads = sorted(heads_of(connection).items())
    lines = canonical([[name, seq, head] for name, (seq, head) in heads])
    return f"skede seal {moment(at)} streams={len(heads)} sha256={chain('', lines)}"
