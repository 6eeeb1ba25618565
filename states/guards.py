"""Rules that may say no. Each is a pure function of the facts and its argument: True, or a Refusal with its facts and
who can lift it. What a rule may know is listed in ``states/facts.py``."""

from collections.abc import Callable, Mapping
from typing import Literal

from states.definition import Process
from states.facts import Awaited, CostLine, Facts, FundingRow
from states.money import Ore
from states.refusals import Refusal, RefusalKind
from states.vocabulary import CLASSIFICATIONS, COFINANCING, OPERATING_KINDS

Answer = Literal[True] | Refusal
Guard = Callable[[Process, Facts, str], Answer]
TOTAL = "total"


def lines_of(process: Process, facts: Facts, part: str) -> tuple[CostLine, ...]:
    """The cost lines of a binding, or all of them for ``total``."""
    return tuple(each for each in facts.lines if part == TOTAL or process.binding_of(each.kind) == part)


def funding_of(process: Process, facts: Facts, part: str) -> tuple[FundingRow, ...]:
    """The funding rows that pay the cost lines of a part."""
    numbers = {each.n for each in lines_of(process, facts, part)}
    return tuple(each for each in facts.funding if each.line in numbers)


def total(facts: Facts) -> Ore:
    """The sum of all cost lines, in öre excluding VAT."""
    return Ore(sum(int(each.amount) for each in facts.lines))


def lines_exist(process: Process, facts: Facts, part: str) -> Answer:
    """Something is said to cost something."""
    if any(each.amount > 0 for each in lines_of(process, facts, part)):
        return True
    return Refusal(RefusalKind.LINES_MISSING, {"part": part}, ("officer",))


def lines_are_classified(process: Process, facts: Facts, part: str) -> Answer:
    """The attestant has said of every line which pot it belongs to (four eyes)."""
    left = tuple(each.what for each in lines_of(process, facts, part) if each.classification is None)
    return Refusal(RefusalKind.LINES_UNCLASSIFIED, {"lines": left}, ("attestant",)) if left else True


def funding_is_complete(process: Process, facts: Facts, part: str) -> Answer:
    """Every line is paid to the öre, by sources that its binding allows."""
    lines = lines_of(process, facts, part)
    if not any(each.amount > 0 for each in lines):
        return Refusal(RefusalKind.LINES_MISSING, {"part": part}, ("officer",))
    for line in lines:
        rows = [each for each in facts.funding if each.line == line.n]
        binding = process.binding_of(line.kind)
        allowed = process.bindings[binding].sources if binding else ()
        wrong = next((each.source for each in rows if each.source not in allowed), None)
        if wrong is not None:
            return Refusal(RefusalKind.SOURCE_NOT_ALLOWED, {"line": line.what, "source": wrong}, ("officer",))
        missing = int(line.amount) - sum(int(each.amount) for each in rows)
        if missing:
            facts_ = {"line": line.what, "missing_ore": missing, "asked_ore": int(line.amount)}
            return Refusal(RefusalKind.FUNDING_INCOMPLETE, facts_, ("officer",))
    return True


def sources_fit_classification(process: Process, facts: Facts, part: str) -> Answer:
    """A yearly pot pays only what is classified as its own; what is operating by its kind needs the attestant's word
    before an investment pot pays it. A line that nobody has classified yet is otherwise left to its own guard."""
    for line in lines_of(process, facts, part):
        said = line.classification or ("operating" if line.kind in OPERATING_KINDS else None)
        paid = {each.source for each in facts.funding if each.line == line.n} & set(CLASSIFICATIONS)
        for source in sorted(paid - {said} if said else ()):
            told = {"line": line.what, "source": source, "classification": said}
            return Refusal(RefusalKind.SOURCE_UNFIT, told, ("attestant",))
    return True


def owner_is_known(_: Process, facts: Facts, __: str) -> Answer:
    """Whose place it is decides whether it can be an investment at all."""
    unknown = tuple(each.what for each in facts.lines if each.owner == "unknown")
    return Refusal(RefusalKind.OWNER_UNKNOWN, {"lines": unknown}, ("officer",)) if unknown else True


def within_decision_right(_: Process, facts: Facts, __: str) -> Answer:
    """Whoever is awaited carries the whole sum by the decision rights in force today, or stands above who does."""
    needed, awaited = facts.decider, facts.awaited
    if needed is None:
        return Refusal(
            RefusalKind.DECISION_RIGHT_EXCEEDED, {"amount_ore": int(total(facts)), "needs": None}, ("council",)
        )
    if awaited is not None and (needed.role, needed.body) == (awaited.role, awaited.body):
        return True
    if awaited is not None and _level(facts, awaited) > _level(facts, needed) > 0:
        return True
    who = needed.body or needed.role or ""
    told = {"amount_ore": int(total(facts)), "needs": who}
    return Refusal(RefusalKind.DECISION_RIGHT_EXCEEDED, told, (needed.body_kind or who,))


def _level(facts: Facts, instance: Awaited) -> int:
    return facts.levels.get(instance.body or instance.role or "", 0)


def next_instance_may_decide(_: Process, facts: Facts, __: str) -> Answer:
    """A decision is handed on to another instance that does not stand below the one now awaited."""
    chosen, awaited = facts.form.get("awaits_next"), facts.awaited
    if chosen is None:
        return True
    level = facts.levels.get(str(chosen))
    if level is None:
        return Refusal(RefusalKind.FIELD_INVALID, {"field": "awaits_next"})
    now = (awaited.body or awaited.role) if awaited else None
    if awaited is not None and (chosen == now or level < _level(facts, awaited)):
        return Refusal(RefusalKind.INSTANCE_BELOW, {"next": chosen, "awaits": now})
    return True


def total_at_most(_: Process, facts: Facts, limit: str) -> Answer:
    """The whole sum is at most a limit in force today; a limit that nobody has given lets nothing pass."""
    most = facts.limits.get(limit)
    if most is not None and total(facts) <= most:
        return True
    told = {"limit": limit, "limit_ore": most, "amount_ore": int(total(facts))}
    return Refusal(RefusalKind.ABOVE_LIMIT, told, ("administrator",) if most is None else ())


def total_above(_: Process, facts: Facts, limit: str) -> Answer:
    """The whole sum is above a limit; where none is given, everything is."""
    most = facts.limits.get(limit)
    if most is None or total(facts) > most:
        return True
    return Refusal(RefusalKind.BELOW_LIMIT, {"limit": limit, "limit_ore": most, "amount_ore": int(total(facts))})


def within_commitment(_: Process, facts: Facts, binding: str) -> Answer:
    """The contract costs no more than what was decided."""
    amount = facts.form.get("contract_amount")
    committed = sum(int(each.committed) for each in facts.holdings if each.binding == binding)
    if not isinstance(amount, int) or amount <= committed:
        return True
    told = {"amount_ore": int(amount), "committed_ore": committed}
    return Refusal(RefusalKind.ABOVE_COMMITMENT, told, ("budget_holder", "executive", "council"))


def cofinancing_is_agreed(process: Process, facts: Facts, binding: str) -> Answer:
    """Whoever pays from outside has signed for it."""
    return _cofinanced(process, facts, binding, "agreed")


def cofinancing_is_received(process: Process, facts: Facts, binding: str) -> Answer:
    return _cofinanced(process, facts, binding, "received")


def _cofinanced(process: Process, facts: Facts, binding: str, least: str) -> Answer:
    enough = COFINANCING[COFINANCING.index(least) :]
    for row in funding_of(process, facts, binding):
        known = facts.cofinancing.get(row.pot)
        if row.source == "outside" and (known is None or known.standing not in enough):
            told = {"financier": known.financier if known else "", "standing": known.standing if known else ""}
            return Refusal(RefusalKind.COFINANCING_WAITS, told | {"needs": least}, ("officer", "controller"))
    return True


def is_committed(_: Process, facts: Facts, binding: str) -> Answer:
    return _holds(facts, binding, "committed")


def is_ordered(_: Process, facts: Facts, binding: str) -> Answer:
    return _holds(facts, binding, "ordered")


def _holds(facts: Facts, binding: str, bucket: str) -> Answer:
    if any(getattr(each, bucket) > 0 for each in facts.holdings if each.binding == binding):
        return True
    return Refusal(RefusalKind.NOTHING_OPEN, {"binding": binding, "bucket": bucket}, ("budget_holder",))


def nothing_is_spent(_: Process, facts: Facts, __: str) -> Answer:
    spent = sum(int(each.spent) for each in facts.holdings)
    return Refusal(RefusalKind.MONEY_SPENT, {"spent_ore": spent}) if spent else True


def nothing_is_open(_: Process, facts: Facts, __: str) -> Answer:
    """No money stands reserved, decided or ordered."""
    left = sum(int(each.reserved) + int(each.committed) + int(each.ordered) for each in facts.holdings)
    return Refusal(RefusalKind.CONTENT_FIXED, {"open_ore": left}, ("budget_holder",)) if left else True


def not_the_preparer(_: Process, facts: Facts, __: str) -> Answer:
    """Who prepared may not attest."""
    if facts.actor in facts.prepared_by:
        return Refusal(RefusalKind.PREPARED_IT, {}, ("budget_holder",))
    return True


def merge_target_is_open(_: Process, facts: Facts, __: str) -> Answer:
    """The proposal merged into exists, is another one, and has not ended; the caller looked."""
    if facts.form.get("merged_with") is None or facts.merge_target_open:
        return True
    return Refusal(RefusalKind.MERGE_TARGET_ENDED, {"number": facts.form["merged_with"]}, ("officer",))


def position_follows_the_vote(facts: Facts, position: str) -> Answer:
    """Where a group votes, its position waits for the vote and says what the vote said. Asked of every transition
    with a position, whatever the file names: a vote that counted for nothing would be none."""
    ballot = facts.ballot
    if ballot is None:
        return True
    told = {"cast": ballot.cast, "of": ballot.of, "in_favour": ballot.in_favour, "needed": ballot.needed}
    if ballot.is_open:
        return Refusal(RefusalKind.VOTE_OPEN, told, ("officer",))
    says = {"recommends": ballot.carried, "advises_against": not ballot.carried}
    return True if says.get(position, True) else Refusal(RefusalKind.VOTE_SAYS_OTHERWISE, told)


def opinions_are_in(_: Process, facts: Facts, __: str) -> Answer:
    """Everybody who was asked for an opinion has answered, or the officer has closed the round and said why."""
    missing = facts.opinions_missing
    if not missing:
        return True
    told = {"missing": missing, "answered": facts.opinions_asked - len(missing), "asked": facts.opinions_asked}
    return Refusal(RefusalKind.OPINIONS_MISSING, told, ("officer",))


def outcome_is_pictured(_: Process, facts: Facts, __: str) -> Answer:
    """Whoever reports back shows how it turned out, or says why there is no picture of it. Until something is
    reported nothing is missing."""
    if facts.pictures_after or "report" not in facts.form or facts.form.get("no_picture"):
        return True
    return Refusal(RefusalKind.PICTURE_MISSING, {}, ("officer",))


def outcome_is_accounted_for(_: Process, facts: Facts, __: str) -> Answer:
    """What it is said to have cost in the end is what is booked, and nothing ordered is forgotten; or somebody says why
    not. Until something is reported nothing is missing."""
    spent, ordered = (sum(int(getattr(each, name)) for each in facts.holdings) for name in ("spent", "ordered"))
    said = facts.form.get("final_cost")
    if "report" not in facts.form or facts.form.get("cost_reason") or said == spent or (said is None and not ordered):
        return True
    return Refusal(
        RefusalKind.COST_UNEXPLAINED, {"spent_ore": spent, "ordered_ore": ordered}, ("controller", "officer")
    )


GUARDS: Mapping[str, Guard] = {
    each.__name__: each
    for each in (
        lines_exist, lines_are_classified, funding_is_complete, sources_fit_classification, owner_is_known,
        within_decision_right, total_at_most, total_above, within_commitment, cofinancing_is_agreed,
        cofinancing_is_received, is_committed, is_ordered,
        nothing_is_spent, nothing_is_open, not_the_preparer, merge_target_is_open, next_instance_may_decide,
        opinions_are_in, outcome_is_pictured, outcome_is_accounted_for,
    )
}  # fmt: skip
