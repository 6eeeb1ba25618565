"""Broken designs, switched in on purpose in a process that will not live on: each must be found out."""

from typing import Any

from workflow import statements
from workflow.statements import Batch, Contested, driver_of


def commit_between_state_and_entries() -> None:
    """The proposal has moved for good before the pots, the entries and the event are written."""

    def run(self: Batch, connection: Any) -> None:
        driver, writes = driver_of(connection), self._writes
        for n, (statement, parameters) in enumerate(writes):
            if statement.execute(driver, parameters).rowcount != 1 and statement.guarded:
                raise Contested(statement.name, parameters)
            if statement.name == "move proposal" and n + 1 < len(writes):
                driver.commit()
                if hasattr(driver, "in_transaction"):
                    driver.execute("BEGIN IMMEDIATE")

    statements.Batch.run = run  # type: ignore[method-assign]
