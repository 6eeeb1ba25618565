"""What is wrong in a process file, in words for whoever wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: in which file, at which key, why it cannot stand and how to mend it."""

    file: str
    key: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.why} – {self.mend}"


class ProcessError(Exception):
    """The process files cannot be used. ``findings`` holds every reason."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(each) for each in self.findings))


def nearest(name: str, known: Iterable[str]) -> str:
    """How to mend a name that nobody knows: the nearest that exists, else all of them."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    return f'menade du "{close[0]}"?' if close else f"välj bland {', '.join(names)}"
