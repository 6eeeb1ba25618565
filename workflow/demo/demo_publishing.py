"""What the public has written at the foot of the pages in the demonstration. All of it is invented and an example."""

from datetime import date, timedelta

from workflow.demo.staging import Script, Stage
from workflow.engine import Engine
from workflow.money.contents import Text
from workflow.publishing.acting_on_words import Why
from workflow.publishing.commenting import Written

ABOUT = "Skyddande skärmar vid sittplatserna"
HELD = "Ljus längs Varnan"
HANDED_IN = 1  # proposals
ON_A_PROPOSAL = "Exempel: bra med lä för vinden. Går det att se ut mot gatan genom skärmarna?"
ON_THE_POTS = "Exempel: det vore bra att se vad som är kvar i år redan på första sidan."
ON_ACCESSIBILITY = "Exempel: med förstorad text på telefonen fick jag söka länge efter knappen Visa."


def script(today: date) -> Script:
    """Three came in, and one of them has been answered."""
    played = Script()
    played.steps += [
        (today - timedelta(days=days), step)
        for days, step in ((9, _first), (8, _answer), (3, _masked), (2, _then), (1, _hold))
    ]
    return played


def _first(stage: Stage) -> None:
    stage.engine.comment(Written("comment", "/potter", ON_THE_POTS), key=stage.key())


def _answer(stage: Stage) -> None:
    (row,) = stage.engine.comments(_officer(stage.engine)).rows
    words = "Tas upp när första sidan ses över."
    stage.engine.close_comment(row.number, "noted", words, by=_officer(stage.engine), key=stage.key())


def _then(stage: Stage) -> None:
    engine = stage.engine
    number = next(each.number for each in engine.find(ABOUT) if each.title == ABOUT)
    engine.comment(Written("comment", f"/forslag/{number}", ON_A_PROPOSAL, number), key=stage.key())
    engine.comment(Written("accessibility", "/forslag", ON_ACCESSIBILITY), key=stage.key())


def _masked(stage: Stage) -> None:
    """An idea with a telephone number in it, from the series that is nobody's."""
    written = Text(
        "Fler cykelställ vid biblioteket", "Exempel: sex cykelställ till. Ring mig gärna på 070-174 06 33.",
        "Vid bibliotekets entré",
    )  # fmt: skip
    stage.engine.submit(process="purchase", by=None, key=stage.key(), text=written, is_example=True)


def _hold(stage: Stage) -> None:
    """A decision whose words wait until its protocol is published."""
    engine = stage.engine
    number = next(each.number for each in engine.find(HELD) if each.title == HELD)
    decided = engine.timeline(number).decided
    if decided is not None:
        why = Why("Ordalydelsen visas när protokollet är publicerat.")
        engine.hold_decision(number, decided.seq, why, by=_officer(engine), key=stage.key())


def _officer(engine: Engine) -> int:
    return next(each.person for each in engine.demo_people() if each.title == "Handläggare")
