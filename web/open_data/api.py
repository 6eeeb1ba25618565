"""Open data, version 1: read only, the same for everybody, in Swedish whatever the reader's language. A released
version keeps its meaning: fields are added and never changed."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Response, request
from flask_babel import force_locale
from pydantic import BaseModel, ValidationError

from states import Process as Definition
from web.open_data import openapi, queries, records, telling
from web.request.current import engine
from web.request.language import SOURCE
from workflow import Refused
from workflow.proposals.pots import EntryKey
from workflow.searching.views_searching import Sought

ROOT = "/api/"
api = Blueprint("api", __name__, url_prefix="/api/v1")
P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q", bound=BaseModel)
JSON, PROBLEM = "application/json", "application/problem+json"
NOT_FOUND, BAD = 404, 400


class Unanswered(Exception):
    """A question that has no answer: status and why, for the programme that asked."""

    def __init__(self, status: int, title: str, detail: str | None = None) -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail


def answered(view: Callable[P, BaseModel]) -> Callable[P, Response]:
    """The record as JSON, in Swedish; what has no answer is told as JSON too."""

    @wraps(view)
    def told(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            with force_locale(SOURCE):
                return sent(view(*args, **kwargs))
        except Unanswered as why:
            return problem(why.status, why.title, why.detail)
        except Refused:
            return problem(NOT_FOUND, "Not found")

    return told


def sent(record: BaseModel) -> Response:
    return to_all(Response(record.model_dump_json(by_alias=True), content_type=JSON))


def to_all(answer: Response) -> Response:
    """Also to pages of others, since it is the same for everybody."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return once(answer)


def once(answer: Response) -> Response:
    """Whoever has it already, by its ETag, gets 304 (RFC 9110, 13.1.2)."""
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def problem(status: int, title: str, detail: str | None = None) -> Response:
    told = records.Problem(title=title, status=status, detail=detail)
    answer = Response(told.model_dump_json(), status, content_type=PROBLEM)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def asked(of: type[Q]) -> Q:
    """What the address asks. Raises Unanswered for what is no question: an unknown name, one twice, a limit of -1."""
    given = request.args.to_dict(flat=False)
    several = sorted(name for name, values in given.items() if len(values) > 1)
    if several:
        raise Unanswered(BAD, "Given more than once", ", ".join(several)[:200])
    try:
        return of.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise Unanswered(BAD, "The question cannot be understood", told[:500]) from None


def licence() -> str:
    return engine().config.open_data.licence


def page(items: Sequence[Any], following: str | None = None) -> records.Page[Any]:
    return records.Page[Any](licence=licence(), items=tuple(items), next=following)


@api.get("/openapi.json")
def document() -> Response:
    server, identity = engine().config.server, engine().config.identity
    told = openapi.document(server.base_url.rstrip("/"), f"{identity.name}, {identity.organisation}", licence())
    return to_all(Response(told, content_type=JSON))


@api.get("/proposals")
@answered
def proposals() -> BaseModel:
    query = asked(queries.ProposalQuery)
    sought = Sought(
        text=query.q, process=query.process, state=query.state, pot=query.pot, criterion=query.criterion,
        place=query.place, year=query.year,
    )  # fmt: skip
    found = engine().seek(sought, query.after, query.limit)
    if found.after is None:
        return page([telling.row(each) for each in found.rows])
    kept = query.model_dump(exclude_defaults=True) | {"after": found.after}
    return page([telling.row(each) for each in found.rows], telling.whole("api.proposals", **kept))


@api.get("/proposals/<number>")
@answered
def proposal(number: str) -> BaseModel:
    asked(queries.Nothing)
    return telling.proposal(engine().timeline(number))


@api.get("/pots")
@answered
def pots() -> BaseModel:
    asked(queries.Nothing)
    return page([telling.pot(each) for each in engine().pots()])


@api.get("/pots/<path:pot>/<int:year>/entries")
@answered
def entries(pot: str, year: int) -> BaseModel:
    query = asked(queries.EntryQuery)
    if not any((each.pot, each.year) == (pot, year) for each in engine().pots()):
        raise Unanswered(NOT_FOUND, "Not found")
    stream, seq, n = (query.after or "  ").rsplit(" ", 2)
    after = EntryKey(stream, int(seq), int(n)) if query.after else None
    found = engine().entries_after(pot, year, after, query.limit + 1)
    told = [telling.entry(each) for _, each in found[: query.limit]]
    if len(found) <= query.limit:
        return page(told)
    kept = {"after": "{} {} {}".format(*found[query.limit - 1][0]), "limit": query.limit}
    return page(told, telling.whole("api.entries", pot=pot, year=year, **kept))


@api.get("/processes")
@answered
def processes() -> BaseModel:
    asked(queries.Nothing)
    return page([telling.process_row(each) for each in _newest().values()])


@api.get("/processes/<process_id>")
@answered
def process(process_id: str) -> BaseModel:
    asked(queries.Nothing)
    found = _newest().get(process_id)
    if found is None:
        raise Unanswered(NOT_FOUND, "Not found")
    return telling.process(found)


def _newest() -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for each in engine().library.processes:
        if each.id not in found or found[each.id].version < each.version:
            found[each.id] = each
    return found
