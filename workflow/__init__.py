"""Makes it happen: state, money and history in one transaction; who may act; what is waiting."""

from workflow.booking import Invoice
from workflow.configuration import Configuration, ConfigurationError
from workflow.contents import FundingAsk, Rows, Text
from workflow.engine import Engine, now
from workflow.line_details import LineDetails
from workflow.outages import outcome_of
from workflow.refused import Refused
from workflow.registering import Registered

__all__ = [
    "Configuration", "ConfigurationError", "Engine", "FundingAsk", "Invoice", "LineDetails", "Refused", "Registered",
    "Rows", "Text", "now", "outcome_of",
]  # fmt: skip
