"""Every command as an official gives it: what it prints, and whether it says done, faults found or cannot start."""

import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from states import load, steps
from tests.web.commands import DONE, FAULTY, PROCESSES, ROOT, WRONG, copy_examples, stand_again
from web.cli import main
from workflow import Engine

COMMANDS = (
    "serve",
    "demo",
    "check",
    "draw",
    "export",
    "import",
    "staffing",
    "invite",
    "tick",
    "worker",
    "verify",
    "seal",
    "migrate",
    "person-extract",
    "scrub",
)
Printed = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("command_database")


def test_help_tells_each_command_in_one_line(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == DONE
    printed = capsys.readouterr().out
    for name in COMMANDS:
        assert len(re.findall(rf"^ +{name} +\w.+$", printed, re.MULTILINE)) == 1
    told = printed.split("kommandon:")[1].split("options:")[0].strip().splitlines()[1:]
    assert len(told) == len(COMMANDS), "one line each"


@pytest.mark.parametrize("arguments", [[], ["bygg"], ["check"], ["draw"], ["draw", "purchase", "--as", "png"]], ids=str)
def test_a_command_that_cannot_be_understood_does_nothing(arguments: list[str], capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == WRONG
    assert "usage: skede" in capsys.readouterr().err


# check


def test_check_says_that_the_shipped_files_are_sound(capsys: Printed, command_database: Path) -> None:
    files = sorted(map(str, PROCESSES.glob("*.toml")))
    assert main(["check", *files]) == DONE
    assert capsys.readouterr().out == f"{len(files)} granskade, inga fel.\n"
    assert not command_database.exists()


def test_check_prints_every_finding_of_every_file(capsys: Printed, tmp_path: Path) -> None:
    shutil.copytree(PROCESSES, tmp_path, dirs_exist_ok=True)
    for name in ("purchase", "activity"):
        path = tmp_path / f"{name}.toml"
        text = path.read_text(encoding="utf-8").replace('role = "officer"', 'role = "oficer"', 1)
        path.write_text(text.replace('asks = ["remarks"]', 'asks = ["remark"]', 1), encoding="utf-8")
    borta = tmp_path / "borta.toml"
    assert main(["check", str(tmp_path / "purchase.toml"), str(tmp_path / "activity.toml"), str(borta)]) == FAULTY
    printed = capsys.readouterr().out.splitlines()
    for name in ("purchase", "activity"):
        key = f"{name}.toml: state.idea.transition.accept"
        assert f'{key}.role: rollen "oficer" finns inte – menade du "officer"?' in printed
        assert f'{key}.asks: fältet "remark" finns inte – menade du "remarks"?' in printed
    assert any(line.startswith("borta.toml: filen: den kan inte läsas") for line in printed)
    assert len(printed) == 5


@pytest.mark.parametrize("name", ["activity", "purchase", "rebuild"])
def test_check_refuses_a_process_that_is_never_completed(name: str, capsys: Printed, tmp_path: Path) -> None:
    shutil.copytree(PROCESSES, tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{name}.toml"
    parts = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join(part for part in parts if 'to = "completed"' not in part), encoding="utf-8")
    assert main(["check", str(path)]) == FAULTY
    assert f"{name}.toml: state.completed: ingen väg leder hit" in capsys.readouterr().out


# draw


@pytest.mark.parametrize("process", ["rebuild", str(PROCESSES / "rebuild.toml")], ids=["id", "file"])
def test_draw_gives_a_picture_without_any_database(process: str, capsys: Printed, command_database: Path) -> None:
    assert main(["draw", process]) == DONE
    picture = ET.fromstring(capsys.readouterr().out)
    written = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    for step in steps(load(PROCESSES).latest("rebuild")):
        assert step.n is None or step.title in written
    assert not command_database.exists()


@pytest.mark.parametrize("process", ["activity", "purchase", "rebuild"])
def test_the_list_tells_every_step_and_every_way_out(process: str, capsys: Printed) -> None:
    assert main(["draw", process, "--as", "list"]) == DONE
    printed = capsys.readouterr().out
    listed = steps(load(PROCESSES).latest(process))
    numbered = re.findall(r"^ *(\d+)\. ([^:\n]+)", printed, re.MULTILINE)
    assert numbered == [(str(step.n), step.title) for step in listed if step.n]
    for step in listed:
        assert re.search(rf"[.–] {re.escape(step.title)}(:|$)", printed, re.MULTILINE)
        for way in step.exits:
            assert f"→ {way.to_title}: {way.title} (" in printed
    assert len(re.findall("→", printed)) == sum(len(step.exits) for step in listed)
    assert "  1. Idé: arbetsgruppen\n       Frist: inom 10 arbetsdagar\n" in printed
    assert "→ Beredning: Ta emot idén och börja bereda (handläggaren)\n" in printed


def test_a_draft_with_faults_is_drawn_and_its_faults_told_beside(capsys: Printed, tmp_path: Path) -> None:
    shutil.copytree(PROCESSES, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "purchase.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("deadline = { working_days = 40 }\n", ""), encoding="utf-8"
    )
    assert main(["draw", str(path)]) == FAULTY
    printed = capsys.readouterr()
    assert printed.out.startswith("<svg")
    assert printed.err.startswith("purchase.toml: state.preparation: varken frist eller skäl att vänta")
    ET.fromstring(printed.out)


@pytest.mark.parametrize(
    ("process", "told"),
    [
        ("bygge", "Välj bland activity, purchase, rebuild, eller ange en fil som slutar på .toml."),
        ("borta.toml", "borta.toml: filen: den kan inte läsas"),
        (str(PROCESSES / "municipal_side_roads.toml"), "den är ingen process för sig"),
    ],
    ids=["no-process", "no-file", "side-roads"],
)
def test_what_is_no_process_is_not_drawn(process: str, told: str, capsys: Printed) -> None:
    assert main(["draw", process]) == WRONG
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


# the database


def test_demo_twice_is_refused_and_changes_nothing(capsys: Printed, examples: Path) -> None:
    before = contents(examples)
    assert main(["demo"]) == WRONG
    assert "databasen är inte tom" in capsys.readouterr().err
    assert contents(examples) == before


def contents(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    dumped = list(connection.iterdump())
    connection.close()
    return dumped


def test_tick_wakes_what_has_rested_long_enough_and_then_has_nothing_to_do(capsys: Printed, examples: Path) -> None:
    assert main(["tick"]) == DONE
    assert capsys.readouterr().out.splitlines()[0] == "Ingen dag har kommit för något förslag eller budgetår."
    last_year = datetime.now(UTC) - timedelta(days=365)
    with Engine.open(ROOT / "config.toml", clock=lambda: last_year) as engine:
        officer = next(each.person for each in engine.demo_people() if each.title == "Handläggare")
        number = engine.find("En plats för barn")[0].number  # an idea
        case = engine.case(number, officer)
        engine.act(
            number, "park", by=officer, seen_version=case.version, seen_revision=case.revision, key="rest",
            form={"parked_until": last_year.date() + timedelta(days=30), "reason": "Väntar på våren."},
        )  # fmt: skip
    assert main(["tick"]) == DONE
    assert capsys.readouterr().out.splitlines()[0] == f"{number}: Idé"
    assert main(["tick"]) == DONE
    assert capsys.readouterr().out.splitlines()[0] == "Ingen dag har kommit för något förslag eller budgetår."


def test_tick_closes_the_years_that_are_over(capsys: Printed, command_database: Path) -> None:
    assert main(["migrate"]) == DONE
    capsys.readouterr()
    assert main(["tick"]) == DONE
    printed = capsys.readouterr().out.splitlines()
    assert "pot/investment/2020: stängt för nya beslut" in printed
    assert not any("2099" in line for line in printed)


def test_the_examples_verify(capsys: Printed, examples: Path) -> None:
    assert main(["verify"]) == DONE
    assert capsys.readouterr().out == "Allt stämmer.\n"


def test_verify_names_the_damaged_row(capsys: Printed, damaged: sqlite3.Connection) -> None:
    stream, seq = damaged.execute("SELECT stream, seq FROM event WHERE body LIKE '%accept%' LIMIT 1").fetchone()
    damaged.execute("UPDATE event SET recorded_at = '2020' WHERE stream = ? AND seq = ?", (stream, seq))
    damaged.commit()
    stand_again(damaged)
    assert main(["verify"]) == FAULTY
    printed = capsys.readouterr().out
    assert f"event ({stream}, {seq}): recorded_at is not what the event says" in printed
    assert re.search(r"^\d+ fel\.$", printed, re.MULTILINE)


def test_verify_names_the_pot_that_was_changed_by_an_ore(capsys: Printed, damaged: sqlite3.Connection) -> None:
    (key,) = damaged.execute("SELECT id FROM pot_year WHERE available_ore > 0 LIMIT 1").fetchone()
    moved = "available_ore = available_ore - 1, reserved_ore = reserved_ore + 1"
    damaged.execute(f"UPDATE pot_year SET {moved} WHERE id = ?", (key,))
    damaged.commit()
    stand_again(damaged)
    assert main(["verify"]) == FAULTY
    assert re.search(rf"^pot_year \({key}[,)]", capsys.readouterr().out, re.MULTILINE)


def test_seal_writes_one_line_that_changes_with_history(capsys: Printed, damaged: sqlite3.Connection) -> None:
    assert main(["seal"]) == DONE
    first = capsys.readouterr().out
    found = re.fullmatch(r"skede seal (\S+Z) streams=(\d+) sha256=([0-9a-f]{64})\n", first)
    assert found
    assert main(["seal"]) == DONE
    assert capsys.readouterr().out.split()[3:] == first.split()[3:], "the same history, at another time"
    damaged.execute("UPDATE proposal SET head = 'x', seq = seq WHERE id = 1")
    damaged.commit()
    assert main(["seal"]) == DONE
    assert capsys.readouterr().out.split()[4] != first.split()[4]


def test_migrate_prepares_an_empty_database_and_leaves_a_full_one(
    capsys: Printed, command_database: Path, played_examples: Path
) -> None:
    assert main(["migrate"]) == DONE
    assert capsys.readouterr().out == "Databasen är klar.\n"
    assert main(["verify"]) == DONE
    copy_examples(played_examples, command_database)
    before = contents(command_database)
    assert main(["migrate"]) == DONE
    assert contents(command_database) == before


def test_a_database_that_is_not_skedes_is_left_alone(capsys: Printed, command_database: Path) -> None:
    connection = sqlite3.connect(command_database)
    connection.execute("CREATE TABLE proposal (id INTEGER)")
    connection.commit()
    connection.close()
    before = contents(command_database)
    assert main(["migrate"]) == WRONG
    assert capsys.readouterr().err.startswith("Databasen kan inte användas:\n  ")
    assert contents(command_database) == before
