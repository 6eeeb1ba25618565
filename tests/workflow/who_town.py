"""The people of ``who_may_act.csv``, each in one capacity, and the proposals that they are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, text

from tests.workflow.absences import ADMINISTRATOR, substitute
from tests.workflow.cast import DAY, PROCESSES, WORDS, Case, clock_of, key, person, rows
from workflow import Engine
from workflow.cases.interests import Declared
from workflow.people.deputies import Absence

NOBODY = 10**6
INSTANCES = {"board": "ks", "delegate": "budget_holder"}
ASIDE = ("purchase", "aside")  # a proposal for what is no transition

PLAIN = {
    "officer": "Handläggare", "budget_holder": "Budgetansvarig", "attestant": "Beslutsattestant",
    "controller": "Ekonom", "registrar_ks": "Sekreterare i kommunstyrelsen",
    "registrar_tn": "Sekreterare i tekniska nämnden", "technical": "Projektledare i tekniska förvaltningen",
    "buyer": "Inköpare", "site_manager": "Byggledare", "organiser": "Arrangör", "chair": "Ordförande i Centrumgruppen",
    "external": "Fastighetsägare", "external_in_group": "Ledamot från Näringslivssamverkan", "revisor": "Revisor",
    "administrator": ADMINISTRATOR,
}  # fmt: skip
Seat = tuple[str, str, str]  # role, body, category
STAFF: Seat = ("member", "kultur", "municipality")  # employed, and nothing in particular
OFFICER: Seat = ("officer", "kommunledning", "municipality")
HOLDER: Seat = ("budget_holder", "kommunledning", "municipality")
ATTESTANT: Seat = ("attestant", "kommunledning", "municipality")
CONTROLLER: Seat = ("controller", "kommunledning", "municipality")
SEATS: Mapping[str, tuple[Seat, ...]] = {
    "ended": (OFFICER,), "two_roles": (OFFICER, HOLDER), "preparer": (OFFICER, HOLDER),
    "interested_officer": (OFFICER,), "interested_holder": (HOLDER,), "interested_controller": (CONTROLLER,),
    "interested_registrar": (("registrar", "ks", "municipality"),),
    "interested_external": (("external", "arbetsgruppen", "trade"),),
    "interested_administrator": (OFFICER, ("administrator", "kommunledning", "municipality")),
    "revisor_and_officer": (("auditor", "kf", "elected"), OFFICER),
    "elected_member": (("member", "arbetsgruppen", "elected"),),
    **dict.fromkeys(
        ("deputy_of_officer", "expired_deputy", "coming_deputy", "returned_deputy", "deputy_of_deputy",
         "deputy_of_holder", "deputy_of_registrar", "deputy_of_elected", "deputy_of_administrator", "deputy_of_revisor",
         "deputy_of_ended"), (STAFF,)),
    "substitute_of_holder": (ATTESTANT,), "deputy_of_preparer": (ATTESTANT,),
    "outside_deputy": (("external", "centrumgruppen", "property_owner"),), "seatless_deputy": (),
}  # fmt: skip
# Who stands in for whom, from and until how many days after the day of the questions.
DEPUTIES: Mapping[str, tuple[str, int, int]] = {
    "deputy_of_officer": ("officer", 0, 5), "expired_deputy": ("officer", -5, -1), "coming_deputy": ("officer", 1, 5),
    "returned_deputy": ("officer", 0, 5), "deputy_of_deputy": ("deputy_of_officer", 0, 5),
    "deputy_of_holder": ("budget_holder", 0, 5), "deputy_of_registrar": ("registrar_ks", 0, 5),
    "deputy_of_elected": ("elected_member", 0, 5), "deputy_of_administrator": ("administrator", 0, 5),
    "deputy_of_revisor": ("revisor", 0, 5), "deputy_of_ended": ("ended", 0, 5),
    "substitute_of_holder": ("budget_holder", 0, 5), "deputy_of_preparer": ("preparer", 0, 5),
    "outside_deputy": ("officer", 0, 5), "seatless_deputy": ("external_in_group", 0, 5),
}  # fmt: skip
EARLY = DAY - timedelta(days=20)
CAPACITIES = (
    "anonymous", "proposer", "other_proposer", "interested_proposer", "clock", *PLAIN, *SEATS,
)  # fmt: skip
ELSEWHERE = {"elected_member": "external_in_group"}  # of whom the table speaks by another name


@dataclass(slots=True)
class Town:
    """Everybody and two proposals of each process: one that a board decides, one that a delegate does."""

    engine: Engine
    people: dict[str, int] = field(default_factory=dict)
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)

    def build(self) -> "Town":
        clock_of(self.engine).at = clock_of(self.engine).at.replace(year=2026, month=2, day=1)
        clock_of(self.engine).to(EARLY)
        self.people = {name: person(self.engine, title) for name, title in PLAIN.items()}
        with self.engine.database.writing() as connection:
            for name, seats in SEATS.items():
                self.people[name] = _somebody(connection, name, seats)
            clock = text("SELECT id FROM person WHERE ref = 'clock'")
            self.people |= {"clock": connection.execute(clock).scalar_one(), "anonymous": NOBODY}
        self._name_deputies()
        for process in PROCESSES:
            for awaits in INSTANCES:
                self._propose(process, awaits)
        self._propose(*ASIDE)
        clock_of(self.engine).to(DAY)
        substitute(self.engine, "attestant")
        with self.engine.database.writing() as connection:
            connection.execute(
                text("UPDATE membership SET to_on = :gone WHERE person_id = :who"),
                {"gone": (DAY - timedelta(days=1)).isoformat(), "who": self.people["ended"]},
            )
            gone = text("DELETE FROM membership WHERE person_id = :who")
            connection.execute(gone, {"who": self.people["seatless_deputy"]})
        return self

    def _name_deputies(self) -> None:
        with self.engine.database.writing() as connection:
            _seat(connection, self.people["seatless_deputy"], STAFF)
        for name, (away, first, last) in DEPUTIES.items():
            told = Absence(
                self.people[away], self.people[name], DAY + timedelta(days=first), DAY + timedelta(days=last), "Ledig."
            )
            self.engine.name_deputy(told, by=self.people["administrator"], key=key())
        (back,) = self.engine.deputies(self.people["returned_deputy"])
        self.engine.end_deputy(back.id, by=self.people["officer"], key=key())

    def _propose(self, process: str, awaits: str) -> None:
        """Handed in, and its content written by the preparer: nobody else has done anything to it."""
        made = Case(self.engine, process, 20_000).submit()
        self.engine.revise(
            made.number, by=self.people["preparer"], key=key(), seen_revision=1, text=WORDS,
            rows=rows(process, 20_000),
        )  # fmt: skip
        self.cases[process, awaits] = made
        for name, who in self.people.items():
            if name.startswith("interested_"):
                told = Declared(who, "own", "Äger huset bredvid.")
                self.engine.declare_interest(made.number, told, by=who, key=key())
        with self.engine.database.writing() as connection:
            _decided(connection, made.number, INSTANCES.get(awaits, "ks"))

    def who(self, capacity: str, made: Case) -> int:
        """The person of a capacity on this proposal."""
        if capacity in ("proposer", "interested_proposer"):
            return int(made.stands()["proposer_id"])
        if capacity == "other_proposer":
            others = (each for each in self.cases.values() if each.number != made.number)
            return int(next(others).stands()["proposer_id"])
        return self.people[capacity]


def _somebody(connection: Connection, name: str, seats: tuple[Seat, ...]) -> int:
    made = text(
        "INSERT INTO person (ref, kind, name, title, email, telephone, created_at)"
        " VALUES (:ref, 'member', :name, '', '', '', '2019-01-01T00:00:00.000000Z') RETURNING id"
    )
    who = int(connection.execute(made, {"ref": name.encode().hex().ljust(32, "0"), "name": name}).scalar_one())
    for seat in seats:
        _seat(connection, who, seat)
    return who


def _seat(connection: Connection, who: int, seat: Seat) -> None:
    role, body, category = seat
    told = text(
        "INSERT INTO membership (person_id, body_id, role, category, from_on, source)"
        " SELECT :who, id, :role, :category, '2019-01-01', 'prov' FROM body WHERE code = :body"
    )
    connection.execute(told, {"who": who, "role": role, "category": category, "body": body})


def _decided(connection: Connection, number: str, instance: str) -> None:
    """Whose approval the work rests on, for the ways that ask."""
    told = text(
        "INSERT INTO decision (stream, seq, instance, kind, outcome, decided_on)"
        " VALUES (:stream, 900, :instance, 'board', 'approved', '2026-02-20')"
    )
    connection.execute(told, {"stream": number, "instance": instance})
