"""Commands about personal details: everything that is kept about one person, and files without what was erased."""

import argparse
import json
import sys
from pathlib import Path

from web import serving
from web.commands.extract_text import as_text
from workflow import Engine


def add_extract(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "about", metavar="VEM", help="ett förslags nummer, en e-postadress, ett namn eller ett telefonnummer"
    )
    command.add_argument("--json", action="store_true", help="som data (JSON) i stället för text att läsa")
    command.add_argument("file", nargs="?", type=Path, metavar="FIL", help="fil att skriva till (annars skrivs det ut)")


def extract(asked: argparse.Namespace) -> int:
    """Registerutdrag: 1 when nobody is meant and no text holds it."""
    with Engine.open(serving.config_path()) as engine:
        found = engine.person_extract(asked.about)
    as_data = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    written = as_data if asked.json else as_text(found)
    if asked.file is None:
        sys.stdout.write(written)
    else:
        asked.file.touch(mode=0o600)
        asked.file.write_text(written, encoding="utf-8")
    if not found["persons"] and not found["mentioned"]:
        sys.stderr.write("Ingen person och ingen text finns med det numret, namnet eller den adressen.\n")
        return 1
    return 0


def scrub(_: argparse.Namespace) -> int:
    with Engine.open(serving.config_path()) as engine:
        engine.scrub()
    sys.stdout.write("Databasen är skriven på nytt. Inget av det som har gallrats finns kvar i dess filer.\n")
    return 0
