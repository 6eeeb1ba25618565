"""Everything that `skede check` must find, see damages.py.

Each rule is then left out in turn, and the fault that only it can see goes unseen: no case passes for another's sake.
"""

import shutil
from pathlib import Path

import pytest

from states import ProcessError, check, load, soundness
from tests.states.damages import CASES, SHIPPED, SMALL, UNSOUND, Case, damage, sees

RULES = {each.__name__: each for each in soundness.RULES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    shutil.copy(SMALL, tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_found(case: Case, folder: Path) -> None:
    assert check([folder / case.file]) == ()
    found = check([damage(folder, case)])
    assert sees(case, found), "\n".join(map(str, found))


@pytest.mark.parametrize("case", UNSOUND, ids=str)
def test_only_its_rule_sees_the_fault(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = damage(folder, case)
    monkeypatch.setattr(soundness, "RULES", [each for name, each in RULES.items() if name != case.rule])
    assert not sees(case, check([path]))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_needed(rule: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule, a file with a fault passes as sound: the table above goes red."""
    paths = []
    for n, case in enumerate(case for case in UNSOUND if case.rule == rule):
        (folder / str(n)).mkdir()
        shutil.copy(SMALL, folder / str(n))
        paths.append(damage(folder / str(n), case))
    assert all(check([path]) for path in paths)
    monkeypatch.setattr(soundness, "RULES", [each for name, each in RULES.items() if name != rule])
    assert any(check([path]) == () for path in paths)


def test_the_rules_alone_see_their_faults(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n, case in enumerate(UNSOUND):
        (folder / str(n)).mkdir()
        shutil.copy(SMALL, folder / str(n))
        monkeypatch.setattr(soundness, "RULES", [RULES[str(case.rule)]])
        assert sees(case, check([damage(folder / str(n), case)])), case.what


# Files that cannot be read, and several at once.


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize(
    ("content", "why", "mend"),
    [
        (b"id = \n", "den är inte TOML", "rätta raden"),
        (b"<svg></svg>", "den är inte TOML", "rätta raden"),
        (b"# " + b"x" * 10_000_000, "den är större än 256 kB", "dela den"),
        ("title = 'Idé'".encode("latin-1"), "den är inte skriven i UTF-8", "spara den som UTF-8"),
    ],
    ids=["not-toml", "svg", "ten-megabytes", "latin-1"],
)
def test_a_file_that_is_no_process_is_said(folder: Path, content: bytes, why: str, mend: str) -> None:
    (found,) = check([written(folder, "x.toml", content)])
    assert (found.file, found.key) == ("x.toml", "filen")
    assert found.why.startswith(why)
    assert mend in found.mend


def test_an_empty_file_says_every_key_that_is_missing(folder: Path) -> None:
    found = check([written(folder, "x.toml", b"")])
    assert {(each.key, each.why) for each in found} == {(key, "saknas") for key in ("id", "version", "title")}


def test_a_missing_file_and_a_folder_are_said(folder: Path) -> None:
    (found,) = check([folder / "borta.toml"])
    assert (found.file, found.key, found.mend) == ("borta.toml", "filen", "kontrollera namn och rättigheter")
    (found,) = check([folder])
    assert found.why.startswith("den kan inte läsas")


def test_two_files_of_one_id_and_version_are_said_of_the_later(folder: Path) -> None:
    twin = folder / "twin.toml"
    shutil.copy(SMALL, twin)
    (found,) = check([folder / "small.toml", twin])
    assert (found.file, found.key) == ("twin.toml", "version")
    assert found.why == "small.toml har redan id small och version 1"
    twin.write_text(twin.read_text(encoding="utf-8").replace("version = 1", "version = 2"), encoding="utf-8")
    assert check([folder / "small.toml", twin]) == ()


@pytest.mark.parametrize("pair", [("trap", "no deadline"), ("role", "field"), ("key", "key left out")], ids=str)
def test_two_faults_in_one_file_are_told_at_once(folder: Path, pair: tuple[str, str]) -> None:
    cases = [case for name in pair for case in CASES if case.what == name]
    for case in cases:
        path = damage(folder, case)
    found = check([path])
    assert all(sees(case, found) for case in cases), found


def test_faults_of_two_files_are_told_at_once(folder: Path) -> None:
    cases = [case for case in CASES if case.what in ("trap", "group", "kind of line")]
    assert len({case.file for case in cases}) == 3
    found = check([damage(folder, case) for case in cases])
    assert all(sees(case, found) for case in cases)
    with pytest.raises(ProcessError) as caught:
        load(folder)
    assert all(sees(case, caught.value.findings) for case in cases)


def test_a_finding_says_file_key_why_and_mend(folder: Path) -> None:
    case = next(case for case in CASES if case.what == "trap")
    (found,) = check([damage(folder, case)])
    assert str(found) == f"small.toml: {found.key}: {found.why} – {found.mend}"


def test_a_folder_without_processes_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="inga processfiler"):
        load(tmp_path)
