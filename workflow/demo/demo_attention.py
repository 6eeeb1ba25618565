"""What is said beside the steps in the demonstration: a question to several, of whom some have answered, a note among
officials, and proposals that somebody follows. All of it is invented and marked as an example."""

from datetime import date, timedelta

from workflow.demo.staging import Script, Stage
from workflow.engine import Engine
from workflow.opinions.asking_opinions import Question
from workflow.opinions.giving_opinions import Opinion

ASKED = "Ett sammanhållet stråk längs Kungsgatan"
NOTED = "Skyddande skärmar vid sittplatserna"
FOLLOWED = {"Handläggare": "Ny gångbro över Varnan", "Fastighetsägare": ASKED, "Budgetansvarig": "Ljus längs Varnan"}
QUESTION = (
    "Hur påverkar ett sammanhållet stråk det ni ansvarar för, och vad behöver gestaltningsprogrammet ta hänsyn till?"
)
NOTE = "Leverantören ringde: de kan visa en skärm på plats före nästa möte. Ska vi bjuda in gruppen?"
ANSWERS = {  # who answers for whom, where they stand, and in which words
    "Projektledare i tekniska förvaltningen": (
        "body:tekniska", "supports", "Bra om marken läggs om samtidigt som ledningarna byts. Plogen behöver 3,5 meter."
    ),
    "Arrangör": (
        "body:kultur", "comments", "Lämna plats för marknadsstånd och el vid båda torgen."
    ),
}  # fmt: skip


def script(today: date) -> Script:
    """Asked a week ago; two of four have answered since."""
    played = Script()
    played.steps += [(today - timedelta(days=days), step) for days, step in ((7, _ask), (6, _note), (3, _answer))]
    return played


def _ask(stage: Stage) -> None:
    engine = stage.engine
    owner = next(each for each in engine.may_be_asked() if each.title == "Fastighetsägare i stadskärnan")
    asked = Question(QUESTION, ("registrar:tn", *(holder for holder, _, _ in ANSWERS.values()), owner.holder))
    engine.ask_opinions(_number(engine, ASKED), asked, by=_people(engine)["Handläggare"], key=stage.key())


def _note(stage: Stage) -> None:
    engine, people = stage.engine, _people(stage.engine)
    engine.note(_number(engine, NOTED), NOTE, by=people["Handläggare"], key=stage.key())
    for title, followed in FOLLOWED.items():
        engine.follow(_number(engine, followed), by=people[title])


def _answer(stage: Stage) -> None:
    engine, people, number = stage.engine, _people(stage.engine), _number(stage.engine, ASKED)
    (round_,) = engine.timeline(number, people["Handläggare"]).opinions
    duties = {each.holder: each.duty for each in round_.answers}
    for title, (holder, stance, wording) in ANSWERS.items():
        engine.give_opinion(number, duties[holder], Opinion(stance, wording, 1), by=people[title], key=stage.key())


def _people(engine: Engine) -> dict[str, int]:
    return {each.title: each.person for each in engine.demo_people()}


def _number(engine: Engine, title: str) -> str:
    return next(each.number for each in engine.find(title) if each.title == title)
