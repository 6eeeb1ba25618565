"""The processes that ship: sound, stored as they are, and told apart by what they mean and not by their words."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from states import check, load, restore
from tests.states.damages import SHIPPED, SMALL

PROCESSES = ("activity", "purchase", "rebuild")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_shipped_files_are_sound() -> None:
    assert check(sorted(SHIPPED.glob("*.toml"))) == ()
    assert {each.id for each in load(SHIPPED).processes} == set(PROCESSES)


@pytest.mark.parametrize("name", PROCESSES)
def test_without_the_ways_into_completed_a_process_is_no_process(folder: Path, name: str) -> None:
    path = folder / f"{name}.toml"
    parts = path.read_text(encoding="utf-8").split("\n\n")
    left = [part for part in parts if 'to = "completed"' not in part]
    assert len(left) == len(parts) - 1
    path.write_text("\n\n".join(left), encoding="utf-8")
    found = {(each.key, each.why) for each in check([path])}
    assert ("state.completed", "ingen väg leder hit från det första steget") in found
    assert ("state.follow_up", "härifrån kan förslaget aldrig nå ett slut") in found


@pytest.mark.parametrize("name", PROCESSES)
def test_what_is_stored_is_the_process(name: str) -> None:
    process = load(SHIPPED).latest(name)
    assert restore(process.body) == process
    assert restore(process.body) is not process
    assert re.fullmatch("[0-9a-f]{64}", process.digest)


def changed(folder: Path, name: str, change: Callable[[str], str]) -> str:
    """The digest of a shipped process after a change of its text; nothing else is checked."""
    path = folder / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    return load(folder).latest(name).digest


WORDING: list[Callable[[str], str]] = [
    lambda text: re.sub(r'^title = ".*"$', 'title = "Andra ord"', text, count=1, flags=re.MULTILINE),
    lambda text: re.sub(r'^public = ".*"$', 'public = "andra ord"', text, flags=re.MULTILINE),
    lambda text: re.sub(r'^advice = ".*"$', 'advice = "Andra ord"', text, flags=re.MULTILINE),
    lambda text: re.sub(r"^produces = .*$", 'produces = ["annat"]', text, flags=re.MULTILINE),
    lambda text: re.sub(r'^description = ".*"$', 'description = "Andra ord"', text, flags=re.MULTILINE),
    lambda text: re.sub(r'may_wait = "[^"]*"', 'may_wait = "andra ord"', text),
    lambda text: "# Andra ord.\n" + text.replace("\n\n", "\n\n\n"),
]
MEANING: list[Callable[[str], str]] = [
    lambda text: text.replace(', "not_the_preparer"]', "]", 1),
    lambda text: text.replace("working_days = 10 }", "working_days = 11 }", 1),
    lambda text: text.replace('role = "officer"', 'role = "controller"', 1),
    lambda text: text.replace('asks = ["remarks"]', "asks = []", 1),
    lambda text: re.sub("^version = [0-9]+$", "version = 9", text, count=1, flags=re.MULTILINE),
    lambda text: text.replace('sources = ["', 'sources = ["outside", "', 1),
]


@pytest.mark.parametrize("name", PROCESSES)
@pytest.mark.parametrize("change", WORDING)
def test_other_words_are_the_same_process(folder: Path, name: str, change: Callable[[str], str]) -> None:
    before = load(SHIPPED).latest(name)
    assert changed(folder, name, change) == before.digest


@pytest.mark.parametrize("name", PROCESSES)
@pytest.mark.parametrize("change", MEANING)
def test_another_meaning_is_another_process(folder: Path, name: str, change: Callable[[str], str]) -> None:
    assert changed(folder, name, change) != load(SHIPPED).latest(name).digest


def test_a_process_that_says_nothing_new_keeps_its_digest(tmp_path: Path) -> None:
    """A key that came later is stored only where it is written: what stands in a database is still the same process."""
    small, asked = SMALL.read_text(encoding="utf-8"), 'asks = ["parked_until"]'
    written = {"as before": small, "together": small.replace(asked, f"{asked}\ntogether = true")}
    found = {}
    for name, text in written.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "small.toml").write_text(text, encoding="utf-8")
        found[name] = load(tmp_path / name).latest("small")
    before, after = found["as before"], found["together"]
    assert "together" not in before.body
    assert before.digest != after.digest
    assert restore(after.body) == after
    assert [way.id for way in after.nodes["idea"].transitions if way.together] == ["rest"]
