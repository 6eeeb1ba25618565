"""The town's own colours, and whether they can be read: contrast by WCAG 2.2 (1.4.3 and 1.4.11), against the paper they
stand on. A colour that cannot be read is refused with its ratio."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from workflow.settings.configuration_values import optional

LEAST = 4.5  # for text of ordinary size
# What a colour stands on: the page and its shaded parts, as in web/static/theme.css.
LIGHT = {"sidans papper": "#faf7f0", "skuggade ytor": "#f2ecdf"}
DARK = {"sidans papper i mörkt läge": "#1a1917", "skuggade ytor i mörkt läge": "#24221e"}
ON_COLOUR = ("#ffffff", "#000000")  # what may be written upon it


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours written #rrggbb, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def written_on(colour: str) -> str:
    """White or black, whichever is easier to read upon it."""
    return max(ON_COLOUR, key=lambda each: contrast(colour, each))


def mixed(colour: str, other: str, share: float) -> str:
    """A share of another colour in it."""
    parts = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _luminance(colour: str) -> float:
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in
              (part / 255 for part in _parts(colour))]  # fmt: skip
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _readable(papers: dict[str, str]) -> Callable[[str | None], str | None]:
    def check(colour: str | None) -> str | None:
        if colour is None:
            return None
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise ValueError(f'"{colour}" är ingen färg; skriv till exempel "#1f3fae"')
        for paper, code in papers.items():
            found = contrast(colour, code)
            if found < LEAST:
                raise ValueError(
                    f'"{colour}" går inte att läsa mot {paper} ({code}): kontrasten är {told(found)} till 1 '
                    f"och ska vara minst {told(LEAST)} till 1 (WCAG 2.2 AA)"
                )
        return colour.lower()

    return check


def told(ratio: float) -> str:
    """Rounded down, so that no ratio is told as better than it is: 4,49 is 4,4."""
    return f"{int(ratio * 10) / 10:.1f}".replace(".", ",")


LightColour = Annotated[str | None, AfterValidator(_readable(LIGHT)), BeforeValidator(optional)]
DarkColour = Annotated[str | None, AfterValidator(_readable(DARK)), BeforeValidator(optional)]
