"""The faults that a process file can have: one put into a sound file, and the finding that it must give."""

import json
from dataclasses import dataclass
from pathlib import Path

from states import Finding

SHIPPED = Path(__file__).parents[2] / "states" / "processes"
SMALL = Path(__file__).with_name("small.toml")


@dataclass(frozen=True)
class Case:
    """In a copy of ``file``, ``old`` becomes ``new``. ``rule`` is the only one that sees it; None: it cannot be read."""

    what: str
    old: str
    new: str
    key: str
    why: str
    mend: str
    rule: str | None = None
    file: str = "small.toml"

    def __str__(self) -> str:
        return self.what.replace(" ", "-")


def way(**parts: str) -> str:
    """One more way out, written where the file is cut."""
    written = {"id": "extra", "title": "Extra", "to": "refused", "role": "officer"} | parts
    lines = [f"{key} = {value if value[0] in '{[' else json.dumps(value)}" for key, value in written.items() if value]
    return "[[state.transition]]\n" + "\n".join(lines) + "\n\n"


def state(name: str, more: str, kind: str = 'awaits = "officer"\ndeadline = { working_days = 5 }\n') -> str:
    return f'[[state]]\nid = "{name}"\ntitle = "{name}"\npublic = "{name}"\n{kind}\n{more}'


def before(anchor: str, new: str) -> tuple[str, str]:
    return anchor, new + anchor


OF_IDEA = '[[state]]\nid = "resting"\n'  # what follows the ways out of idea
OF_RESTING = '[[state]]\nid = "decision"\n'
OF_DECISION = '[[state]]\nid = "ordering"\n'
OF_DONE = '[[state]]\nid = "refused"\n'  # what follows building; a new state may stand here
APPROVE = 'role = { registrar_of = "awaits" }\ndecision = "approved"\n'

UNKNOWN = [
    Case("role", 'role = ["working_group", "officer"]', 'role = ["working_group", "oficer"]',
         "state.preparation.transition.to_review.role", 'rollen "oficer" finns inte', 'menade du "officer"?',
         file="purchase.toml"),
    Case("pot", '"investment", "operating"', '"investmnt", "operating"',
         "bindings.purchase.sources", 'potten "investmnt" finns inte', 'menade du "investment"?', file="purchase.toml"),
    Case("guard", '"owner_is_known"', '"owner_is_knwon"',
         "state.drafting.transition.propose.guards", 'spärren "owner_is_knwon" finns inte',
         'menade du "owner_is_known"?', file="purchase.toml"),
    Case("state", 'to = "preparation"', 'to = "preperation"',
         "state.idea.transition.accept.to", 'steget "preperation" finns inte', 'menade du "preparation"?',
         file="purchase.toml"),
    Case("field", 'asks = ["remarks"]', 'asks = ["remark"]',
         "state.idea.transition.accept.asks", 'fältet "remark" finns inte', 'menade du "remarks"?', file="purchase.toml"),
    Case("binding", '{ reserve = "purchase" }', '{ reserve = "purchas" }',
         "state.drafting.transition.propose.money", 'bindningen "purchas" finns inte', 'menade du "purchase"?',
         file="purchase.toml"),
    Case("guard argument", '{ total_at_most = "review_limit" }', '{ total_at_most = "review_limt" }',
         "state.preparation.transition.skip_review.guards", 'total_at_most: "review_limt" finns inte',
         'menade du "review_limit"?', file="purchase.toml"),
    Case("guard that takes nothing", '"owner_is_known"', '{ owner_is_known = "total" }',
         "state.drafting.transition.propose.guards", "owner_is_known tar inget värde", 'skriv bara "owner_is_known"',
         file="purchase.toml"),
    Case("outcome", '"referred_back"', '"refered_back"', "state.budget_approval.transition.refer_back.decision",
         'utfallet "refered_back" finns inte', 'menade du "referred_back"?', file="purchase.toml"),
    Case("position", 'position = "recommends"', 'position = "recomends"', "state.review.transition.recommend.position",
         'ställningstagandet "recomends" finns inte', 'menade du "recommends"?', file="purchase.toml"),
    Case("skipped state", 'skips = ["review"]', 'skips = ["reviw"]', "state.preparation.transition.skip_review.skips",
         'steget "reviw" finns inte', 'menade du "review"?', file="purchase.toml"),
    Case("restated binding", 'restates = ["purchase"]', 'restates = ["purchases"]',
         "state.budget_approval.transition.approve_with_change.restates", 'bindningen "purchases" finns inte',
         'menade du "purchase"?', file="purchase.toml"),
    Case("duty", 'kind = "classify"', 'kind = "clasify"', "state.preparation.duties", 'uppgiften "clasify" finns inte',
         'menade du "classify"?', file="purchase.toml"),
    Case("role of a duty", 'role = "attestant"', 'role = "atestant"', "state.preparation.duties",
         'rollen "atestant" finns inte', 'menade du "attestant"?', file="purchase.toml"),
    Case("deadline", "{ working_days = 40 }", "{ workin_days = 40 }", "state.preparation.deadline",
         'fristen "workin_days" finns inte', 'menade du "working_days"?', file="purchase.toml"),
    Case("field of a deadline", 'date = "ready_by"', 'date = "redy_by"', "state.installation.deadline",
         'fältet "redy_by" finns inte', 'menade du "ready_by"?', file="purchase.toml"),
    Case("awaited", 'awaits = "forum"', 'awaits = "form"', "state.review.awaits", 'rollen eller organet "form" finns inte',
         'menade du "forum"?', file="purchase.toml"),
    Case("awaited by rule", 'decider_for = "total"', 'decidr_for = "total"', "state.budget_approval.awaits",
         'regeln "decidr_for" finns inte', 'menade du "decider_for"?', file="purchase.toml"),
    Case("awaited for what", 'decider_for = "total"', 'decider_for = "totl"', "state.budget_approval.awaits",
         'bindningen "totl" finns inte', 'menade du "total"?', file="purchase.toml"),
    Case("role rule", 'registrar_of = "awaits"', 'registrr_of = "awaits"',
         "state.budget_approval.transition.approve.role", 'rollregeln "registrr_of" finns inte',
         'menade du "registrar_of"?', file="purchase.toml"),
    Case("kind of line", 'lines = ["sketch"]', 'lines = ["sketh"]', "bindings.sketch.lines",
         'kostnadsslaget "sketh" finns inte', 'menade du "sketch"?', file="rebuild.toml"),
    Case("member of a group", 'committed = ["held"]', 'committed = ["hold"]', "groups.committed",
         'steget "hold" finns inte', 'menade du "held"?', file="activity.toml"),
    Case("group", '[groups]\nbefore_decision', "[groups]\nbefore_decison", "way.ask_completion.from",
         'steget eller gruppen "before_decision" finns inte', 'menade du "before_decison"?', file="activity.toml"),
    Case("side roads", 'uses = ["municipal_side_roads"]', 'uses = ["municipal_side_road"]', "uses",
         "municipal_side_road finns inte", 'menade du "municipal_side_roads"?', file="activity.toml"),
    Case("spent binding", 'spends = ["work"]', 'spends = ["wrok"]', "state.building.spends",
         'bindningen "wrok" finns inte', 'menade du "work"?'),
    Case("field of the clock", 'clock = { date = "parked_until" }', 'clock = { date = "parked_untill" }',
         "state.resting.transition.wake_by_date.clock", 'fältet "parked_untill" finns inte', 'menade du "parked_until"?'),
    Case("key", 'awaits = "site_manager"', 'awaitss = "site_manager"', "state.building.awaitss", "nyckeln finns inte i språket",
         'menade du "awaits"?'),
]  # fmt: skip

MISWRITTEN = [
    Case("key left out", 'title = "Bygge"\n', "", "state.building.title", "saknas", "lägg till den"),
    Case("version in words", "version = 1", 'version = "ett"', "version", "'ett' passar inte här", "följer med Skede"),
    Case("id with a space", 'id = "small"', 'id = "en liten"', "id", "'en liten' passar inte här", "följer med Skede"),
    Case("guard of two", 'asks = ["parked_until"]', "guards = [{ is_ordered = 'work', is_committed = 'work' }]",
         "state.idea.transition.rest.guards.1", "passar inte här", "följer med Skede"),
    Case("deadline of two", "{ working_days = 30 }", '{ working_days = 30, date = "ready_by" }',
         "state.ordering.deadline", "en frist har ett enda slag, här 2", "working_days"),
    Case("deadline of none", "{ working_days = 30 }", "{ }", "state.ordering.deadline",
         "en frist har ett enda slag, här 0", "working_days"),
    Case("deadline in no days", "{ working_days = 30 }", "{ working_days = 0 }", "state.ordering.deadline",
         "0 är inget antal arbetsdagar", "minst 1"),
    Case("deadline in words", "{ working_days = 30 }", '{ working_days = "30" }', "state.ordering.deadline",
         "'30' är inget antal arbetsdagar", "minst 1"),
    Case("otherwise in words", "{ working_days = 30 }", '{ date = "ready_by", otherwise = "sen" }',
         "state.ordering.deadline", "'sen' är ingen frist", "otherwise ="),
    Case("state twice", 'id = "done"', 'id = "refused"', "state.refused", "steget finns två gånger", "byt id"),
    Case("side state from an end", *before('[[state]]\nid = "done"\n', way(to="resting")),
         "state.refused.transition.extra.to", "ett sidosteg nås bara från ett huvudsteg", "från ett huvudsteg"),
    Case("side state that nothing leads to", 'to = "resting"', 'to = "refused"', "state.resting", "ingen väg leder hit",
         "lägg till en övergång hit"),
    Case("no states", SMALL.read_text(encoding="utf-8").split("[bindings]", 1)[1], '\n[[state]]\nid = "a"\ntitle = "A"\npublic = "a"\nend = true\n',
         "state", "processen har inga steg", "lägg till [[state]]"),
]  # fmt: skip

UNSOUND = [
    Case("unreachable", *before(OF_DONE, state("island", way())), "state.island",
         "ingen väg leder hit från det första steget", "lägg till en övergång hit", "unreachable"),
    Case("trap", *before(OF_IDEA, way(to="hole") + state("hole", way(to="hole", id="stay"))), "state.hole",
         "kan förslaget aldrig nå ett slut", "lägg till en övergång mot ett slut", "trap"),
    Case("leaving an end", *before('[[state]]\nid = "done"\n', way(to="done")), "state.refused.transition.extra",
         "ett slut kan inte lämnas", "ta bort övergången", "leaving_an_end"),
    Case("same title and target", *before(OF_DECISION, way(title="Registrera avslag", money='{ release = "open" }')),
         "state.decision.transition.extra", "samma rubrik och mål som reject", "ta bort den ena", "ambiguous"),
    Case("one outcome in two ways", *before(OF_DECISION, way(decision="rejected", money='{ release = "open" }')),
         "state.decision.transition.extra", "samma utfall (rejected) som reject", "en enda övergång", "ambiguous"),
    Case("two by the clock", *before(OF_RESTING, way(role="", to="@origin", clock='{ date = "ready_by" }')),
         "state.resting@idea.transition.extra", "klockan kan ta både denna och wake_by_date", "ta en av dem", "ambiguous"),
    Case("two of one name", *before(OF_IDEA, way(id="propose")), "state.idea.transition.propose",
         "två övergångar härifrån har samma id", "byt id på den ena", "same_name"),
    Case("way that nobody can take", *before(OF_IDEA, way(role="")), "state.idea.transition.extra",
         "ingen kan ta den", "ange role", "dead"),
    Case("way for the auditor", *before(OF_IDEA, way(role="auditor")), "state.idea.transition.extra",
         "ingen kan ta den", "ange role", "dead"),
    Case("way with guards that exclude each other",
         *before(OF_IDEA, way(guards='[{ total_at_most = "board_limit" }, { total_above = "board_limit" }]')),
         "state.idea.transition.extra", "högst och över board_limit", "ta bort den ena spärren", "dead"),
    Case("nobody awaited", 'awaits = "technical"\n', "", "state.ordering", "ingen är angiven att vänta på",
         "ange awaits", "nobody_waited_for"),
    Case("nobody to go on", 'role = "officer"\n\n[[state.transition]]\nid = "wake_by_date"',
         'clock = { date = "ready_by" }\n\n[[state.transition]]\nid = "wake_by_date"', "state.resting@idea",
         "ingen kan föra förslaget vidare härifrån", "ange role på minst en övergång", "nobody_waited_for"),
    Case("no deadline", "deadline = { working_days = 30 }\n", "", "state.ordering", "varken frist eller skäl att vänta",
         "may_wait", "no_deadline"),
    Case("decision by the proposer", APPROVE, APPROVE.replace('{ registrar_of = "awaits" }', '"proposer"'),
         "state.decision.transition.approve", "proposer får varken registrera beslut eller binda pengar",
         "ange en anställds roll", "by_whom"),
    Case("decision by employee or group", APPROVE, APPROVE.replace('{ registrar_of = "awaits" }', '["officer", "forum"]'),
         "state.decision.transition.approve", "forum får varken registrera beslut eller binda pengar",
         "ange en anställds roll", "by_whom"),
    Case("order by a group", 'role = "technical"\nmoney = { order', 'role = "working_group"\nmoney = { order',
         "state.ordering.transition.sign", "working_group får varken registrera beslut eller binda pengar",
         "ange en anställds roll", "by_whom"),
    Case("decision by the clock too", APPROVE, APPROVE + 'clock = { date = "ready_by" }\n',
         "state.decision.transition.approve", "klockan får varken besluta eller binda pengar", "ta bort clock", "by_whom"),
    Case("order by the clock", 'role = "technical"\nmoney = { order', 'role = "technical"\nclock = { date = "ready_by" }\nmoney = { order',
         "state.ordering.transition.sign", "klockan får varken besluta eller binda pengar", "ta bort clock", "by_whom"),
    Case("commitment without decision", APPROVE, APPROVE.split("\n", maxsplit=1)[0] + "\n", "state.decision.transition.approve",
         "pengar binds utan beslut", "ange decision", "commitment_without_decision"),
    Case("mixed group deciding", 'awaits = { decider_for = "total" }', 'awaits = "forum"',
         "state.decision.transition.approve", "gruppen beslutar inte, den tar ställning", "byt decision mot position",
         "grouped_outcomes"),
    Case("position and decision", APPROVE, APPROVE + 'position = "recommends"\n', "state.decision.transition.approve",
         "ett ställningstagande är inget beslut", "antingen position eller decision", "grouped_outcomes"),
    Case("money for no binding", '{ reserve = "work" }', '{ reserve = ["work", "open"] }', "state.idea.transition.propose",
         "open finns inte i [bindings]", "ange en som finns", "unknown_bindings"),
    Case("reservation that leaks", 'decision = "rejected"\nmoney = { release = "open" }', 'decision = "rejected"',
         "state.refused", "slutar med pengar som står kvar: work reserverat", 'release = "open"', "leaks"),
    Case("order that leaks", 'role = "technical"\nmoney = { release = "open" }', 'role = "technical"', "state.done",
         "slutar med pengar som står kvar: work beställt", 'release = "open"', "leaks"),
    Case("two ways in that differ", *before(OF_IDEA, way(to="decision")), "state.decision",
         "via idea.propose är work reserverat, via idea.extra inget öppet", "reservera och släppa samma pengar", "quarrels"),
    Case("way back that keeps", *before(OF_DECISION, way(to="idea", decision="referred_back")), "state.idea",
         "via början är inget öppet, via decision.extra work reserverat", "reservera och släppa samma pengar", "quarrels"),
    Case("reserved twice", *before(OF_DECISION, way(to="decision", money='{ reserve = "work" }')),
         "state.decision.transition.extra", "work är redan reserverat", "släpp det först", "effects_out_of_order"),
    Case("raised before decided", *before(OF_DECISION, way(to="decision", decision="noted", money='{ raise = "work" }')),
         "state.decision.transition.extra", "work är inte beslutat och kan inte höjas", "lägg beslutet (commit) före",
         "effects_out_of_order"),
    Case("ordered before decided", 'money = { release = "open", commit = "work" }', 'money = { commit = "work", order = "work" }',
         "state.ordering.transition.sign", "work beställs utan att vara beslutat", "lägg beslutet (commit) före",
         "effects_out_of_order"),
    Case("built without order", 'money = { order = "work" }\n', "", "state.building.builds",
         "byggs utan att något är beslutat och beställt", "beslut (commit) och beställning (order)", "unordered"),
    Case("spent without order", 'money = { order = "work" }\n', "", "state.building.spends",
         "fakturor väntas på work, som inte är beställt här", "beslut (commit) och beställning (order)", "unordered"),
    Case("commitment undone by the proposer", *before('[[state]]\nid = "building"\n', way(role="proposer", money='{ release = "work" }')),
         "state.ordering.transition.extra", "ett beslut om pengar (work) upphävs av någon som inte får det",
         "ange en anställds roll", "undone_by_others"),
    Case("commitment undone by the clock",
         *before('[[state]]\nid = "building"\n', way(role="", clock='{ date = "ready_by" }', money='{ release = "open" }')),
         "state.ordering.transition.extra", "ett beslut om pengar (work) upphävs av någon som inte får det",
         "ange en anställds roll", "undone_by_others"),
    Case("several at once that bind money", 'role = "technical"\nmoney = { order', 'role = "technical"\ntogether = true\nmoney = { order',
         "state.ordering.transition.sign", "avgörs för ett förslag i taget", "ta bort together", "unfit_together"),
    Case("several approved at once", APPROVE, APPROVE + "together = true\n", "state.decision.transition.approve",
         "avgörs för ett förslag i taget", "ta bort together", "unfit_together"),
    Case("several at once with an amount of each", 'asks = ["parked_until"]', 'asks = ["contract_amount"]\ntogether = true',
         "state.idea.transition.rest", "contract_amount är olika för varje förslag", "fältet ur asks", "unfit_together"),
    Case("several at once by the clock", 'clock = { date = "parked_until" }', 'clock = { date = "parked_until" }\ntogether = true',
         "state.resting@idea.transition.wake_by_date", "klockan tar var och en för sig", "ta bort together", "unfit_together"),
]  # fmt: skip
CASES = [*UNKNOWN, *MISWRITTEN, *UNSOUND]


def damage(folder: Path, case: Case) -> Path:
    path = folder / case.file
    text = path.read_text(encoding="utf-8")
    assert case.old in text
    path.write_text(text.replace(case.old, case.new, 1), encoding="utf-8")
    return path


def sees(case: Case, findings: tuple[Finding, ...]) -> bool:
    return any(
        each.file == case.file and each.key == case.key and case.why in each.why and case.mend in each.mend
        for each in findings
    )
