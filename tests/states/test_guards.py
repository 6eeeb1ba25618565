"""Each guard both ways: when it lets pass, and what it says, with its facts and who can lift it, when it does not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from states import Awaited, Cofinancing, CostLine, Facts, FundingRow, Holding, Ore, Process, Refusal, RefusalKind, load
from states.guards import GUARDS, Answer, funding_of, lines_of, total
from states.vocabulary import BODY_KINDS, ROLES
from states.vocabulary import GUARDS as REGISTERED

LIBRARY = load(Path(__file__).parents[2] / "states" / "processes")
REBUILD, PURCHASE, ACTIVITY = (LIBRARY.latest(each) for each in ("rebuild", "purchase", "activity"))
BOARD = Awaited(body="ks", body_kind="executive")
DELEGATE = Awaited(role="budget_holder")
LEVELS = {"budget_holder": 10, "ks": 30, "kn": 30, "kf": 40}


def line(
    n: int, amount: int, kind: str = "furniture", owner: str = "municipality", pot: str | None = "investment"
) -> CostLine:
    return CostLine(n, f"rad {n}", kind, Ore(amount), 10, owner, pot)


def row(n: int, of: int, amount: int, source: str = "investment") -> FundingRow:
    return FundingRow(n, of, source, 1, 2026, Ore(amount))


def held(binding: str, reserved: int = 0, committed: int = 0, ordered: int = 0, spent: int = 0) -> Holding:
    return Holding(binding, 1, 1, Ore(reserved), Ore(committed), Ore(ordered), Ore(spent))


def facts(**known: object) -> Facts:
    return Facts(date(2026, 3, 2), "anna", (), **known)  # type: ignore[arg-type]


def outside(standing: str) -> Facts:
    """Trafikverket pays a line, from the pot of number 1, and is this sure."""
    known = {1: Cofinancing("Trafikverket", standing)}
    return facts(lines=(line(1, 900, "ground"),), funding=(row(1, 1, 900, "outside"),), cofinancing=known)


@dataclass(frozen=True)
class Case:
    """``kind`` None: the guard lets pass."""

    guard: str
    what: str
    facts: Facts
    argument: str = "total"
    kind: RefusalKind | None = None
    told: dict[str, object] = field(default_factory=dict)
    lifted_by: tuple[str, ...] = ()
    process: Process = REBUILD

    def __str__(self) -> str:
        return f"{self.guard}-{self.what}".replace(" ", "-")


K = RefusalKind
SKETCH_AND_WORK = (line(1, 500, "sketch"), line(2, 900))
CASES = [
    Case("lines_exist", "one line", facts(lines=(line(1, 1),))),
    Case("lines_exist", "no line", facts(), kind=K.LINES_MISSING, told={"part": "total"}, lifted_by=("officer",)),
    Case("lines_exist", "line of nothing", facts(lines=(line(1, 0),)), kind=K.LINES_MISSING, told={"part": "total"},
         lifted_by=("officer",)),
    Case("lines_exist", "line of the binding", facts(lines=(line(1, 1, "sketch"),)), "sketch"),
    Case("lines_exist", "line of another binding", facts(lines=(line(1, 1),)), "sketch", K.LINES_MISSING,
         {"part": "sketch"}, ("officer",)),
    Case("lines_are_classified", "all are", facts(lines=(line(1, 1), line(2, 1, pot="operating")))),
    Case("lines_are_classified", "two are not", facts(lines=(line(1, 1, pot=None), line(2, 1), line(3, 1, pot=None))),
         kind=K.LINES_UNCLASSIFIED, told={"lines": ("rad 1", "rad 3")}, lifted_by=("attestant",)),
    Case("lines_are_classified", "another binding is not", facts(lines=(line(1, 1, "sketch"), line(2, 1, pot=None))), "sketch"),
    Case("funding_is_complete", "to the ore", facts(lines=(line(1, 1000),), funding=(row(1, 1, 400), row(2, 1, 600)))),
    Case("funding_is_complete", "an ore short", facts(lines=(line(1, 1000),), funding=(row(1, 1, 999),)),
         kind=K.FUNDING_INCOMPLETE, told={"line": "rad 1", "missing_ore": 1, "asked_ore": 1000}, lifted_by=("officer",)),
    Case("funding_is_complete", "an ore over", facts(lines=(line(1, 1000),), funding=(row(1, 1, 1001),)),
         kind=K.FUNDING_INCOMPLETE, told={"line": "rad 1", "missing_ore": -1, "asked_ore": 1000}, lifted_by=("officer",)),
    Case("funding_is_complete", "one line pays for another", facts(lines=(line(1, 500), line(2, 500)), funding=(row(1, 1, 1000),)),
         kind=K.FUNDING_INCOMPLETE, told={"line": "rad 1", "missing_ore": -500, "asked_ore": 500}, lifted_by=("officer",)),
    Case("funding_is_complete", "nothing to pay", facts(), kind=K.LINES_MISSING, told={"part": "total"}, lifted_by=("officer",)),
    Case("funding_is_complete", "the binding only", facts(lines=SKETCH_AND_WORK, funding=(row(1, 1, 500, "operating"),)), "sketch"),
    Case("funding_is_complete", "work from the operating pot", facts(lines=(line(1, 5),), funding=(row(1, 1, 5, "operating"),)),
         kind=K.SOURCE_NOT_ALLOWED, told={"line": "rad 1", "source": "operating"}, lifted_by=("officer",)),
    Case("funding_is_complete", "sketch from the investment pot", facts(lines=(line(1, 5, "sketch"),), funding=(row(1, 1, 5),)),
         "sketch", K.SOURCE_NOT_ALLOWED, {"line": "rad 1", "source": "investment"}, ("officer",)),
    Case("funding_is_complete", "activity from the investment pot", facts(lines=(line(1, 5, "event"),), funding=(row(1, 1, 5),)),
         kind=K.SOURCE_NOT_ALLOWED, told={"line": "rad 1", "source": "investment"}, lifted_by=("officer",), process=ACTIVITY),
    Case("funding_is_complete", "purchase from either pot", process=PURCHASE,
         facts=facts(lines=(line(1, 5), line(2, 6)), funding=(row(1, 1, 5, "operating"), row(2, 2, 6)))),
    Case("sources_fit_classification", "each its own",
         facts(lines=(line(1, 5), line(2, 5, "sketch", pot="operating")), funding=(row(1, 1, 5), row(2, 2, 5, "operating")))),
    Case("sources_fit_classification", "a sketch from the investment pot",
         facts(lines=(line(1, 5, "sketch", pot="operating"),), funding=(row(1, 1, 5),)), kind=K.SOURCE_UNFIT,
         told={"line": "rad 1", "source": "investment", "classification": "operating"}, lifted_by=("attestant",)),
    Case("sources_fit_classification", "a sketch that nobody classified",
         facts(lines=(line(1, 5, "sketch", pot=None),), funding=(row(1, 1, 5),)), kind=K.SOURCE_UNFIT,
         told={"line": "rad 1", "source": "investment", "classification": "operating"}, lifted_by=("attestant",)),
    Case("sources_fit_classification", "a sketch that the attestant calls an investment",
         facts(lines=(line(1, 5, "sketch"),), funding=(row(1, 1, 5),))),
    Case("sources_fit_classification", "benches from the operating pot",
         facts(lines=(line(1, 9),), funding=(row(1, 1, 4), row(2, 1, 5, "operating"))), kind=K.SOURCE_UNFIT,
         told={"line": "rad 1", "source": "operating", "classification": "investment"}, lifted_by=("attestant",)),
    Case("sources_fit_classification", "benches that nobody classified",
         facts(lines=(line(1, 9, pot=None),), funding=(row(1, 1, 9, "operating"),))),
    Case("sources_fit_classification", "money of its own pays anything",
         facts(lines=(line(1, 9, pot="operating"),), funding=(row(1, 1, 4, "outside"), row(2, 1, 5, "appropriation")))),
    Case("sources_fit_classification", "another part",
         facts(lines=(line(1, 9, pot="operating"),), funding=(row(1, 1, 9),)), "sketch"),
    Case("owner_is_known", "known", facts(lines=(line(1, 1), line(2, 1, owner="other")))),
    Case("owner_is_known", "unknown", facts(lines=(line(1, 1), line(2, 1, owner="unknown"))), kind=K.OWNER_UNKNOWN,
         told={"lines": ("rad 2",)}, lifted_by=("officer",)),
    Case("within_decision_right", "the board that is needed", facts(awaited=BOARD, decider=BOARD)),
    Case("within_decision_right", "the delegate that is needed", facts(awaited=DELEGATE, decider=DELEGATE)),
    Case("within_decision_right", "the board for the delegate", facts(lines=(line(1, 7),), awaited=DELEGATE, decider=BOARD),
         kind=K.DECISION_RIGHT_EXCEEDED, told={"amount_ore": 7, "needs": "ks"}, lifted_by=("executive",)),
    Case("within_decision_right", "the delegate for the board", facts(lines=(line(1, 7),), awaited=BOARD, decider=DELEGATE),
         kind=K.DECISION_RIGHT_EXCEEDED, told={"amount_ore": 7, "needs": "budget_holder"}, lifted_by=("budget_holder",)),
    Case("within_decision_right", "nobody is awaited", facts(lines=(line(1, 7),), decider=BOARD),
         kind=K.DECISION_RIGHT_EXCEEDED, told={"amount_ore": 7, "needs": "ks"}, lifted_by=("executive",)),
    Case("within_decision_right", "nobody may", facts(lines=(line(1, 7),), awaited=BOARD),
         kind=K.DECISION_RIGHT_EXCEEDED, told={"amount_ore": 7, "needs": None}, lifted_by=("council",)),
    Case("within_decision_right", "a board above the one needed", facts(awaited=BOARD, decider=DELEGATE, levels=LEVELS)),
    Case("within_decision_right", "a delegate below the one needed", facts(lines=(line(1, 7),), awaited=DELEGATE, decider=BOARD, levels=LEVELS),
         kind=K.DECISION_RIGHT_EXCEEDED, told={"amount_ore": 7, "needs": "ks"}, lifted_by=("executive",)),
    Case("within_decision_right", "another of the same level", facts(lines=(line(1, 7),), awaited=Awaited(body="kn"), decider=BOARD, levels=LEVELS),
         kind=K.DECISION_RIGHT_EXCEEDED, told={"amount_ore": 7, "needs": "ks"}, lifted_by=("executive",)),
    Case("next_instance_may_decide", "nobody is chosen yet", facts(awaited=BOARD, levels=LEVELS)),
    Case("next_instance_may_decide", "one above", facts(awaited=DELEGATE, levels=LEVELS, form={"awaits_next": "ks"})),
    Case("next_instance_may_decide", "another of the same level", facts(awaited=BOARD, levels=LEVELS, form={"awaits_next": "kn"})),
    Case("next_instance_may_decide", "one below", facts(awaited=BOARD, levels=LEVELS, form={"awaits_next": "budget_holder"}),
         kind=K.INSTANCE_BELOW, told={"next": "budget_holder", "awaits": "ks"}),
    Case("next_instance_may_decide", "the same again", facts(awaited=BOARD, levels=LEVELS, form={"awaits_next": "ks"}),
         kind=K.INSTANCE_BELOW, told={"next": "ks", "awaits": "ks"}),
    Case("next_instance_may_decide", "one who decides nothing", facts(awaited=BOARD, levels=LEVELS, form={"awaits_next": "centrumgruppen"}),
         kind=K.FIELD_INVALID, told={"field": "awaits_next"}),
    Case("opinions_are_in", "nobody was asked", facts()),
    Case("opinions_are_in", "all have answered", facts(opinions_asked=2)),
    Case("opinions_are_in", "one is missing", facts(opinions_asked=2, opinions_missing=("Tekniska nämnden",)),
         kind=K.OPINIONS_MISSING, told={"missing": ("Tekniska nämnden",), "answered": 1, "asked": 2}, lifted_by=("officer",)),
    Case("outcome_is_accounted_for", "nothing is reported yet", facts(holdings=(held("work", ordered=5),))),
    Case("outcome_is_accounted_for", "what is booked", facts(form={"report": "Klart.", "final_cost": Ore(7)},
         holdings=(held("work", ordered=5, spent=7),))),
    Case("outcome_is_accounted_for", "nothing said, nothing open", facts(form={"report": "Klart."},
         holdings=(held("work", committed=5, spent=7),))),
    Case("outcome_is_accounted_for", "why it is another", facts(form={"report": "Klart.", "final_cost": Ore(9),
         "cost_reason": "Skänkt."}, holdings=(held("work", spent=7),))),
    Case("outcome_is_accounted_for", "another", facts(form={"report": "Klart.", "final_cost": Ore(9)},
         holdings=(held("work", spent=7),)), kind=K.COST_UNEXPLAINED,
         told={"spent_ore": 7, "ordered_ore": 0}, lifted_by=("controller", "officer")),
    Case("outcome_is_accounted_for", "an open order", facts(form={"report": "Klart."},
         holdings=(held("work", ordered=5, spent=7),)), kind=K.COST_UNEXPLAINED,
         told={"spent_ore": 7, "ordered_ore": 5}, lifted_by=("controller", "officer")),
    Case("outcome_is_pictured", "nothing is reported yet", facts()),
    Case("outcome_is_pictured", "a picture is there", facts(form={"report": "Klart."}, pictures_after=1)),
    Case("outcome_is_pictured", "why there is none", facts(form={"report": "Klart.", "no_picture": "Ingen ville."})),
    Case("outcome_is_pictured", "neither", facts(form={"report": "Klart."}), kind=K.PICTURE_MISSING, told={},
         lifted_by=("officer",)),
    Case("total_at_most", "at the limit", facts(lines=(line(1, 60), line(2, 40)), limits={"review_limit": 100}), "review_limit"),
    Case("total_at_most", "an ore above", facts(lines=(line(1, 60), line(2, 41)), limits={"review_limit": 100}), "review_limit",
         K.ABOVE_LIMIT, {"limit": "review_limit", "limit_ore": 100, "amount_ore": 101}),
    Case("total_at_most", "no limit given", facts(lines=(line(1, 1),)), "review_limit", K.ABOVE_LIMIT,
         {"limit": "review_limit", "limit_ore": None, "amount_ore": 1}, ("administrator",)),
    Case("total_at_most", "another limit given", facts(lines=(line(1, 1),), limits={"board_limit": 100}), "review_limit",
         K.ABOVE_LIMIT, {"limit": "review_limit", "limit_ore": None, "amount_ore": 1}, ("administrator",)),
    Case("total_above", "an ore above", facts(lines=(line(1, 101),), limits={"board_limit": 100}), "board_limit"),
    Case("total_above", "no limit given", facts(lines=(line(1, 1),)), "board_limit"),
    Case("total_above", "at the limit", facts(lines=(line(1, 100),), limits={"board_limit": 100}), "board_limit",
         K.BELOW_LIMIT, {"limit": "board_limit", "limit_ore": 100, "amount_ore": 100}),
    Case("within_commitment", "all of it", facts(form={"contract_amount": Ore(100)}, holdings=(held("work", committed=60), held("work", committed=40))), "work"),
    Case("within_commitment", "an ore above", facts(form={"contract_amount": Ore(101)}, holdings=(held("work", committed=100),)), "work",
         K.ABOVE_COMMITMENT, {"amount_ore": 101, "committed_ore": 100}, ("budget_holder", "executive", "council")),
    Case("within_commitment", "of another binding", facts(form={"contract_amount": Ore(1)}, holdings=(held("sketch", committed=100),)), "work",
         K.ABOVE_COMMITMENT, {"amount_ore": 1, "committed_ore": 0}, ("budget_holder", "executive", "council")),
    Case("within_commitment", "only reserved", facts(form={"contract_amount": Ore(1)}, holdings=(held("work", reserved=100),)), "work",
         K.ABOVE_COMMITMENT, {"amount_ore": 1, "committed_ore": 0}, ("budget_holder", "executive", "council")),
    Case("cofinancing_is_agreed", "agreed", outside("agreed"), "work"),
    Case("cofinancing_is_agreed", "received already", outside("received"), "work"),
    Case("cofinancing_is_agreed", "nobody from outside", facts(), "work"),
    Case("cofinancing_is_agreed", "promised", outside("promised"), "work", K.COFINANCING_WAITS,
         told={"financier": "Trafikverket", "standing": "promised", "needs": "agreed"}, lifted_by=("officer", "controller")),
    Case("cofinancing_is_agreed", "nothing noted", outside(""), "work", K.COFINANCING_WAITS,
         told={"financier": "Trafikverket", "standing": "", "needs": "agreed"}, lifted_by=("officer", "controller")),
    Case("cofinancing_is_received", "received", outside("received"), "work"),
    Case("cofinancing_is_received", "agreed", outside("agreed"), "work", K.COFINANCING_WAITS,
         told={"financier": "Trafikverket", "standing": "agreed", "needs": "received"}, lifted_by=("officer", "controller")),
    Case("within_commitment", "not asked yet", facts(), "work"),
    Case("is_committed", "it is", facts(holdings=(held("work", committed=1),)), "work"),
    Case("is_committed", "only reserved", facts(holdings=(held("work", reserved=1),)), "work", K.NOTHING_OPEN,
         {"binding": "work", "bucket": "committed"}, ("budget_holder",)),
    Case("is_committed", "another binding", facts(holdings=(held("sketch", committed=1),)), "work", K.NOTHING_OPEN,
         {"binding": "work", "bucket": "committed"}, ("budget_holder",)),
    Case("is_ordered", "it is", facts(holdings=(held("work", ordered=1),)), "work"),
    Case("is_ordered", "only committed", facts(holdings=(held("work", committed=1),)), "work", K.NOTHING_OPEN,
         {"binding": "work", "bucket": "ordered"}, ("budget_holder",)),
    Case("nothing_is_spent", "nothing", facts(holdings=(held("work", ordered=5),))),
    Case("nothing_is_spent", "an ore", facts(holdings=(held("work", spent=1),)), kind=K.MONEY_SPENT, told={"spent_ore": 1}),
    Case("nothing_is_spent", "credited more than invoiced", facts(holdings=(held("work", spent=-1),)), kind=K.MONEY_SPENT,
         told={"spent_ore": -1}),
    Case("nothing_is_open", "all is spent", facts(holdings=(held("work", spent=5),))),
    Case("nothing_is_open", "some is open", facts(holdings=(held("work", 1, 2, 4), held("sketch", 8))), kind=K.CONTENT_FIXED,
         told={"open_ore": 15}, lifted_by=("budget_holder",)),
    Case("not_the_preparer", "another", facts(prepared_by=frozenset({"bo"}))),
    Case("not_the_preparer", "the same", facts(prepared_by=frozenset({"anna", "bo"})), kind=K.PREPARED_IT,
         lifted_by=("budget_holder",)),
    Case("merge_target_is_open", "open", facts(form={"merged_with": "CG-2026-001"}, merge_target_open=True)),
    Case("merge_target_is_open", "not asked yet", facts()),
    Case("merge_target_is_open", "ended", facts(form={"merged_with": "CG-2026-001"}), kind=K.MERGE_TARGET_ENDED,
         told={"number": "CG-2026-001"}, lifted_by=("officer",)),
]  # fmt: skip


def asked(case: Case, guards: dict[str, Callable[[Process, Facts, str], Answer]]) -> Answer:
    return guards[case.guard](case.process, case.facts, case.argument)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_guard_answers(case: Case) -> None:
    answer = asked(case, dict(GUARDS))
    wanted = True if case.kind is None else Refusal(case.kind, case.told, case.lifted_by)
    assert answer == wanted
    assert (answer is True) == (case.kind is None)


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_is_tried_both_ways(name: str) -> None:
    """And so a guard that always let pass, or never did, would be noticed."""
    answers = {case.kind is None for case in CASES if case.guard == name}
    assert answers == {True, False}
    for broken in (True, Refusal(RefusalKind.NOT_FOUND)):
        always: Callable[[Process, Facts, str], Answer] = lambda *_, answer=broken: answer  # noqa: E731
        mine = [case for case in CASES if case.guard == name]
        assert any((asked(case, {name: always}) is True) != (case.kind is None) for case in mine)


def test_the_registry_and_the_rules_are_the_same_names() -> None:
    assert set(GUARDS) == set(REGISTERED)


def test_who_can_lift_a_refusal_is_somebody_that_exists() -> None:
    assert {who for case in CASES for who in case.lifted_by} <= {*ROLES, *BODY_KINDS}


def test_a_total_is_of_every_line_and_a_part_of_its_own() -> None:
    known = facts(lines=SKETCH_AND_WORK, funding=(row(1, 1, 500, "operating"), row(2, 2, 900)))
    assert (total(known), type(total(known))) == (1400, Ore)
    assert [each.n for each in lines_of(REBUILD, known, "sketch")] == [1]
    assert [each.n for each in lines_of(REBUILD, known, "work")] == [2]
    assert [each.n for each in lines_of(REBUILD, known, "total")] == [1, 2]
    assert [each.n for each in funding_of(REBUILD, known, "work")] == [2]
    assert [each.n for each in funding_of(REBUILD, known, "total")] == [1, 2]
