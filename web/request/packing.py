"""Answers are packed for browsers that take them so. The length of a packed page is blurred, since a page holds both
what somebody asked for and a form token, and the two must not be weighed against each other (BREACH)."""

import gzip
import secrets
import string
from functools import lru_cache
from io import BytesIO

from flask import Flask, Request, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

TAKEN = ("text/", "image/svg+xml", "application/json", "application/atom+xml", "application/xml")
LEAST, MOST_BLUR = 400, 100  # bytes
LEVEL = 5


def init_app(app: Flask) -> None:
    """Before everything else that looks at answers is registered: the last to see them."""
    app.after_request(packed)


def packed(answer: Response) -> Response:
    """As it was where it is no text, too short, or asked for in parts."""
    text = (answer.mimetype or "").startswith(TAKEN)
    if not text or answer.status_code != 200 or answer.headers.get("Content-Encoding"):
        return answer
    answer.vary.add("Accept-Encoding")
    if not takes_packed(request) or (answer.is_streamed and not _is_file()):
        return answer
    answer.direct_passthrough = False
    body = answer.get_data()
    if len(body) >= LEAST:
        answer.set_data(_file(body) if _is_file() else _page(body))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers.pop("Accept-Ranges", None)
        tag, _ = answer.get_etag()
        if tag:
            answer.set_etag(tag, weak=True)  # the same words in other bytes
    return answer


def takes_packed(asked: Request) -> bool:
    """HEAD is answered as if it did not: nothing is packed for nobody to read."""
    return asked.method != "HEAD" and _takes_gzip(asked.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=256)
def _takes_gzip(accepts: str) -> bool:
    """Browsers of a kind all say the same."""
    return parse_accept_header(accepts, Accept).quality("gzip") > 0


def _is_file() -> bool:
    return request.endpoint in ("static", "stylesheet.bootstrap")


@lru_cache(maxsize=64)
def _file(body: bytes) -> bytes:
    """The same for everybody, and without anybody's token."""
    return gzip.compress(body, 9, mtime=0)


def _page(body: bytes) -> bytes:
    """With a name of random length in its head, which nobody reads."""
    into = BytesIO()
    name = "".join(secrets.choice(string.ascii_letters) for _ in range(secrets.randbelow(MOST_BLUR)))
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=into, mtime=0) as packer:
        packer.write(body)
    return into.getvalue()
