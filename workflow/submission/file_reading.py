"""Whether a file that somebody sends is what its name says, and what is kept of it: a picture written anew without
anything that stood beside it, or a PDF that does nothing when it is opened. Knows no table and no disk.

Name, first bytes and a whole reading must agree. Memory is bounded: what a header promises is looked at before
anything is unpacked, and one picture at a time is.
"""

import io
import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from states import RefusalKind
from workflow.records.refused import Refused

MOST_BYTES = 16_000_000  # a telephone of today writes up to so much
MOST_PIXELS = 60_000_000  # of a JPEG, which can be read at a part of its size
MOST_UNPACKED = 16_000_000  # of what must be unpacked as a whole
MOST_SIDE, SMALL_SIDE = 1600, 400  # pixels of what is kept
MOST_PAGES = 500
MOST_OBJECTS = 20_000
SHORTEST_NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,200}\.([A-Za-z]{3,4})")
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
MAGIC: Mapping[str, tuple[bytes, ...]] = {
    "PNG": (b"\x89PNG\r\n\x1a\n",), "JPEG": (b"\xff\xd8\xff",), "WEBP": (b"RIFF",), "PDF": (b"%PDF-1.", b"%PDF-2."),
}  # fmt: skip
HEIC = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"))  # ISO/IEC 23008-12, 10.2
DOES_SOMETHING = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/OpenAction", b"/AA")
MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|body|iframe|\?php)", re.IGNORECASE)
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)

Kind = Literal["picture", "document"]


@dataclass(frozen=True, slots=True)
class Sound:
    """What is kept: a JPEG and a small one, or a PDF as it came."""

    kind: Kind
    data: bytes
    small: bytes = b""
    width: int = 0
    height: int = 0


def read(name: str, data: bytes) -> Sound:
    """Raises Refused(FIELD_INVALID, field="file") with ``why``: empty, large, heic, kind, broken,
    pixels, active."""
    if not data:
        raise _refused("empty")
    if len(data) > MOST_BYTES:
        raise _refused("large")
    found = SHORTEST_NAME.fullmatch(name)
    ending = found[1].lower() if found else ""
    if ending in ("heic", "heif") or data[4:12] in HEIC:
        raise _refused("heic")
    expected = "PDF" if ending == "pdf" else FORMATS.get(ending, "")
    if not expected or not data.startswith(MAGIC[expected]):
        raise _refused("kind")
    if expected == "PDF":
        return _document(data)
    if expected == "WEBP" and _webp_pixels(data) > MOST_UNPACKED:
        raise _refused("pixels")
    with _ONE_AT_A_TIME:
        return _picture(data, expected)


def _picture(data: bytes, expected: str) -> Sound:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what stands beside the picture, which is not kept
            with Image.open(io.BytesIO(data), formats=[expected]) as image:
                _bound(image, expected)
                shown = _on_white(ImageOps.exif_transpose(image))
    except Refused:
        raise
    except Exception as error:  # a broken picture breaks its reader in any way it likes
        raise _refused("broken") from error
    shown.thumbnail((MOST_SIDE, MOST_SIDE))
    width, height = shown.size
    whole = _written(shown, 82)
    shown.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Sound("picture", whole, _written(shown, 70), width, height)


def _bound(image: Image.Image, expected: str) -> None:
    """Looks at what the header promises, and lets a large JPEG be read at a part of its size."""
    pixels = image.width * image.height
    whole = expected != "JPEG" or bool(image.info.get("progressive"))
    if pixels > (MOST_UNPACKED if whole else MOST_PIXELS) or getattr(image, "n_frames", 1) > 1:
        raise _refused("pixels")
    image.draft("RGB", (MOST_SIDE, MOST_SIDE))
    image.load()


def _webp_pixels(data: bytes) -> int:
    """As the first chunk promises (RFC 9649, 2.5-2.7): the reader makes room for all of it as soon as it is opened.
    More than any picture may have for what is none."""
    kind, head = data[12:16], data[20:30]
    if len(head) < 10:
        return MOST_UNPACKED + 1
    if kind == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    else:
        return MOST_UNPACKED + 1
    return width * height


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return image.convert("RGB")


def _written(image: Image.Image, quality: int) -> bytes:
    """Without what the camera wrote beside it: place, time, name."""
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _document(data: bytes) -> Sound:
    """Nothing that a reader of PDF would carry out, and nothing that a browser would take for a page."""
    if MARKUP.search(data[:4096]) or b"%%EOF" not in data[-2048:]:
        raise _refused("broken")
    if any(each in data for each in DOES_SOMETHING):
        raise _refused("active")
    try:
        reader = PdfReader(io.BytesIO(data), strict=True)
        fits = not reader.is_encrypted and 0 < len(reader.pages) <= MOST_PAGES
        acts = fits and _acts(reader)
    except Exception as error:  # as above
        raise _refused("broken") from error
    if not fits:
        raise _refused("broken")
    if acts:
        raise _refused("active")
    return Sound("document", data)


def _acts(reader: PdfReader) -> bool:
    """Whether any object, those packed together included, names something to be carried out."""
    names = {each.decode() for each in DOES_SOMETHING}
    numbers = [number for row in reader.xref.values() for number in row] + list(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        return True
    for number in numbers:
        each = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(each, DictionaryObject) and (names & each.keys() or each.get("/S") in names):
            return True
    return False


def _refused(why: str) -> Refused:
    return Refused.because(RefusalKind.FIELD_INVALID, field="file", why=why)
