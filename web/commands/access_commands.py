"""The part of the command line that lets people in: a link by which somebody chooses a password."""

import argparse
import sys
from uuid import uuid4

from flask import Flask

from web import serving
from web.request import language
from web.words.refusal_words import worded
from workflow import Engine, Refused

FAULTY, WRONG = 1, 2


def add_invite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAMN", help="personens namn eller användarnamn")
    parser.add_argument("--login", metavar="ANVÄNDARNAMN", default="", help="för den som inte har något än")


def invite(asked: argparse.Namespace) -> int:
    """Whoever stands at the machine may let in the first administrator, and one who is locked out."""
    with Engine.open(serving.config_path()) as engine:
        found = engine.members_called(asked.name)
        if len(found) != 1:
            told = "Ingen heter så." if not found else "Flera heter så: ange användarnamnet."
            print(f"{asked.name}: {told}", file=sys.stderr)
            return WRONG
        try:
            secret = engine.invite(found[0], asked.login or asked.name, by=None, key=str(uuid4()))
        except Refused as refused:
            swedish = Flask(__name__)
            language.init_app(swedish)
            with swedish.app_context():
                print(worded(refused.first), file=sys.stderr)
            return FAULTY
        print(f"{engine.config.server.base_url.rstrip('/')}/valj-losenord/{secret}")
        print("Länken gäller en vecka och en gång.")
    return 0
