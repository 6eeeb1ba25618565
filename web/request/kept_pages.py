"""Public pages as they were drawn for another visitor, as long as nothing at all has been committed since. Nobody who
is signed in gets one, and none outlives half a minute: figures and days grow older by themselves."""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import generate_csrf

from web.request.current import engine, new_key
from web.request.language import chosen
from web.request.packing import takes_packed
from web.request.stitching import Stitched

ENDPOINTS = frozenset(
    {
        "public.overview", "public.proposals", "public.timeline", "public.pots", "public.pot", "public.processes",
        "public.process",
    }
)  # fmt: skip
LASTS_S, A_MINUTE = 30.0, 60.0
CSRF_FIELD = "csrf_token"  # of the session, where the library keeps what it signs
MOST_PAGES, LARGEST_PAGE, LONGEST_QUERY = 300, 120_000, 200  # signs
# What stands in a kept page for what each visitor gets of their own. Nobody can write it: it is made anew at start.
_TOKEN, _KEY = f"token-{secrets.token_hex(16)}", f"key-{secrets.token_hex(16)}"

Asked: TypeAlias = tuple[str, str, str, str]  # address, host, language, day


@dataclass(frozen=True, slots=True)
class Kept:
    stamp: str
    until: float
    page: Stitched


class Shelf:
    """The pages of one process. Several threads may use it; the one that was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Asked, Kept] = OrderedDict()
        self._turn = threading.Lock()

    def get(self, asked: Asked, stamp: str) -> Stitched | None:
        with self._turn:
            kept = self._pages.get(asked)
            if kept is None or kept.stamp != stamp or time.monotonic() >= kept.until:
                return None
            self._pages.move_to_end(asked)
            return kept.page

    def put(self, asked: Asked, stamp: str, page: Stitched) -> None:
        with self._turn:
            self._pages[asked] = Kept(stamp, time.monotonic() + LASTS_S, page)
            self._pages.move_to_end(asked)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def init_app(app: Flask) -> None:
    """After everything else that looks at a request before its page is drawn."""
    shelf = Shelf()

    def look() -> Response | None:
        if not _may_be_kept():
            return None
        g.asked = (request.full_path, request.host, chosen(), str(engine().today()))
        g.stamp = engine().stamp()  # before it is drawn: what comes in meanwhile makes it old
        page = shelf.get(g.asked, g.stamp)
        return None if page is None else _sent(page)

    def keep(answer: Response) -> Response:
        if g.get("asked") is None or not g.get("drawn_for_all"):
            return answer
        drawn = answer.get_data(as_text=True)
        page = Stitched.around(drawn, _TOKEN, _KEY)
        if answer.status_code == 200 and len(drawn) <= LARGEST_PAGE and not g.get("personal", False):
            shelf.put(g.asked, g.stamp, page)
        answer.set_data(page.plain(_filled(page)))
        return answer

    app.before_request(look)
    app.after_request(keep)
    app.jinja_env.globals.update(csrf_token=_token, new_key=_key)
    app.context_processor(lambda: {"csrf_token": _token})  # over that of the library


def _may_be_kept() -> bool:
    return (
        request.endpoint in ENDPOINTS
        and request.method == "GET"
        and g.get("signed") is None
        and len(request.query_string) <= LONGEST_QUERY
        and "_flashes" not in session
    )


def _token() -> str:
    return _mark(_TOKEN) if g.get("asked") else generate_csrf()


def _key() -> str:
    return _mark(_KEY) if g.get("asked") else new_key()


def _mark(mark: str) -> str:
    g.drawn_for_all = True
    return mark


def _sent(page: Stitched) -> Response:
    """As an answer, packed where the browser takes it so: what follows has nothing left to do with its words."""
    packs = takes_packed(request)
    filled = _filled(page)
    answer = Response(page.packed(filled) if packs else page.plain(filled), mimetype="text/html")
    if packs:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _filled(page: Stitched) -> list[str]:
    """A form token of this visitor's own, the same in each form, and a fresh key in each."""
    token = _own_token() if _TOKEN in page.gaps else ""
    return [token if gap == _TOKEN else new_key() for gap in page.gaps]


def _own_token() -> str:
    """Who looks at several pages within a minute has the same in all of them: signing costs as much as the rest."""
    known = session.get(CSRF_FIELD)
    return _signed(str(known), int(time.monotonic() // A_MINUTE)) if known else str(generate_csrf())


@lru_cache(maxsize=1000)
def _signed(known: str, minute: int) -> str:
    del known, minute  # what it is remembered by
    return str(generate_csrf())
