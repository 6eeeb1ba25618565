"""How many pictures show everybody how it turned out. Counts them; keeps and shows none."""

from sqlalchemy import Connection, bindparam, func, select

from workflow.storage.schema_submission import upload
from workflow.storage.statements import Statement

_U = upload.c
_AFTER = Statement(
    "pictures of how it turned out",
    select(func.count()).where(
        _U.proposal_id == bindparam("of_proposal"),
        _U.kind == "picture",
        _U.phase == "after",
        _U.standing == "shown",
        _U.erased_at.is_(None),
    ),
)


def after(connection: Connection, proposal_id: int) -> int:
    return int(_AFTER.rows(connection, of_proposal=proposal_id)[0][0])
