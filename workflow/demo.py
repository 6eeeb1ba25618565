"""The demonstration: Kristinehamn's real cases and a dozen open examples, played through the engine with the clock as
an argument. Nothing is inserted behind the engine's back; what the sources do not give is marked as an example."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from states import Ore
from workflow.contents import Text
from workflow.engine import Engine
from workflow.staging import Clock, Line, Paid, Stage, decided


def play(path: str | Path, last: date | None = None) -> None:
    """Loads the demo into the empty database of a configuration. ``last`` is the day on which it ends: today."""
    clock = Clock()
    with Engine.open(path, clock=clock) as engine:
        if not engine.is_empty():
            return
        engine.mark_demo()
        for case in CASES:
            case(Stage(engine, clock))
        today = last or datetime.now(UTC).date()
        for n, each in enumerate(OPEN):
            _play_open(Stage(engine, clock), each, today - timedelta(days=70 - 5 * n), today)


Case = Callable[[Stage], None]


def _squares(stage: Stage) -> None:
    """Torgen, 2015-2022: a concept, another concept, the council's appropriation and Trafikverket's part."""
    text = Text(
        "Ny utformning av Norra och Södra torget",
        "Torgen får en ny utformning med plats för möten, handel och grönska.",
        "Norra och Södra torget",
        "Torgen är stadskärnans hjärta och behöver bli trygga, tillgängliga och trivsamma.",
        criteria=("trygghet", "trivsel", "tillgänglighet", "mötesplatser"),
        plan_row="Torgen",
    )
    lines: tuple[Line, ...] = (
        ("Skiss till ny utformning (exempelbelopp)", "sketch", 150_000, 0),
        ("Ombyggnad av torgen", "ground", 20_700_000, 40),
    )
    paid: tuple[Paid, ...] = (
        (1, "operating", 2020, 150_000),
        (2, "appropriation:Särskilt anslag torgen", 2020, 17_500_000),
        (2, "outside:Trafikverket", 2020, 3_200_000),
    )
    stage.submit(date(2020, 1, 7), "rebuild", text, example=False)
    stage.act(date(2020, 1, 9), "accept", remarks="Frågan väcktes redan hösten 2015 och läggs in här i efterhand.")
    stage.content(date(2020, 1, 10), text, lines, paid)
    stage.act(date(2020, 1, 13), "order_sketch", assessment="Ett koncept behövs innan något kan beslutas.")
    stage.act(
        date(2020, 1, 15),
        "order",
        **decided(date(2020, 1, 15), "delegation", "Konceptet beställs.", "Driftspotten"),
        supplier="Sweco",
    )
    stage.act(
        date(2020, 1, 29),
        "deliver_sketch",
        result="Koncept med gångbro, efter medborgardialog första advent 2015.",
        reason="Skissen räcker som fördjupning.",
    )
    stage.act(
        date(2020, 2, 3),
        "new_concept",
        held_on=date(2020, 2, 3),
        position_wording="Ett alternativ utan bro tas fram.",
        question="Hur blir torgen utan gångbro?",
    )
    stage.act(
        date(2020, 2, 5),
        "order",
        **decided(date(2020, 2, 5), "delegation", "Ett nytt koncept beställs.", "Driftspotten"),
        supplier="Sweco",
    )
    stage.invoice(date(2020, 2, 20), 1, 150_000, "Sweco", "20-0117")
    stage.act(
        date(2020, 2, 24),
        "deliver_sketch",
        result="Gestaltningsförslag utan bro, efter dialog 2016.",
        reason="Förslaget räcker som fördjupning.",
    )
    stage.act(
        date(2020, 3, 2), "recommend", held_on=date(2020, 3, 2), position_wording="Gruppen ställer sig bakom förslaget."
    )
    stage.act(date(2020, 3, 6), "propose", remarks="17,5 mnkr som särskilt anslag, 3,2 mnkr från Trafikverket.")
    stage.act(
        date(2020, 3, 27),
        "approve",
        **decided(
            date(2020, 3, 26),
            "ej angivet",
            "17,5 mnkr avsätts för torgen.",
            "Särskilt anslag och medfinansiering av Trafikverket",
        ),
        adjusted_on=date(2020, 3, 27),
    )
    stage.act(date(2020, 6, 1), "to_procurement", result="Projekteringshandling och förfrågningsunderlag är klara.")
    stage.act(
        date(2020, 10, 15),
        "sign",
        supplier="Hesselius Entreprenad AB",
        contract_amount=Ore(2_070_000_000),
        ready_by=date(2022, 6, 30),
    )
    stage.invoice(date(2020, 12, 15), 2, 4_000_000, "Hesselius Entreprenad AB", "20-0931 (exempel)")


def _furniture(stage: Stage) -> None:
    """Centrumpengen 2020: furniture for the squares; sums are examples."""
    text = Text(
        "Möblering till torgen",
        "Bänkar och bord till torgen.",
        "Norra och Södra torget",
        "Fler platser att sitta på.",
        criteria=("trivsel", "mötesplatser"),
        plan_row="Centrumpengen 2020",
    )
    _purchase(
        stage, date(2020, 4, 1), text, ("Möbler till torgen (exempelbelopp)", "furniture", 280_000, 10), 2020, 280_000
    )


def _benches(stage: Stage) -> None:
    """Kungsgatan/Tegelslagargatan: four benches and urns; sums are examples."""
    text = Text(
        "Bänkar och urnor vid Kungsgatan",
        "Fyra bänkar och urnor, två planteringskärl med sittbänk.",
        "Kungsgatan vid Tegelslagargatan",
        "Kungsgatan hålls samman från Norrtull till Södertull.",
        criteria=("trivsel", "folkliv"),
        plan_row="Kungsgatan",
    )
    _purchase(
        stage,
        date(2021, 2, 1),
        text,
        ("Bänkar, urnor och kärl (exempelbelopp)", "furniture", 190_000, 10),
        2021,
        184_500,
    )


def _purchase(stage: Stage, start: date, text: Text, line: Line, year: int, cost: int) -> None:
    def day(n: int) -> date:
        return start + timedelta(days=n)

    stage.submit(start, "purchase", text, example=False)
    stage.act(day(3), "accept", remarks="Idén tas emot.")
    stage.content(day(8), text, (line,), ((1, "investment", year, line[2]),))
    stage.act(day(12), "to_review", assessment="Ryms i handlingsplanen.")
    stage.act(day(30), "recommend", held_on=day(30), position_wording="Samsyn.")
    stage.act(day(40), "propose", remarks="Investeringspotten.")
    stage.act(day(50), "approve", **decided(day(50), "delegation", "Inköpet godkänns.", "Investeringspotten"))
    stage.act(day(70), "sign", supplier="Leverantör (exempel)", contract_amount=Ore(cost * 100), ready_by=day(120))
    stage.invoice(day(118), 1, cost, "Leverantör (exempel)", "exempel")
    stage.act(day(120), "delivered", result="Allt är på plats.", warranty_until=day(850))
    stage.act(day(150), "complete_all", report="Möblerna används flitigt.", final_cost=Ore(cost * 100))


def _study_visit(stage: Stage) -> None:
    _activity(
        stage,
        date(2025, 3, 3),
        Text("Studiebesök i Årets Stadskärna", "Gruppen besöker en stad som vunnit.", "Annan ort"),
        ("Resa och program (exempelbelopp)", "study_visit", 42_000, 0),
        2025,
    )


def _knowledge_evening(stage: Stage) -> None:
    _activity(
        stage,
        date(2025, 9, 1),
        Text("Kunskapskväll om trygga gator", "En kväll för medlemmar och allmänhet.", "Stadskärnan"),
        ("Föreläsare och lokal (exempelbelopp)", "knowledge_evening", 18_000, 0),
        2025,
    )


def _activity(stage: Stage, start: date, text: Text, line: Line, year: int) -> None:
    def day(n: int) -> date:
        return start + timedelta(days=n)

    stage.submit(start, "activity", text)
    stage.act(day(2), "accept", remarks="Idén tas emot.")
    stage.content(day(4), text, (line,), ((1, "operating", year, line[2]),))
    stage.act(day(8), "propose_directly", assessment="Hör till driftspotten.")
    stage.act(
        day(12), "approve", **decided(day(12), "delegation", "Aktiviteten godkänns.", "Driftspotten"), ready_by=day(40)
    )
    stage.invoice(day(41), 1, line[2] - 1_500, "Arrangör (exempel)", "exempel")
    stage.act(day(42), "was_held", held_on=day(40), result="Aktiviteten hölls.")
    stage.act(day(55), "complete_all", report="Deltagarna tog med sig tre idéer hem.")


CASES: tuple[Case, ...] = (_squares, _furniture, _benches, _study_visit, _knowledge_evening)


@dataclass(frozen=True, slots=True)
class _Example:
    """An open example: how far it has come, one transition after another."""

    process: str
    title: str
    what: str
    where: str
    line: Line | None
    pot: str
    steps: tuple[str, ...]


_REBUILD_TO_REVIEW = ("accept", "content", "order_sketch", "order", "deliver_sketch")
OPEN: tuple[_Example, ...] = (
    _Example(
        "rebuild",
        "Ljus längs Varnan",
        "Belysning av gångstråket längs ån.",
        "Varnans strand",
        ("Belysning längs stråket", "lighting", 340_000, 20),
        "investment",
        (*_REBUILD_TO_REVIEW, "recommend", "propose", "approve", "to_procurement", "sign", "ready"),
    ),
    _Example(
        "rebuild",
        "Grönare Lyrantorget",
        "Träd och planteringar vid lekplatsen.",
        "Lyrantorget",
        ("Träd och planteringar", "planting", 310_000, 25),
        "investment",
        (*_REBUILD_TO_REVIEW, "recommend", "propose"),
    ),
    _Example(
        "rebuild",
        "Bredare trottoar på Trädgårdsgatan",
        "Plats för uteserveringar.",
        "Trädgårdsgatan",
        ("Ny markbeläggning", "ground", 880_000, 40),
        "investment",
        _REBUILD_TO_REVIEW,
    ),
    _Example(
        "rebuild",
        "Sittgradäng vid Kungsbron",
        "En gradäng mot vattnet.",
        "Kungsbron",
        ("Gradäng i trä", "ground", 510_000, 20),
        "investment",
        ("accept", "content", "order_sketch", "order"),
    ),
    _Example(
        "rebuild",
        "Ny entré till Södra torget",
        "En tydlig entré från söder.",
        "Södertull",
        ("Markarbeten", "ground", 300_000, 30),
        "investment",
        ("accept", "content", "order_sketch"),
    ),
    _Example(
        "purchase",
        "Cykelställ vid biblioteket",
        "Tolv cykelplatser under tak.",
        "Biblioteket",
        ("Cykelställ med tak", "furniture", 96_000, 15),
        "investment",
        ("accept", "content", "to_review", "recommend", "propose", "approve", "sign", "delivered"),
    ),
    _Example(
        "purchase",
        "Blomsterurnor på Kungsgatan",
        "Urnor som hör ihop med de som finns.",
        "Kungsgatan",
        ("Urnor i gjutjärn", "furniture", 74_000, 12),
        "investment",
        ("accept", "content", "to_review", "recommend", "propose", "approve"),
    ),
    _Example(
        "purchase",
        "Belysningsträd vid Norra torget",
        "Fler ljus under den mörka tiden.",
        "Norra torget",
        ("Belysningsträd", "lighting", 135_000, 10),
        "investment",
        ("accept", "content", "to_review", "recommend", "propose"),
    ),
    _Example(
        "purchase",
        "Skyddande skärmar vid sittplatserna",
        "Genomsiktliga avskärmningar mot vinden.",
        "Kungsgatan",
        ("Skärmar", "furniture", 88_000, 15),
        "investment",
        ("accept", "content", "to_review", "recommend"),
    ),
    _Example(
        "activity",
        "Studiebesök om levande bottenvåningar",
        "Vi besöker en stad med samma frågor.",
        "Annan ort",
        ("Resa och program", "study_visit", 38_000, 0),
        "operating",
        ("accept", "content", "propose_directly"),
    ),
    _Example(
        "activity",
        "Kunskapskväll om skyltfönster",
        "En kväll för handlare.",
        "Stadskärnan",
        ("Föreläsare", "knowledge_evening", 15_000, 0),
        "operating",
        ("accept", "content", "propose_directly", "approve"),
    ),
    _Example(
        "purchase",
        "Fler papperskorgar vid torget",
        "Det blir skräpigt på marknadsdagarna.",
        "Södra torget",
        ("Papperskorgar", "furniture", 40_000, 10),
        "investment",
        ("accept",),
    ),
    _Example(
        "rebuild",
        "En plats för barn vid Norra torget",
        "Något att leka på medan vuxna handlar.",
        "Norra torget",
        None,
        "investment",
        (),
    ),
)


def _play_open(stage: Stage, example: _Example, start: date, today: date) -> None:
    text = Text(example.title, example.what, example.where, criteria=("trivsel",), plan_row="Exempel")
    stage.submit(start, example.process, text)
    days = max(1, (today - start).days // (len(example.steps) + 1))
    for n, step in enumerate(example.steps, 1):
        on = start + timedelta(days=min(n * days, (today - start).days))
        if step == "content":
            _write(stage, on, text, example)
        else:
            stage.act(on, step, **_form(step, on, example))


def _write(stage: Stage, on: date, text: Text, example: _Example) -> None:
    if example.line is None:
        return
    pot = example.pot
    year = max(each.year for each in stage.engine.pots() if each.pot == pot and each.decided and each.year <= on.year)
    lines: tuple[Line, ...] = (example.line,)
    paid: tuple[Paid, ...] = ((1, pot, year, example.line[2]),)
    if example.process == "rebuild":
        sketch: Line = ("Skiss", "sketch", 25_000, 0)
        lines, paid = (sketch, example.line), ((1, "operating", year, 25_000), (2, pot, year, example.line[2]))
    stage.content(on, text, lines, paid)


def _form(step: str, on: date, example: _Example) -> dict[str, Any]:
    kronor = example.line[2] if example.line else 0
    forms: dict[str, dict[str, Any]] = {
        "accept": {"remarks": "Tack, vi tar den vidare."},
        "order_sketch": {"assessment": "Platsen är kommunens och idén följer visionen."},
        "order": {**decided(on, "delegation", "Skissen beställs.", "Driftspotten"), "supplier": "Konsult (exempel)"},
        "deliver_sketch": {"result": "Skissunderlag med två alternativ.", "reason": "Skissen räcker som fördjupning."},
        "to_review": {"assessment": "Följer handlingsplanen."},
        "recommend": {"held_on": on, "position_wording": "Samsyn i gruppen."},
        "propose": {"remarks": "Kalkyl och driftkonsekvens bifogas."},
        "propose_directly": {"assessment": "Hör till driftspotten."},
        "approve": {
            **decided(on, "§ exempel", "Förslaget bifalls.", "Enligt kalkylen"),
            "ready_by": on + timedelta(days=60),
        },
        "to_procurement": {"result": "Handlingarna är klara."},
        "sign": {
            "supplier": "Entreprenör (exempel)",
            "contract_amount": Ore(kronor * 95),
            "ready_by": on + timedelta(days=90),
        },
        "ready": {"result": "Klart för besiktning."},
        "delivered": {"result": "På plats."},
    }
    return forms.get(step, {})
