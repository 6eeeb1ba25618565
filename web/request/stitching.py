"""A page that is the same for everybody but for some short texts: packed once around them, and filled for each.

What is filled in lies in blocks of its own that nothing is packed together with, so that the length of the page tells
nothing of it (BREACH). The form is that of RFC 1951 and 1952, which any reader of gzip takes.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip, deflated, no time, no system
END = b"\x03\x00"  # the last block, and nothing in it
MOST_STORED = 0xFFFF  # bytes of one block that is not packed
LEVEL = 6


@dataclass(slots=True)
class Stitched:
    """``parts`` are what stands before, between and after the gaps; ``gaps`` what is to be filled in, by name."""

    parts: tuple[bytes, ...]
    gaps: tuple[str, ...]
    _packed: tuple[bytes, ...] = field(default=(), init=False)

    @classmethod
    def around(cls, page: str, *marks: str) -> "Stitched":
        """Where each mark stood is a gap of its name."""
        found = re.split(f"({'|'.join(map(re.escape, marks))})", page)
        return cls(tuple(each.encode() for each in found[::2]), tuple(found[1::2]))

    def plain(self, filled: Sequence[str]) -> bytes:
        return b"".join(self._in_order(self.parts, filled, str.encode))

    def packed(self, filled: Sequence[str]) -> bytes:
        """As gzip. Each text to fill in is at most 65 535 bytes."""
        self._packed = self._packed or tuple(map(_deflated, self.parts))
        checked, size = 0, 0
        for each in self._in_order(self.parts, filled, str.encode):
            checked, size = zlib.crc32(each, checked), size + len(each)
        blocks = self._in_order(self._packed, filled, _stored)
        return b"".join((HEAD, *blocks, END, struct.pack("<II", checked, size & 0xFFFFFFFF)))

    def _in_order(self, parts: Sequence[bytes], filled: Sequence[str], made: Callable[[str], bytes]) -> Iterator[bytes]:
        first, *others = parts
        yield first
        for text, part in zip(filled, others, strict=True):
            yield made(text)
            yield part


def _deflated(part: bytes) -> bytes:
    """To a whole byte, and so that what follows looks back at nothing in it."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(text: str) -> bytes:
    """A block that is not packed (RFC 1951, 3.2.4), from the first bit of a byte."""
    data = text.encode()
    return struct.pack("<BHH", 0, len(data), len(data) ^ MOST_STORED) + data
