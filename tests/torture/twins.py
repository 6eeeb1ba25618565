"""Broken designs, switched in on purpose in a process that will not live on: each must be found out."""

import time
from typing import Any

from workflow.storage import statements
from workflow.storage.statements import Batch, Contested, driver_of

LONG_ENOUGH_S = 0.02  # for somebody to look in between


def commit_after(name: str) -> None:
    """What is written up to a statement of this name stands for good before the rest of the batch is written.

    After "move proposal" the proposal has moved, without pots, entries and event; after "ledger entry" there is an
    entry that no pot-year knows of.
    """

    def run(self: Batch, connection: Any) -> None:
        driver, writes = driver_of(connection), self._writes
        for n, (statement, parameters) in enumerate(writes):
            if statement.execute(driver, parameters).rowcount != 1 and statement.guarded:
                raise Contested(statement.name, parameters)
            if statement.name == name and n + 1 < len(writes):
                driver.commit()
                time.sleep(LONG_ENOUGH_S)
                if hasattr(driver, "in_transaction"):
                    driver.execute("BEGIN IMMEDIATE")

    statements.Batch.run = run  # type: ignore[method-assign]
