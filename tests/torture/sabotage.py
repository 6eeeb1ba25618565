"""The broken designs are switched in here, on purpose and for the length of a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def broken(place: Any, name: str, value: object) -> Iterator[None]:
    """``place.name`` is ``value`` for a while; in this process only."""
    sound = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, sound)
