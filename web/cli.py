"""The command line: serve, load the demo, check and draw processes, verify and seal. Speaks Swedish, holds no rule."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from flask import Flask

from states import Finding, Process, ProcessError, check, draft, draw, load, steps
from web import serving
from web.commands.access_commands import add_invite, invite
from web.commands.privacy_commands import add_extract, extract, scrub
from web.commands.sheet_commands import add_export, add_import, bring_in, export
from web.commands.staffing_command import add_staffing, staffing, told
from web.commands.worker_command import add_worker, work
from web.request import language, security
from web.words.process_words import awaits_rule, deadline_words
from web.words.words import role_running
from workflow import ConfigurationError, Engine
from workflow.demo import demo
from workflow.publishing.erasure_list import ErasureListError
from workflow.settings import configuration
from workflow.storage.connections import UnfitDatabaseError

FAULTY, WRONG = 1, 2  # exit codes: something was found; it could not be started at all
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. 0: done; 1: faults were found; 2: the configuration or the command cannot be used."""
    asked = _parser().parse_args(arguments)
    command: Command = asked.command
    try:
        return command(asked)
    except ConfigurationError as error:
        return _faults(f"{serving.config_path().name} kan inte användas:", error.faults)
    except ProcessError as error:
        return _faults("Processfilerna kan inte användas:", [str(each) for each in error.findings])
    except (UnfitDatabaseError, ErasureListError) as error:
        return _faults("Databasen kan inte användas:", [str(error)])


class _OneLine(argparse.HelpFormatter):
    """Each command on one line with what it does, the longest name too."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)
        self._action_max_length = 20


def _parser() -> argparse.ArgumentParser:
    told = "Var förslagen står, vem som ska göra något och vad som betalar."
    parser = argparse.ArgumentParser(prog="skede", description=told, formatter_class=_OneLine)
    commands = parser.add_subparsers(required=True, metavar="KOMMANDO", title="kommandon")

    def add(name: str, command: Command, told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(command=command)
        return made

    served = add("serve", serve, "startar webbplatsen (PORT och SKEDE_CONFIG gäller)")
    served.add_argument("--host", default="127.0.0.1", help="adress att lyssna på (127.0.0.1)")
    served.add_argument("--port", type=_port, default=None, help="port att lyssna på (PORT, annars 8000)")
    served.add_argument("--worker", action="store_true", help="låt också skede worker gå bredvid")
    served.add_argument("--no-demo", action="store_true", help="lägg inte in exempel i en tom databas")
    add("demo", load_demo, "lägger in exempel i en tom databas")
    checked = add("check", check_files, "granskar processfiler och berättar allt som är fel")
    checked.add_argument("files", nargs="+", type=Path, metavar="FIL")
    drawn = add("draw", draw_process, "skriver en process som bild (SVG) eller som numrerad lista")
    drawn.add_argument("process", metavar="PROCESS", help="processens id, till exempel purchase, eller en processfil")
    drawn.add_argument("--as", dest="form", choices=("svg", "list"), default="svg", help="bild eller lista (svg)")
    add_export(add("export", export, "skriver potter, poster eller förslag till en fil"))
    add_import(add("import", bring_in, "läser fakturor eller budgetar från en fil"))
    add_invite(add("invite", invite, "gör en länk där någon väljer sitt lösenord"))
    add_staffing(add("staffing", staffing, "säger var ingen får göra nästa steg, och från vilken dag"))
    add("tick", tick, "gör det vars dag har kommit: väcker vilande, stänger budgetår")
    add_worker(add("worker", work, "gör det vars dag har kommit och skickar mejl, tills den stoppas"))
    add_extract(add("person-extract", extract, "skriver allt som finns om en person (registerutdrag)"))
    add("scrub", scrub, "skriver om databasens filer så att inget gallrat finns kvar i dem")
    add("verify", verify, "räknar om alla saldon, steg och kedjor och jämför")
    add("seal", seal, "skriver en kontrollsumma över hela historiken")
    add("migrate", migrate, "förbereder databasen eller uppdaterar en äldre")
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} är ingen port")
    return port


def _faults(heading: str, faults: Sequence[str]) -> int:
    print(heading, *(f"  {each}" for each in faults), sep="\n", file=sys.stderr)
    return WRONG


def serve(asked: argparse.Namespace) -> int:
    try:
        port = asked.port or _port(os.environ.get("PORT") or "8000")
    except argparse.ArgumentTypeError as error:
        return _faults("PORT kan inte användas:", [str(error)])
    refused = _prepare(asked.host, with_demo=not asked.no_demo)
    if refused:
        return _faults("Skede startar inte:", [refused])
    _greet(asked.host, port)
    with serving.worker_beside() if asked.worker else nullcontext():
        serving.serve(asked.host, port)
    print("Skede är stoppat.")
    return 0


def _prepare(host: str, *, with_demo: bool) -> str | None:
    """The database made ready, with the demo when it is empty and only this machine sees it. Why not, or None."""
    with Engine.open(serving.config_path()) as engine:
        base_url, empty, is_demo = engine.config.server.base_url, engine.is_empty(), engine.is_demo
        security.secret_key(engine.config.folder)
        for each in () if is_demo else engine.differences():  # the examples bring days of their own
            print(f"Skillnad mot databasen: {each}")
    at_home = host in ("127.0.0.1", "::1", "localhost") and security.is_local(base_url)
    if is_demo and not at_home:
        return "databasen är en provmiljö utan lösenord, och den får bara visas på den egna datorn"
    if empty and with_demo and at_home:
        print("Databasen är tom: lägger in exempel ...")
        demo.play(serving.config_path())
    return None


def _greet(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    print(f"\nSkede: http://{'localhost' if shown == '127.0.0.1' else shown}:{port}/")
    with Engine.open(serving.config_path()) as engine:
        print(*told(engine), sep="\n")
        if engine.is_demo:
            print("Provmiljö. Logga in utan lösenord som:")
            for each in engine.demo_people():
                waits = engine.badge(each.person)
                print(f"  {each.title}{f'  ({waits} väntar)' if waits else ''}")
    print("Avsluta med Ctrl-C.\n", flush=True)


def load_demo(_: argparse.Namespace) -> int:
    with Engine.open(serving.config_path()) as engine:
        if not engine.is_empty():
            return _faults("Exemplen läggs inte in:", ["databasen är inte tom"])
    demo.play(serving.config_path())
    print("Exemplen är inlagda.")
    return 0


def check_files(asked: argparse.Namespace) -> int:
    found = check(asked.files)
    for each in found:
        print(each)
    if not found:
        print(f"{len(asked.files)} granskade, inga fel.")
    return FAULTY if found else 0


def draw_process(asked: argparse.Namespace) -> int:
    """A process that is in use, by its id, or a file: a draft needs neither database nor configuration."""
    found: tuple[Finding, ...] = ()
    if asked.process.endswith(".toml"):
        process, found = draft(asked.process)
        print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    else:
        library = load(configuration.read(serving.config_path()).processes)
        known = sorted({each.id for each in library.processes})
        if asked.process not in known:
            told = f"Välj bland {', '.join(known)}, eller ange en fil som slutar på .toml."
            return _faults(f"Det finns ingen process {asked.process}.", [told])
        process = library.latest(asked.process)
    print(draw(process) if asked.form == "svg" else "\n".join(_listed(process)))
    return FAULTY if found else 0


def _listed(process: Process) -> Iterator[str]:
    """What the picture shows, for those who cannot see it: the steps in order, then side roads and ends."""
    swedish = Flask(__name__)
    language.init_app(swedish)
    with swedish.app_context():
        yield f"{process.title} ({process.id}, version {process.version})"
        for step in steps(process):
            place = f"{step.n:>3}." if step.n else "   –"
            until = deadline_words(step.deadline)
            yield f"{place} {step.title}" + (f": {who}" if (who := awaits_rule(step.awaits)) else "")
            if until:
                yield f"       Frist: {until}"
            for each in step.exits:
                by = ", ".join(role_running(name) for name in each.roles)
                yield f"       → {each.to_title}: {each.title} ({by})"


def tick(_: argparse.Namespace) -> int:
    with Engine.open(serving.config_path()) as engine:
        done = engine.tick()
        engine.forget_guesses()
        staffed = told(engine)
    for each in done:
        print(f"{each.number}: {each.to_title or 'stängt för nya beslut'}")
    if not done:
        print("Ingen dag har kommit för något förslag eller budgetår.")
    print(*staffed, sep="\n")
    return 0


def verify(_: argparse.Namespace) -> int:
    with Engine.open(serving.config_path()) as engine:
        found = engine.verify()
    for each in found:
        print(each)
    print("Allt stämmer." if not found else f"{len(found)} fel.")
    return FAULTY if found else 0


def seal(_: argparse.Namespace) -> int:
    with Engine.open(serving.config_path()) as engine:
        print(engine.seal())
    return 0


def migrate(_: argparse.Namespace) -> int:
    Engine.open(serving.config_path()).close()
    print("Databasen är klar.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
