"""`skede staffing`: where nobody may act, until a day; and what start and night say of it."""

import argparse
from datetime import date

from flask import Flask

from web import serving
from web.request import language
from web.words.staffing_words import lines
from workflow import Engine

FAULTY = 1


def add_staffing(parser: argparse.ArgumentParser) -> None:
    told = "hur långt fram (180 dagar)"
    parser.add_argument("--until", type=date.fromisoformat, default=None, metavar="DATUM", help=told)


def staffing(asked: argparse.Namespace) -> int:
    """0: somebody may always act; 1: somebody is missing."""
    with Engine.open(serving.config_path()) as engine:
        found = engine.staffing(asked.until)
        print(*told(engine, asked.until), sep="\n")
    return FAULTY if found.gaps else 0


def told(engine: Engine, until: date | None = None) -> list[str]:
    """What is missing in Swedish, a line each; one line where nothing is."""
    swedish = Flask(__name__)
    swedish.extensions["skede"] = engine
    language.init_app(swedish)
    with swedish.app_context():
        found = engine.staffing(until)
        missing = lines(found)
    return missing or [f"Bemanning: någon kan alltid göra nästa steg, till och med {found.until}."]
