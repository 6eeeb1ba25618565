"""Draws the pictures of the README from the demonstration: `python -m tests.web.pictures`."""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.browser import launched
from tests.web.commands import ROOT
from tests.web.site import VISITOR, leave, serving
from workflow.demo import demo

FOLDER = ROOT / "web" / "pictures"
SIZE = {"width": 1200, "height": 820}
PICTURES = (
    ("timeline.png", VISITOR, "/forslag/[Sittplatser vid Norrtull]"),
    ("queue.png", "Budgetansvarig", "/att-gora"),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        examples = folder / "examples.sqlite3"
        os.environ["SKEDE_DATABASE_URL"] = f"sqlite:///{examples}"
        demo.play(ROOT / "config.toml", datetime.now(UTC).date())
        FOLDER.mkdir(exist_ok=True)
        with launched() as browser, serving(examples, folder, browser) as site:
            for name, who, path in PICTURES:
                page = site.open(who, path, viewport=SIZE)
                page.wait_for_load_state("load")
                page.screenshot(path=FOLDER / name)
                leave(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
