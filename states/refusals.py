"""Every reason the engine may refuse, in order of precedence. Values, not exceptions: each carries its facts;
the words, in every language, are in ``web/words/words.py``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class RefusalKind(IntEnum):
    """Lower comes first when one must be named. Numbers are stored in logs: a released number keeps its meaning."""

    NOT_FOUND = 10
    NOT_SHOWN = 11  # taken out of sight of the public (avpublicerat)
    KEY_REUSED = 20  # the same key with another content
    STALE_VERSION = 30  # somebody acted after the page was drawn
    STALE_REVISION = 31  # the content was changed after the page was drawn
    ENDED = 40  # the proposal has reached an end
    NOT_HERE = 41  # the transition does not leave the state where the proposal is
    NOT_TOGETHER = 42  # the process does not let this be done with several at once
    NOT_PERMITTED = 50  # the capacities held do not include the one required
    INTERESTED = 51  # an interest in the matter is declared: who has one takes no part
    PREPARED_IT = 52  # who prepared may not attest
    TOO_MANY_TRIES = 55  # wrong passwords: wait before the next
    VOTES_OFF = 56  # the group takes no votes: it seeks agreement
    NO_SUBSTITUTE = 53  # a delegated decision, and the scheme of delegation names no such substitute
    FIELD_MISSING = 60
    FIELD_INVALID = 61
    CONTENT_FIXED = 62  # money is open: the rows change only through a transition that restates them
    CONFLICTING = 64  # what is to be configured does not go together with what there is
    LINES_MISSING = 70
    LINES_UNCLASSIFIED = 71
    FUNDING_INCOMPLETE = 72
    SOURCE_NOT_ALLOWED = 73
    OWNER_UNKNOWN = 74
    SOURCE_UNFIT = 75  # the pot is not the one that the line is classified for
    DECISION_RIGHT_EXCEEDED = 80
    ABOVE_LIMIT = 81
    BELOW_LIMIT = 82
    ABOVE_COMMITMENT = 83  # the tender is above what was decided
    INSTANCE_BELOW = 84  # a decision is not handed to an instance below, or to the one that has it
    VOTE_OPEN = 86  # the group is voting: its position waits until the vote is closed
    VOTE_SAYS_OTHERWISE = 87
    BUDGET_NOT_DECIDED = 90  # the year's pot has no budget
    YEAR_CLOSED = 91
    POT_OVERRUN = 92  # the pot stands överskridet: new decisions wait until it is covered
    POT_SHORT = 93
    NOTHING_OPEN = 94
    COFINANCING_WAITS = 95  # an outside financier is not as sure as the step needs
    OPINIONS_MISSING = 96  # some of those who were asked for an opinion have not answered
    COST_UNEXPLAINED = 98  # what it is said to have cost is not what is booked, or an order is still open
    PICTURE_MISSING = 97  # nothing shows how it turned out, and nobody says why
    MONEY_SPENT = 100
    DECISION_SENT = 101
    NOT_LATEST = 102
    DECISION_CORRECTED = 103  # the step that registered it was undone
    ALREADY_REPORTED = 104  # a delegated decision is reported once
    MERGE_TARGET_ENDED = 110


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, with the facts that the words need, and the roles or bodies who can lift it."""

    kind: RefusalKind
    facts: Mapping[str, object] = field(default_factory=dict)
    lifted_by: tuple[str, ...] = ()  # names of roles or body kinds, for "vem kan häva"
