#!/usr/bin/env python3
"""Sets Skede up in .venv and runs it: `python3 make.py run`, or `make run` where make is installed.

Standard library only, and no syntax newer than Python 3.6: this file starts before anything is installed,
and a Python too old for Skede must be able to read it, in order to say so.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "skede-stamp"
LOCK = ROOT / "requirements.lock"
DECIDES_THE_SETUP = [LOCK, ROOT / "pyproject.toml", ROOT / "make.py"]
OLDEST, TOO_NEW = (3, 11), (3, 15)

BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MEMORY, ROOM = "/dev/shm", 3 << 30
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

USAGE = """Usage: make COMMAND, or python3 make.py COMMAND

  run        set up, then serve Skede with a worker beside it (PORT and SKEDE_CONFIG are honoured)
  test       set up, check the code, run all tests (make test ARGS="tests/test_house.py -x")
  bench      measure the engine on this machine
  torture    kill, crowd and starve the engine, then verify every balance
  setup      only set up
  lock       write requirements.lock anew from pyproject.toml (ARGS=--upgrade: the newest of everything)"""

OFFLINE = "Packages could not be installed; the lines above say why. The first set-up needs a network connection."

NO_BROWSER = """The browser tests need Chromium, and none could be installed. Do one of these, then try again:
  sudo apt-get install chromium                                 (Debian)
  .venv/bin/python -m playwright install --with-deps chromium   (elsewhere)
  export SKEDE_CHROMIUM=/path/to/chromium                       (when you have one)"""


class Stop(Exception):
    """Its text is all that is printed."""


def main(arguments: list) -> None:
    commands = {"run": serve, "test": test, "bench": bench, "torture": torture, "setup": set_up, "lock": lock}
    if not arguments or arguments[0] not in commands:
        raise Stop(USAGE)
    use_a_fitting_python(arguments)
    os.chdir(str(ROOT))
    commands[arguments[0]](*arguments[1:])


# The commands


def serve(*options: str) -> None:
    set_up()
    become(tool("skede"), "serve", "--worker", *options)


def bench(*options: str) -> None:
    set_up()
    become(tool("python"), "-m", "tests.bench", *options)


def torture(*options: str) -> None:
    set_up()
    become(tool("python"), "-m", "tests.torture", *options)


def test(*options: str) -> None:
    """All checks run even when one fails, so that one round shows everything there is to mend."""
    set_up()
    os.environ["SKEDE_CHROMIUM"] = find_browser() or install_browser()
    if in_memory():
        os.environ.setdefault("TMPDIR", MEMORY)
    checks = {
        "ruff check": [tool("ruff"), "check"],
        "ruff format": [tool("ruff"), "format", "--check"],
        "mypy": [tool("mypy")],
        "pytest": [tool("pytest"), "--numprocesses=auto", "--dist=worksteal", *options],
    }
    failed = [name for name, command in checks.items() if not succeeds(*command)]
    if failed:
        raise Stop("Failed: " + ", ".join(failed))


def lock(*options: str) -> None:
    """Pins that still fit stay as they are. The uv that does this is pinned here too, so a set-up comes first."""
    set_up()
    shape = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--extra=dev"]
    command = [tool("uv"), "pip", "compile", "--quiet", *shape, "--output-file", LOCK.name, "pyproject.toml", *options]
    demand(command, "The lock could not be written.")
    set_up()


# Set-up


def set_up() -> None:
    """Over at once when nothing that it depends on has changed since the last time."""
    place = f"{VENV} {sys.version}".replace("\n", " ")
    wanted = [place, fingerprint()]
    found = STAMP.read_text().split("\n") if STAMP.exists() else []
    if found != wanted:
        install(anew=found[:1] != wanted[:1])
        STAMP.write_text("\n".join(wanted))
    compile_catalogues()


def install(anew: bool) -> None:
    started = time.time()
    if anew:
        create_environment()
    say("Installing what requirements.lock pins ...")
    demand([tool("python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", pinned_uv()], OFFLINE)
    demand([tool("uv"), "pip", "sync", "--quiet", "--require-hashes", LOCK.name], OFFLINE)
    skede = [tool("uv"), "pip", "install", "--quiet", "--offline", "--no-deps", "--editable", "."]
    demand(skede, "Skede itself could not be installed.")
    say(f"{'First downloads' if anew else 'Installed'}: {time.time() - started:.0f} s")


def create_environment() -> None:
    """Scripts in an environment carry absolute paths, so one that was moved or upgraded is made anew."""
    version = "{}.{}".format(*sys.version_info)
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Stop(
            f"This Python ({sys.executable}) comes without its venv module. On Debian and Ubuntu it is a package:\n"
            f"  sudo apt-get install python{version}-venv"
        )
    say(f"Creating .venv with Python {version} ...")
    demand([sys.executable, "-m", "venv", "--clear", str(VENV)], f"{VENV} could not be created; see above.")


def pinned_uv() -> str:
    """uv installs everything else, so pip installs it first, by its own lines of the lock, hashes included."""
    lines = LOCK.read_text().split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\"))
    only_uv = VENV / "uv.lock"
    only_uv.write_text("\n".join(lines[first : last + 1]))
    return str(only_uv)


def compile_catalogues() -> None:
    """Skede reads .mo files; the repository keeps only their sources."""
    for source in (ROOT / "web" / "translations").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            wrong = f"{source.relative_to(ROOT)} could not be compiled. Is its heading marked fuzzy?"
            demand([tool("pybabel"), "--quiet", "compile", "-i", str(source), "-o", str(target)], wrong)
            if not target.exists():
                raise Stop(wrong)


def fingerprint() -> str:
    digest = hashlib.sha256()
    for path in DECIDES_THE_SETUP:
        digest.update(path.read_bytes())
    return digest.hexdigest()


# The browser that the tests drive


def find_browser() -> str:
    """Its path, or an empty text. Only one that starts counts: without its libraries it is as good as none."""
    names = [os.environ.get("SKEDE_CHROMIUM"), *map(shutil.which, BROWSERS), MAC_BROWSER]
    return next((name for name in names if name and starts(name)), "") or playwright_browser()


def playwright_browser() -> str:
    program = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    path = subprocess.check_output([tool("python"), "-c", program]).decode().strip()
    return path if starts(path) else ""


def install_browser() -> str:
    """From playwright's own makers where the network allows it, else from the system when we may."""
    started = time.time()
    say("No Chromium found; installing one for the browser tests ...")
    succeeds(tool("python"), "-m", "playwright", "install", "chromium", quiet=True)
    if not find_browser() and os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        succeeds("apt-get", "update", quiet=True)
        succeeds("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation", quiet=True)
    found = find_browser()
    if not found:
        raise Stop(NO_BROWSER)
    say(f"Browser: {time.time() - started:.0f} s")
    return found


def starts(browser: str) -> bool:
    return os.path.exists(browser) and succeeds(browser, "--version", quiet=True)


# Where the tests keep their databases


def in_memory() -> bool:
    """Whether this machine lends a folder in memory that has room and lets programmes run: thousands of databases are
    made, and each asks the disk to write it down for good."""
    if not (sys.platform == "linux" and os.access(MEMORY, os.W_OK)):
        return False
    folder = os.statvfs(MEMORY)
    return folder.f_bavail * folder.f_frsize >= ROOM and not folder.f_flag & os.ST_NOEXEC


# Running programmes


def use_a_fitting_python(arguments: list) -> None:
    if OLDEST <= sys.version_info[:2] < TOO_NEW:
        return
    for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            become(other, str(ROOT / "make.py"), *arguments)
    raise Stop(
        "Skede needs Python {}.{} or newer, but older than {}.{}.".format(*OLDEST, *TOO_NEW)
        + " This is {}.{}, and no other was found.".format(*sys.version_info)
    )


def tool(name: str) -> str:
    return str(VENV / "bin" / name)


def become(program: str, *options: str) -> None:
    """Replaces this process, so that Ctrl-C and signals reach the programme itself and nothing lingers."""
    sys.stdout.flush()
    os.execv(program, [program, *options])


def demand(command: list, otherwise: str) -> None:
    """`otherwise` tells the reader what a failure means."""
    if not succeeds(*command):
        raise Stop(otherwise)


def succeeds(*command: str, quiet: bool = False) -> bool:
    """Ctrl-C reaches the programme too. It is waited for, since it may have servers to stop."""
    sink = subprocess.DEVNULL if quiet else None
    child = subprocess.Popen(command, stdout=sink, stderr=sink, env=dict(os.environ, VIRTUAL_ENV=str(VENV)))
    try:
        return child.wait() == 0
    except KeyboardInterrupt:
        child.wait()
        raise


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except Stop as stop:
        sys.exit(str(stop))
