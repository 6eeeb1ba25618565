"""What has been done in Kristinehamn's town centre, as the town's own pages tell it. Sums and days that they do not
give are examples and say so; so does everything that is told to have happened to the squares after 2021."""

from collections.abc import Callable
from datetime import date, timedelta

from states import Ore
from workflow.demo.demo_pictures import Scene
from workflow.demo.staging import Line, Paid, Running, Script, decided
from workflow.money.contents import Text

COMPANY = "Hesselius Entreprenad AB"


def scripts() -> tuple[Script, ...]:
    return (squares(), furniture(), benches(), lights(), study_visit(), knowledge_evening())


def squares() -> Script:
    """Torgen: a concept, another concept, the council's appropriation, Trafikverket's part, and the building."""
    script = Script()
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
    script.submit(date(2020, 1, 7), "rebuild", text, example=False)
    script.act(date(2020, 1, 9), "accept", remarks="Frågan väcktes redan hösten 2015 och läggs in här i efterhand.")
    script.content(date(2020, 1, 10), text, lines, paid, (120_000, 30_000, 90_000))
    script.act(date(2020, 1, 13), "order_sketch", assessment="Ett koncept behövs innan något kan beslutas.")
    script.act(
        date(2020, 1, 15), "order", supplier="Sweco",
        **decided(date(2020, 1, 15), "delegation", "Konceptet beställs.", "Driftspotten"),
    )  # fmt: skip
    script.act(
        date(2020, 1, 29), "deliver_sketch", reason="Skissen räcker som fördjupning.",
        result="Koncept med gångbro, efter medborgardialog första advent 2015.",
    )  # fmt: skip
    script.act(
        date(2020, 2, 3), "new_concept", held_on=date(2020, 2, 3),
        position_wording="Ett alternativ utan bro tas fram.", question="Hur blir torgen utan gångbro?",
    )  # fmt: skip
    script.act(
        date(2020, 2, 5), "order", supplier="Sweco",
        **decided(date(2020, 2, 5), "delegation", "Ett nytt koncept beställs.", "Driftspotten"),
    )  # fmt: skip
    script.invoice(date(2020, 2, 20), 1, 150_000, "Sweco", "20-0117 (exempel)")
    script.act(
        date(2020, 2, 24), "deliver_sketch", reason="Förslaget räcker som fördjupning.",
        result="Gestaltningsförslag utan bro, efter dialog 2016. Kommunfullmäktige godkände det våren 2017.",
    )  # fmt: skip
    script.act(
        date(2020, 3, 2), "recommend", held_on=date(2020, 3, 2),
        position_wording="Gruppen ställer sig bakom förslaget.",
    )  # fmt: skip
    script.act(
        date(2020, 3, 6),
        "propose",
        remarks="17,5 mnkr som särskilt anslag, 3,2 mnkr i medfinansiering av Trafikverket.",
    )
    script.act(
        date(2020, 3, 27), "approve", adjusted_on=date(2020, 3, 27),
        **decided(date(2020, 3, 26), "ej angivet", "17,5 mnkr avsätts för torgen.",
                  "Särskilt anslag och medfinansiering av Trafikverket"),
    )  # fmt: skip
    script.cofinance(date(2020, 4, 20), "Trafikverket", "agreed")
    script.act(date(2020, 6, 1), "to_procurement", result="Projekteringshandling och förfrågningsunderlag är klara.")
    script.act(
        date(2020, 10, 15), "sign", supplier=COMPANY, contract_amount=Ore(20_700_000_00), ready_by=date(2022, 6, 30)
    )
    script.invoice(date(2020, 12, 15), 2, 4_000_000, COMPANY, "20-0931 (exempel)")
    script.invoice(date(2021, 9, 15), 2, 9_500_000, COMPANY, "21-0640 (exempel)")
    script.invoice(date(2022, 5, 16), 2, 4_000_000, COMPANY, "22-0388 (exempel)")
    script.invoice(date(2022, 5, 16), 3, 2_900_000, COMPANY, "22-0389 (exempel)")
    script.cofinance(date(2022, 6, 10), "Trafikverket", "received")
    script.act(date(2022, 6, 20), "ready", result="Exempel: källorna berättar inte vilken dag torgen blev klara.")
    script.act(
        date(2022, 7, 1), "pass", inspected_on=date(2022, 6, 29), handed_over_on=date(2022, 7, 1),
        warranty_until=date(2027, 7, 1), document="Exempel: besiktningsutlåtande",
    )  # fmt: skip
    script.act(
        date(2022, 11, 7), "complete_all", final_cost=Ore(20_550_000_00), warranty_until=date(2027, 7, 1),
        report="Exempel: torgen är klara och används. Slutkostnaden är ett exempelbelopp.",
        no_picture="Källorna har ingen bild som får visas här.",
    )  # fmt: skip
    return script


def furniture() -> Script:
    text = Text(
        "Möblering till torgen",
        "Bänkar och bord till torgen.",
        "Norra och Södra torget",
        "Fler platser att sitta på.",
        criteria=("trivsel", "mötesplatser"),
        plan_row="Centrumpengen 2020",
    )
    line = ("Möbler till torgen (exempelbelopp)", "furniture", 280_000, 10)
    return _purchase(date(2020, 4, 1), text, line, 280_000, (6_000, 0, 0), ("empty", "benches"))


def benches() -> Script:
    text = Text(
        "Bänkar och urnor vid Kungsgatan",
        "Fyra bänkar och urnor, två planteringskärl med sittbänk.",
        "Kungsgatan vid Tegelslagargatan",
        "Kungsgatan hålls samman från Norrtull till Södertull.",
        criteria=("trivsel", "folkliv"),
        plan_row="Kungsgatan",
    )
    line = ("Bänkar, urnor och kärl (exempelbelopp)", "furniture", 190_000, 10)
    return _purchase(date(2021, 2, 1), text, line, 184_500, (9_000, 0, 2_000), ("empty", "benches"))


def lights() -> Script:
    text = Text(
        "Belysningsträd på Lyrantorget",
        "Träd med ljus vid trädäcket och lekplatsen.",
        "Lyrantorget",
        "Torget ska kännas tryggt och trivsamt också när det är mörkt.",
        criteria=("trygghet", "trivsel"),
        plan_row="Lyrantorget",
    )
    line = ("Belysningsträd (exempelbelopp)", "lighting", 160_000, 10)
    return _purchase(date(2022, 8, 15), text, line, 156_000, (2_500, 3_500, 0), ("dark", "lights"))


def study_visit() -> Script:
    text = Text("Studiebesök i Årets Stadskärna", "Gruppen besöker en stad som vunnit.", "Annan ort")
    line = ("Resa och program (exempelbelopp)", "study_visit", 42_000, 0)
    return _activity(date(2025, 3, 3), text, line, 40_500)


def knowledge_evening() -> Script:
    """It came to cost more than was decided: the invoice is booked and the pot shows what is not covered."""
    text = Text("Kunskapskväll om trygga gator", "En kväll för medlemmar och allmänhet.", "Stadskärnan")
    line = ("Föreläsare och lokal (exempelbelopp)", "knowledge_evening", 18_000, 0)
    return _activity(date(2025, 9, 1), text, line, 22_000)


def _purchase(start: date, text: Text, line: Line, cost: int, running: Running, looks: tuple[Scene, Scene]) -> Script:
    """A purchase from the investment pot of its year, from idea to report; ``cost`` in kronor, what it looked like
    before and after."""
    script, day = Script(), _days_from(start)
    script.submit(start, "purchase", text, example=False)
    script.act(day(3), "accept", remarks="Idén tas emot.")
    script.content(day(8), text, (line,), ((1, "investment", start.year, line[2]),), running)
    script.picture(day(9), looks[0], "before")
    script.act(day(12), "to_review", assessment="Ryms i handlingsplanen.")
    script.act(day(30), "recommend", held_on=day(30), position_wording="Samsyn.")
    script.act(day(40), "propose", remarks="Investeringspotten.")
    script.act(day(50), "approve", **decided(day(50), "delegation", "Inköpet godkänns.", "Investeringspotten"))
    script.act(day(70), "sign", supplier="Leverantör (exempel)", contract_amount=Ore(cost * 100), ready_by=day(120))
    script.invoice(day(118), 1, cost, "Leverantör (exempel)", "exempel")
    script.act(day(120), "delivered", result="Allt är på plats.", warranty_until=day(850))
    script.picture(day(121), looks[1], "after")
    script.act(day(150), "complete_all", report="Används flitigt.", final_cost=Ore(cost * 100))
    return script


def _activity(start: date, text: Text, line: Line, cost: int) -> Script:
    script, day = Script(), _days_from(start)
    script.submit(start, "activity", text)
    script.act(day(2), "accept", remarks="Idén tas emot.")
    script.content(day(4), text, (line,), ((1, "operating", start.year, line[2]),))
    script.act(day(8), "propose_directly", assessment="Hör till driftspotten.")
    approved = decided(day(11), "delegation", "Aktiviteten godkänns.", "Driftspotten")
    script.act(day(11), "approve", **approved, ready_by=day(40))
    script.act(day(42), "was_held", held_on=day(40), result="Aktiviteten hölls.")
    script.invoice(day(45), 1, cost, "Arrangör (exempel)", "exempel")
    script.act(
        day(56), "complete_all", report="Deltagarna tog med sig tre idéer hem.", final_cost=Ore(cost * 100),
        no_picture="Deltagarna ville inte vara med på bild.",
    )  # fmt: skip
    return script


def _days_from(start: date) -> Callable[[int], date]:
    return lambda n: start + timedelta(days=n)
