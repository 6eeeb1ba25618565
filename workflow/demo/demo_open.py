"""Examples on their way, so that each role finds something to do. All of it is invented and marked as an example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from states import Ore
from workflow.demo.staging import NONE, Line, Paid, Running, Script, decided
from workflow.money.contents import Text

SKETCH, PROGRAMME = 25_000, 60_000  # kronor, from the operating pot
TO_SKETCH = ("accept", "content", "order_sketch")
TO_REVIEW = (*TO_SKETCH, "order", "sketch_invoice", "deliver_sketch")
TO_DECISION = (*TO_REVIEW, "recommend", "propose")
BUYING = ("accept", "content", "to_review", "recommend", "propose")
TO_MANAGER = ("accept", "content", "propose_directly")


@dataclass(frozen=True, slots=True)
class Example:
    """An open proposal: what it is about, how old it is, how long nothing has happened, and its steps until then."""

    process: str
    title: str
    what: str
    where: str
    line: Line | None
    age_days: int
    idle_days: int
    steps: tuple[str, ...] = ()
    pot: str = "investment"
    why: str = ""
    criteria: tuple[str, ...] = ("trivsel",)
    later: int = 0  # how many years later the pot is to pay

    def days(self, today: date) -> Iterator[tuple[date, str]]:
        """Its steps spread evenly from the day after it came in, all on working days."""
        start, last = today - timedelta(days=self.age_days), today - timedelta(days=self.idle_days)
        for n, step in enumerate(self.steps, 1):
            on = start + (last - start) * n // len(self.steps)
            yield on - timedelta(days=max(0, on.weekday() - 4)), step


OPEN: tuple[Example, ...] = (
    Example(
        "rebuild", "En plats för barn vid Norra torget", "Något att leka på medan vuxna handlar.", "Norra torget", None,
        4, 4, why="Barnfamiljer stannar längre om barnen har något att göra.", criteria=("trivsel", "mötesplatser"),
    ),
    Example(
        "purchase", "Julbelysning längs Kungsgatan", "Ljusslingor i träden från Norrtull till Södertull.", "Kungsgatan",
        None, 9, 9, why="Det är mörkt från november till februari.",
    ),
    Example(
        "rebuild", "Bättre övergång vid Vintergatan", "En upphöjd passage för gående.", "Vintergatan",
        ("Upphöjd passage", "ground", 210_000, 30), 16, 5, ("accept", "ask_completion"), criteria=("trygghet",),
    ),
    Example(
        "purchase", "Fler papperskorgar vid torget", "Det blir skräpigt på marknadsdagarna.", "Södra torget",
        ("Papperskorgar", "furniture", 40_000, 10), 21, 6, ("accept", "write"),
    ),
    Example(
        "rebuild", "Ny entré till Södra torget", "En tydlig entré från söder.", "Södertull",
        ("Markarbeten", "ground", 300_000, 30), 30, 3, TO_SKETCH, criteria=("trygghet", "tillgänglighet"),
    ),
    Example(
        "rebuild", "Sittgradäng vid Kungsbron", "En gradäng mot vattnet.", "Kungsbron",
        ("Gradäng i trä", "ground", 510_000, 20), 48, 12, (*TO_SKETCH, "order"), criteria=("mötesplatser", "folkliv"),
        later=1,
    ),
    Example(
        "rebuild", "Ett sammanhållet stråk längs Kungsgatan", "Samma mark, ljus och möbler hela vägen.", "Kungsgatan",
        ("Markbeläggning och ljus", "ground", 900_000, 40), 75, 20, ("accept", "programme_content", "skip_sketch"),
        criteria=("trivsel", "tillgänglighet"), later=1,
    ),
    Example(
        "rebuild", "Bredare trottoar på Trädgårdsgatan", "Plats för uteserveringar.", "Trädgårdsgatan",
        ("Ny markbeläggning", "ground", 880_000, 40), 90, 14, TO_REVIEW, criteria=("folkliv",),
        later=1,
    ),
    Example(
        "purchase", "Skyddande skärmar vid sittplatserna", "Genomsiktliga avskärmningar mot vinden.", "Kungsgatan",
        ("Skärmar", "furniture", 88_000, 15), 60, 14, BUYING[:3],  # the forum takes its position at a meeting
    ),
    Example(
        "purchase", "Cykelpump vid stationen", "En pump som går att använda dygnet runt.", "Stationen",
        ("Cykelpump", "furniture", 32_000, 10), 55, 30, ("accept", "content", "park"), criteria=("tillgänglighet",),
    ),
    Example(
        "rebuild", "Grönare Lyrantorget", "Träd och planteringar vid lekplatsen.", "Lyrantorget",
        ("Träd och planteringar", "planting", 310_000, 25), 100, 10, TO_DECISION, criteria=("trivsel", "mötesplatser"),
    ),
    Example(
        "rebuild", "Ny gångbro över Varnan", "En bro för gående och cyklande mellan torget och parken.", "Varnan",
        ("Gångbro", "ground", 6_200_000, 40), 120, 15, TO_DECISION, pot="appropriation:Särskilt anslag gångbron",
        criteria=("tillgänglighet", "folkliv"),
    ),
    Example(
        "purchase", "Ljus vid Norra torgets scen", "Fler ljus under den mörka tiden.", "Norra torget",
        ("Belysning vid scenen", "lighting", 85_000, 10), 70, 4, BUYING, criteria=("trygghet",),
    ),
    Example(
        "rebuild", "Ljus längs Varnan", "Belysning av gångstråket längs ån.", "Varnans strand",
        ("Belysning längs stråket", "lighting", 120_000, 20), 140, 18, (*TO_DECISION, "approve"),
        criteria=("trygghet",),
    ),
    Example(
        "purchase", "Blomsterurnor på Kungsgatan", "Urnor som hör ihop med de som finns.", "Kungsgatan",
        ("Urnor i gjutjärn", "furniture", 74_000, 12), 95, 9, (*BUYING, "approve"),
    ),
    Example(
        "rebuild", "Sittplatser vid Norrtull", "Bänkar under träden och en jämnare mark.", "Norrtull",
        ("Mark och bänkar", "ground", 150_000, 20), 200, 11, (*TO_DECISION, "approve", "to_procurement", "sign"),
    ),
    Example(
        "rebuild", "Ramp till bibliotekets entré", "En ramp med räcke bredvid trappan.", "Biblioteket",
        ("Ramp", "ground", 90_000, 40), 220, 6, (*TO_DECISION, "approve", "to_procurement", "sign", "ready"),
        criteria=("tillgänglighet", "inkludering"),
    ),
    Example(
        "purchase", "Cykelställ vid biblioteket", "Tolv cykelplatser under tak.", "Biblioteket",
        ("Cykelställ med tak", "furniture", 96_000, 15), 150, 7, (*BUYING, "approve", "sign", "invoice", "delivered"),
        criteria=("tillgänglighet",),
    ),
    Example(
        "activity", "Studiebesök om levande bottenvåningar", "Vi besöker en stad med samma frågor.", "Annan ort",
        ("Resa och program", "study_visit", 38_000, 0), 28, 2, TO_MANAGER, pot="operating",
    ),
    Example(
        "activity", "Kunskapskväll om skyltfönster", "En kväll för handlare.", "Stadskärnan",
        ("Föreläsare", "knowledge_evening", 15_000, 0), 40, 5, (*TO_MANAGER, "approve"), pot="operating",
    ),
    Example(
        "rebuild", "Parkeringshus under torget", "Bilarna under mark och torget till människor.", "Södra torget", None,
        110, 60, ("accept", "close"),
    ),
)  # fmt: skip


def scripts(today: date, years: Mapping[str, int]) -> tuple[Script, ...]:
    """``years``: the budget year that a pot is asked in, by the pot."""
    return tuple(_script(each, today, years) for each in OPEN)


def _script(example: Example, today: date, years: Mapping[str, int]) -> Script:
    script = Script()
    text = Text(example.title, example.what, example.where, example.why, criteria=example.criteria, plan_row="Exempel")
    script.submit(today - timedelta(days=example.age_days), example.process, text)
    for on, step in example.days(today):
        if step in ("content", "programme_content"):
            script.content(on, text, *_rows(example, years, programme=step != "content"), _running(example))
        elif step == "write":
            script.write(on, text, *_rows(example, years))
        elif step == "sketch_invoice":
            script.invoice(on, 1, SKETCH - 1_000, "Konsult (exempel)", "exempel")
        elif step == "invoice" and example.line:
            script.invoice(on, 1, example.line[2] * 95 // 100, "Leverantör (exempel)", "exempel")
        else:
            script.act(on, step, **_form(step, on, example))
    return script


def _rows(
    example: Example, years: Mapping[str, int], *, programme: bool = False
) -> tuple[tuple[Line, ...], tuple[Paid, ...]]:
    """What it costs and who pays; a rebuilding begins with a sketch, or with a gestaltningsprogram, from operations."""
    if example.line is None:
        raise ValueError(f"{example.title} has no cost to write")
    year = years.get(example.pot, max(years.values())) + example.later
    if example.process != "rebuild":
        return (example.line,), ((1, example.pot, year, example.line[2]),)
    kronor = PROGRAMME if programme else SKETCH
    first: Line = ("Gestaltningsprogram", "programme", kronor, 0) if programme else ("Skiss", "sketch", kronor, 0)
    return (first, example.line), (
        (1, "operating", years["operating"], kronor),
        (2, example.pot, year, example.line[2]),
    )


def _running(example: Example) -> Running:
    """What it costs to run for a year, by its kind: an example like everything here."""
    kronor = example.line[2] if example.line else 0
    by_kind: dict[str, Running] = {
        "ground": (kronor // 100, 0, kronor // 200), "lighting": (2_000, 3_000, 0), "furniture": (kronor // 40, 0, 0),
        "planting": (kronor // 20, 0, 0),
    }  # fmt: skip
    return by_kind.get(example.line[1], NONE) if example.line else NONE


def _form(step: str, on: date, example: Example) -> dict[str, Any]:
    kronor = example.line[2] if example.line else 0
    forms: dict[str, dict[str, Any]] = {
        "accept": {"remarks": "Tack, vi tar den vidare."},
        "ask_completion": {"question": "Vilken del av gatan gäller det, och när på dagen är det svårt att gå över?"},
        "park": {"parked_until": on + timedelta(days=90), "reason": "Stationen byggs om; vi väntar på de ritningarna."},
        "close": {"reason": "Grundvattnet under torget gör det omöjligt, säger tekniska förvaltningen."},
        "order_sketch": {"assessment": "Platsen är kommunens och idén följer visionen."},
        "skip_sketch": {
            "assessment": "Stråket behöver hållas ihop från första början.",
            "reason": "Ett gestaltningsprogram för hela gatan ersätter skisserna.",
        },
        "order": {**decided(on, "delegation", "Skissen beställs.", "Driftspotten"), "supplier": "Konsult (exempel)"},
        "deliver_sketch": {"result": "Skissunderlag med två alternativ.", "reason": "Skissen räcker som fördjupning."},
        "to_review": {"assessment": "Följer handlingsplanen."},
        "recommend": {"held_on": on, "position_wording": "Samsyn i gruppen."},
        "propose": {"remarks": "Kalkyl och driftkonsekvens bifogas."},
        "propose_directly": {"assessment": "Hör till driftspotten."},
        "approve": {
            **decided(on, "ej angivet", "Förslaget bifalls.", "Enligt kalkylen"),
            "ready_by": on + timedelta(days=45),
        },
        "to_procurement": {"result": "Handlingarna är klara."},
        "sign": {
            "supplier": "Entreprenör (exempel)",
            "contract_amount": Ore(kronor * 95),
            "ready_by": on + timedelta(days=90),
        },
        "ready": {"result": "Klart för besiktning."},
        "delivered": {"result": "På plats.", "warranty_until": on + timedelta(days=730)},
    }
    return forms[step]
