"""The rules of the house: who may import whom, what a module may be called, what no file may contain.

The direction of imports stands in pyproject.toml under tool.importlinter; here it is checked that nothing escapes it.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["uv"]["build-backend"]["module-name"]
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

DRAWERS = {"base", "common", "helper", "helpers", "manager", "misc", "service", "util", "utils"}
MOST_LINES = 350
MOST_LINES_IN_A_ROOM = 260
MOST_MODULES = 32

NOT_OURS = {"build", "dist", "var", "node_modules", "__pycache__"}
TEXT = {"", ".cfg", ".css", ".html", ".ini", ".js", ".json", ".lock", ".mako", ".md", ".po", ".py", ".svg", ".toml"}
# Written in parts, so that this file does not find itself.
PLACES_OF_ONE_MACHINE = [f"/{folder}/" for folder in ("work", "root", "farm", "Users")]
INDEX_HOSTS = [
    ".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
]


def files() -> Iterator[Path]:
    """What is ours and text, found without git, since a copy of the project may come without its history."""
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") for part in parts[:-1]) and parts[0] != ".ci"
        if not hidden and not NOT_OURS & set(parts) and path.suffix in TEXT and path.is_file():
            yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_point_one_way() -> None:
    """By a process of its own: the linter turns off the loggers of whoever calls it."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_is_in_a_room_that_the_contracts_see() -> None:
    contracts = PROJECT["tool"]["importlinter"]
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    on_disk = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in MODULES}
    assert on_disk == graph.modules
    assert set(contracts["root_packages"]) == set(ROOMS)
    assert [contract["layers"] for contract in contracts["contracts"] if contract["type"] == "layers"] == [ROOMS[::-1]]


def test_no_python_hides_outside_the_rooms() -> None:
    outside = {path.relative_to(ROOT).parts[0] for path in files() if path.suffix == ".py"}
    assert outside <= {*ROOMS, "make.py", "tests"}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_stand_at_the_top(path: Path) -> None:
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    outer = [node for node in ast.walk(parsed(path)) if isinstance(node, scopes)]
    inside = {
        node.lineno for scope in outer for node in ast.walk(scope) if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not inside, f"imports inside a function or class, lines {sorted(inside)}"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is(path: Path) -> None:
    name = path.parent.name if path.name == "__init__.py" else path.stem
    assert name not in DRAWERS, "a drawer for everything; name it after what it does"
    assert name not in sys.stdlib_module_names, "the standard library has a module of this name"
    tree = parsed(path)
    assert ast.get_docstring(tree) or not tree.body, "begin with a line on what it decides and what it refuses to know"


@pytest.mark.parametrize("path", [path for path in files() if path.suffix == ".py"], ids=named)
def test_files_stay_readable_in_one_sitting(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    released = path.parent.name == "versions"  # a migration never changes once it is released
    most = MOST_LINES_IN_A_ROOM if path in MODULES and not released else MOST_LINES
    assert lines <= most, "split it by what it decides"


def test_the_readme_leads_to_files_that_are_there() -> None:
    """The first in a row by its whole path; those after it from the same room or the same folder."""
    lost = []
    for row in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        beside = [ROOT]
        for path in map(Path, re.findall(r"`([a-z][a-z_/*]*\.(?:py|csv|toml|md))`", row)):
            found = [each for folder in beside for each in folder.glob(str(path))]
            lost += [] if found else [f"{path} in: {row[:60]}"]
            around = {folder for each in found for folder in each.parents if folder.is_relative_to(ROOT)}
            beside += sorted(around)
    assert lost == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=named)
def test_a_folder_can_be_taken_in_at_a_glance(folder: Path) -> None:
    if folder.name != "versions":  # the migrations, one for each release
        assert len(list(folder.glob("*.py"))) <= MOST_MODULES, "put up a wall between two things that it decides"


def test_files_name_no_place_of_one_machine() -> None:
    forbidden = re.compile("|".join(map(re.escape, PLACES_OF_ONE_MACHINE + INDEX_HOSTS)))
    found = {named(path): forbidden.findall(path.read_text(encoding="utf-8")) for path in files()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_lock_pins_every_dependency_with_its_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9-]+)==.*\\\n +--hash=sha256:", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S", lock, re.MULTILINE))
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    assert {re.split(r"[\[>=<; ]", name)[0] for name in wanted} <= set(pinned), "run `make lock`"


def test_an_old_python_can_read_why_it_is_too_old() -> None:
    ast.parse((ROOT / "make.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
