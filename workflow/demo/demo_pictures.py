"""The pictures of the demonstration: a square and a street, drawn, before and after. No photograph stands in for a
place that somebody could know."""

import io
from typing import Literal

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 800
HORIZON = 470
DAYLIGHT = {"sky": "#dce8ef", "ground": "#d8d2c6", "line": "#c6bfb0", "tree": "#7d9a72", "trunk": "#77634f"}
EVENING = {"sky": "#3b4a63", "ground": "#5d5f66", "line": "#53555c", "tree": "#43584c", "trunk": "#40382f"}
HOUSES = (  # left, width, height, daylight, evening
    (0, 210, 250, "#c98b6b", "#5d4a4c"), (210, 170, 300, "#e3cf9b", "#6b6152"), (380, 240, 230, "#b9c4c0", "#4f5a63"),
    (620, 180, 290, "#d9b48f", "#665648"), (800, 230, 240, "#a9b8a4", "#4a574f"), (1030, 170, 280, "#d8c3c0", "#5d5257"),
)  # fmt: skip
BENCH, LAMP, PLANTER = "#8a5a36", "#3d4148", "#6f7f87"
Scene = Literal["empty", "benches", "dark", "lights"]
ALT = {
    "empty": "Tecknad exempelbild: en tom yta av sten framför en husrad.",
    "benches": "Tecknad exempelbild: samma yta med bänkar och planteringskärl, framför samma husrad.",
    "dark": "Tecknad exempelbild: ett mörkt torg en kväll.",
    "lights": "Tecknad exempelbild: samma torg, med ljus i träden och upplyst mark.",
}


def drawn(scene: Scene) -> bytes:
    """A PNG, the same each time."""
    evening = scene in ("dark", "lights")
    colours = EVENING if evening else DAYLIGHT
    image = Image.new("RGB", (WIDTH, HEIGHT), colours["sky"])
    pen = ImageDraw.Draw(image)
    _houses(pen, evening=evening, lit=scene == "lights")
    _ground(pen, colours)
    for x in (180, 600, 1020):
        _tree(pen, x, colours, lit=scene == "lights")
    if scene == "benches":
        for x in (330, 760):
            _bench(pen, x)
        for x in (120, 560, 990):
            _planter(pen, x)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _houses(pen: ImageDraw.ImageDraw, *, evening: bool, lit: bool) -> None:
    for left, width, height, day, night in HOUSES:
        top = HORIZON - height
        pen.rectangle((left, top, left + width, HORIZON), fill=night if evening else day)
        pen.polygon(((left, top), (left + width // 2, top - 50), (left + width, top)), fill="#4a4d55")
        pane = ("#f1d79a" if lit else "#6d7480") if evening else "#f3f5f4"
        for row in range(top + 40, HORIZON - 60, 75):
            for column in range(left + 28, left + width - 40, 58):
                pen.rectangle((column, row, column + 26, row + 40), fill=pane)


def _ground(pen: ImageDraw.ImageDraw, colours: dict[str, str]) -> None:
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill=colours["ground"])
    for n in range(1, 6):
        y = HORIZON + n * n * 11
        pen.line((0, y, WIDTH, y), fill=colours["line"], width=3)
    for x in range(-600, 1801, 200):
        pen.line((600 + (x - 600) // 3, HORIZON, x, HEIGHT), fill=colours["line"], width=3)


def _tree(pen: ImageDraw.ImageDraw, x: int, colours: dict[str, str], *, lit: bool) -> None:
    if lit:
        pen.ellipse((x - 170, 545, x + 170, 625), fill="#a99a6f")
    pen.rectangle((x - 9, 420, x + 9, 580), fill=colours["trunk"])
    pen.ellipse((x - 80, 270, x + 80, 450), fill=colours["tree"])
    for n in range(14) if lit else ():
        left, top = x - 62 + (n * 37) % 124, 300 + (n * 53) % 122
        pen.ellipse((left - 6, top - 6, left + 6, top + 6), fill="#ffe9ad")


def _bench(pen: ImageDraw.ImageDraw, x: int) -> None:
    for top in (585, 610, 648):
        pen.rounded_rectangle((x, top, x + 190, top + 16), 5, fill=BENCH)
    for leg in (x + 18, x + 160):
        pen.rectangle((leg, 585, leg + 12, 700), fill=LAMP)


def _planter(pen: ImageDraw.ImageDraw, x: int) -> None:
    for n in range(5):
        pen.ellipse((x + n * 18 - 4, 590 + (n % 2) * 12, x + n * 18 + 36, 640), fill=("#5f8a57", "#b4566b")[n % 2])
    pen.polygon(((x, 625), (x + 110, 625), (x + 94, 700), (x + 16, 700)), fill=PLANTER)
