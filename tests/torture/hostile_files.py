"""Eighty files that nobody should be able to do harm with: names, disguises, polyglots, bombs and broken halves. Each
has the name it is sent under, its bytes, and whether any of it may be kept at all."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, PngImagePlugin

CANARY = b"CANARY-4711"
SCRIPT = b"<script>alert('CANARY-4711')</script>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HEAD = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Hostile:
    what: str
    name: str
    data: bytes
    may_be_kept: bool = False


def corpus(*, whole: bool = True) -> tuple[Hostile, ...]:
    """All eighty, or without those that take seconds to make."""
    large = tuple(_large_bombs()) if whole else ()
    return (*_names(), *_disguises(), *_polyglots(), *_documents(), *_bombs(), *large, *_broken())


def picture(form: str, size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 60)).save(out, form, **more)
    return out.getvalue()


def document(extra: bytes = b"", root: bytes = b"", kids: bytes = b"3 0 R", count: int = 1) -> bytes:
    """A small PDF with one page; ``extra`` objects from number 4 on."""
    parts = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s >>\nendobj\n" % root,
        b"2 0 obj\n<< /Type /Pages /Kids [%s] /Count %d >>\nendobj\n" % (kids, count),
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        *([extra] if extra else []),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for each in parts:
        offsets.append(len(body))
        body += each
    rows = b"".join(b"%010d 00000 n \n" % each for each in offsets)
    size = len(offsets) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    return body + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))


def _names() -> Iterator[Hostile]:
    for what, name in (
        ("up and out", "../../../../tmp/out.png"), ("up and out of Windows", "..\\..\\out.png"),
        ("absolute", "/etc/cron.d/out.png"), ("a drive", "C:\\Windows\\out.png"), ("a share", "\\\\host\\c$\\out.png"),
        ("300 letters", "x" * 296 + ".png"), ("right to left", "gnp.\u202egnp.exe.png"), ("a device", "CON.png"),
        ("a script's ending first", "out.php.png"), ("a page's ending first", "out.html.png"),
        ("markup", "<img src=x onerror=alert(1)>.png"), ("a quote", 'a";filename="b.html.png'),
        ("a command", "$(touch out).png"), ("a dot", ".png"), ("only an ending too much", "out.png."),
        ("an encoded NUL", "out.html%00.png"), ("a stream", "out.png::$DATA"), ("spaces", "   .png"),
    ):  # fmt: skip
        yield Hostile(f"name: {what}", name, picture("PNG"), True)


def _disguises() -> Iterator[Hostile]:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    page = b"<!doctype html><title>x</title>" + SCRIPT
    for name, data in (
        ("out.svg", svg), ("out.png", svg), ("out.html", page), ("out.jpg", page), ("out.png", page),
        ("out.pdf", page), ("out.gif", b"GIF89a" + SCRIPT), ("out.jpg", b"GIF89a/*" + SCRIPT + b"*/"),
        ("out.jpg", picture("PNG")), ("out.png", picture("JPEG")), ("out.webp", picture("PNG")),
        ("out.pdf", picture("JPEG")), ("out.jpg", document()), ("out.png", b"MZ" + bytes(200)),
        ("out.jpg", b"\x7fELF" + bytes(200)), ("out.pdf", EICAR), ("out.docx", _zip()), ("out.pdf", _zip()),
        ("out.tiff", picture("TIFF")), ("out", picture("PNG")),
    ):  # fmt: skip
        yield Hostile(f"disguise: {data[:12]!r} as {name}", name, data)


def _polyglots() -> Iterator[Hostile]:
    exif = Image.Exif()
    exif[0x010E], exif[0x8298], exif[0x013B] = SCRIPT.decode(), CANARY.decode(), CANARY.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 18.0, 35.0), 3: "E", 4: (14.0, 6.0, 30.0)})
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SCRIPT.decode(), zip=True)
    told.add_itxt("XML:com.adobe.xmp", SCRIPT.decode())
    for what, name, data in (
        ("place and name beside a JPEG", "out.jpg", picture("JPEG", exif=exif)),
        ("place and name beside a WebP", "out.webp", picture("WEBP", exif=exif)),
        ("texts in a PNG", "out.png", picture("PNG", pnginfo=told)),
        ("a comment in a JPEG", "out.jpeg", picture("JPEG", comment=SCRIPT)),
        ("a page behind a JPEG", "out.jpg", picture("JPEG") + SCRIPT),
        ("an archive behind a PNG", "out.png", picture("PNG") + _zip()),
        ("a profile that is a script", "out.jpg", picture("JPEG", icc_profile=SCRIPT * 20)),
    ):
        yield Hostile(f"polyglot: {what}", name, data, True)


def _documents() -> Iterator[Hostile]:
    script = b"4 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj\n"
    hidden = b"4 0 obj\n<< /S /#4aavaScript /#4aS (app.alert\\(1\\)) >>\nendobj\n"
    for what, data in (
        ("a script when it opens", document(script, b"/OpenAction 4 0 R")),
        ("a script in other letters", document(hidden, b"/Open#41ction 4 0 R")),
        ("a programme to start", document(b"4 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n")),
        ("a file inside", document(b"4 0 obj\n<< /Type /EmbeddedFile /Length 0 >>\nendobj\n")),
        ("a form of its own", document(b"", b"/AcroForm << /XFA [] >>")),
        ("a page first", b"<html>" + SCRIPT + document()),
        ("a page within", document(b"4 0 obj\n(" + SCRIPT + b")\nendobj\n")),
    ):
        yield Hostile(f"document: {what}", "out.pdf", data)


def _large_bombs() -> Iterator[Hostile]:
    large = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(large, "PNG")
    frames = io.BytesIO()
    still = [Image.new("RGB", (900, 900), (n, 0, 0)) for n in range(40)]
    still[0].save(frames, "PNG", save_all=True, append_images=still[1:])
    told = zlib.compress(bytes(200_000_000), 9)
    rgba = io.BytesIO()
    Image.new("RGBA", (9000, 9000)).save(rgba, "PNG")
    yield Hostile("bomb: 400 million pixels in a PNG", "out.png", large.getvalue())
    yield Hostile("bomb: 81 million pixels with transparency", "out.png", rgba.getvalue())
    yield Hostile("bomb: 36 million pixels, progressive", "out.jpg", picture("JPEG", (6000, 6000), progressive=True))
    yield Hostile("bomb: 268 million pixels in a WebP", "out.webp", picture("WEBP", (16_383, 9000), method=0))
    yield Hostile("bomb: a moving picture", "out.png", frames.getvalue())
    text = _chunk(b"zTXt", b"Comment\0\0" + told)
    yield Hostile("bomb: 200 MB of text in a PNG", "out.png", picture("PNG").replace(_end(), text + _end()), True)
    yield Hostile("bomb: a profile of 200 MB", "out.png", _after_header(_chunk(b"iCCP", b"x\0\0" + told)), True)
    yield Hostile("bomb: a PDF that unpacks to 200 MB", "out.pdf", _packed(told))


def _bombs() -> Iterator[Hostile]:
    yield Hostile("bomb: a header of 2 500 million pixels", "out.png", _png((50_000, 50_000), zlib.compress(bytes(99))))
    yield Hostile("bomb: a JPEG of 65 500 squared", "out.jpg", _resized(picture("JPEG"), 65_500))
    yield Hostile("bomb: a PDF of nested arrays", "out.pdf", document(b"4 0 obj\n" + b"[" * 50_000 + b"\nendobj\n"))
    yield Hostile("bomb: pages that hold themselves", "out.pdf", document(kids=b"2 0 R 3 0 R", count=2))
    yield Hostile("bomb: a table that leads to itself", "out.pdf", _looping(), True)
    yield Hostile("bomb: more bytes than may be", "out.jpg", picture("JPEG") + bytes(16_000_000))
    yield Hostile("bomb: far more bytes than may be", "out.jpg", picture("JPEG") + bytes(20_000_000))


def _broken() -> Iterator[Hostile]:
    yield Hostile("broken: nothing", "out.png", b"")
    yield Hostile("broken: one byte", "out.jpg", b"\xff")
    whole = {"png": picture("PNG", (300, 300)), "jpg": picture("JPEG", (300, 300)), "pdf": document()}
    for name, data in whole.items():
        yield Hostile(f"broken: half a {name}", f"out.{name}", data[: len(data) // 2])
        yield Hostile(f"broken: a {name} that is its first bytes", f"out.{name}", data[:8])
    for name, data in whole.items():
        yield Hostile(
            f"broken: noise after the first bytes of a {name}", f"out.{name}", data[:10] + bytes(range(256)) * 40
        )
    yield Hostile("broken: WebP of nothing", "out.webp", b"RIFF\x04\0\0\0WEBP")
    yield Hostile("broken: RIFF that is sound", "out.webp", b"RIFF\x24\0\0\0WAVEfmt " + bytes(30))


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("../../out.html", SCRIPT)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _end() -> bytes:
    return _chunk(b"IEND", b"")


def _png(size: tuple[int, int], data: bytes) -> bytes:
    return HEAD + _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)) + _chunk(b"IDAT", data) + _end()


def _after_header(chunk: bytes) -> bytes:
    whole = picture("PNG")
    return whole[:33] + chunk + whole[33:]


def _resized(jpeg: bytes, side: int) -> bytes:
    """The frame header says another size than the picture has."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", side, side) + jpeg[at + 9 :]


def _packed(told: bytes) -> bytes:
    """What a reader must unpack to know its objects: an object stream, and the table itself."""
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(told)
    body = b"%PDF-1.5\n4 0 obj\n" + stream + told + b"\nendstream\nendobj\n"
    rows = zlib.compress(bytes([0] * 4 + [2, 0, 4, 0] * 3 + [1, 0, 9, 0]))
    table = (
        b"5 0 obj\n<< /Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(rows)
    )
    return body + table + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _looping() -> bytes:
    whole = document()
    at = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R >>", b"/Root 1 0 R /Prev %d >>" % at)
