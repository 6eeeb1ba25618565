"""Makes it happen: state, money and history in one transaction; who may act; what is waiting."""

from workflow.acts.registering import Registered
from workflow.books.booking import Invoice
from workflow.engine import Engine, now
from workflow.money.contents import FundingAsk, Rows, Text
from workflow.money.line_details import LineDetails
from workflow.records.outages import outcome_of
from workflow.records.refused import Refused
from workflow.settings.configuration import Configuration, ConfigurationError

__all__ = [
    "Configuration", "ConfigurationError", "Engine", "FundingAsk", "Invoice", "LineDetails", "Refused", "Registered",
    "Rows", "Text", "now", "outcome_of",
]  # fmt: skip
