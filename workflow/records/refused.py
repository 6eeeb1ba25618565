"""The exception by which the engine says no: it carries every reason, nothing has changed."""

from collections.abc import Iterable

from states import Refusal, RefusalKind


class Refused(Exception):
    """Nothing happened. ``refusals`` are in order of precedence and never empty; the first names the status."""

    def __init__(self, refusals: Iterable[Refusal] | Refusal) -> None:
        given = (refusals,) if isinstance(refusals, Refusal) else tuple(refusals)
        self.refusals = tuple(sorted(given, key=lambda each: each.kind))
        if not self.refusals:
            raise ValueError("a refusal needs a reason")
        super().__init__(", ".join(each.kind.name for each in self.refusals))

    @property
    def first(self) -> Refusal:
        return self.refusals[0]

    @classmethod
    def because(cls, kind: RefusalKind, lifted_by: tuple[str, ...] = (), **facts: object) -> "Refused":
        return cls(Refusal(kind, facts, lifted_by))
