"""The one door: everything that a page, the command line or a program may ask of Skede or do to it.
Each method opens one transaction, hands it to the module that knows, and lets nothing else in."""

# CONTRACT DRAFT - signatures only; implementation is being written.
#
# class Refused(Exception): .refusals: tuple[Refusal, ...] (precedence order, never empty)    [workflow.refused]
#
# Engine.open(config_path, clock=now) -> Engine (context manager; .close())
#   raises ConfigurationError(faults: tuple[str, ...]) listing every fault of config and processes at once
# engine.config        -> frozen Configuration: identity(name, organisation, contact telephone/email), base_url, language, database url ...
# engine.library       -> states.Library
#
# submit(*, process, by: int|None, key: str, title, what, where, why="", own_contribution="", contact: Mapping[str,str]={}, lines=(), funding=(),
#        criteria=(), plan_row=None, outside_plan_reason=None, is_example=False) -> Receipt
# revise(number, *, by, key, seen_revision, title, what, where, why, own_contribution, criteria, plan_row, outside_plan_reason,
#        lines: Sequence[CostLine], funding: Sequence[FundingRow]) -> Done
# classify(number, *, by, key, seen_revision, classifications: Mapping[int, tuple[str, str]]) -> Done     # line n -> (investment|operating, reason)
# options(number, person) -> tuple[Option, ...]
# case(number, person, seen_version=None) -> Case
# act(number, transition, *, by, capacity: str|None=None (role), seen_version, seen_revision, key, form: Mapping[str, object], decided fields inside form) -> Done
# book(number, *, by, key, kind: "invoice"|"credit", pot code, year, funding n, amount, accounting_date, supplier, voucher) -> Done
# correct(number, *, by, key, seen_version, reason) -> Done
# register(*, by, key, kind: "budget"|"supplement"|"cover", body code, decided_on, paragraph, wording, pot, year, amount, registry_no=None) -> Done-like
# configure(*, by, key, kind, ...) -> None
# queue(person, after=None, limit=50) -> QueuePage ; badge(person) -> int (100 means 99+)
# timeline(number, viewer: int|None) -> Timeline
# overview() -> Overview ; find(text, after=None, limit=50) -> tuple[ListRow, ...]; proposals(process=None, state=None, after=None, limit=50)
# pots(year=None) -> tuple[PotYear, ...]; pot_years() -> tuple[int, ...]; entries(pot code, year, bucket=None) -> tuple[Entry, ...]
# pot_choices() -> tuple[(pot code, title, kind, years)]
# sign_in(login, password) -> str token (raises Refused NOT_PERMITTED); sign_in_as(person) -> token (demo only);
# open_link(secret) -> token ; session(token) -> Signed|None ; sign_out(token)
# is_demo -> bool ; demo_people() -> tuple[DemoPerson, ...]
# verify() -> tuple[str, ...] faults ; seal() -> str ; health()
