"""A process as a picture and as an ordered list with the same content: for officials who read, and for all who cannot
see the picture. Colours and type are the page's; the drawing has class names only."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from states.definition import Deadline, Node, Process, Rule
from states.machine import role_names

ROW, LEFT, RADIUS, WIDTH = 64, 44, 11, 720
LABEL, SIDE = LEFT + 30, 430


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step: the button, where it leads, and who may take it (role names)."""

    title: str
    to_title: str
    roles: tuple[str, ...]
    decision: str | None


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One step of the process page. ``n`` is its place on the track, None for side roads and ends."""

    n: int | None
    state: str
    title: str
    public: str
    roles: tuple[str, ...]
    awaits: Rule | None
    deadline: Deadline | None
    pays: tuple[str, ...]  # kinds of source that pay here
    exits: tuple[Exit, ...]
    produces: tuple[str, ...]


def steps(process: Process) -> tuple[ListedStep, ...]:
    """Every state once: the track first, then side roads and ends."""
    seen: dict[str, ListedStep] = {}
    order = [process.nodes[each] for each in process.track]
    for node in (*order, *process.nodes.values()):
        if node.state.id not in seen:
            seen[node.state.id] = _step(process, node)
    return tuple(seen.values())


def _step(process: Process, node: Node) -> ListedStep:
    state = node.state
    first = next((way for way in node.transitions if way.role), None)
    used = {each.binding for way in node.transitions for each in way.money if each.effect != "release"}
    used |= set(state.spends)
    pays = dict.fromkeys(source for name, each in process.bindings.items() if name in used for source in each.sources)
    exits = tuple(
        Exit(way.title, process.nodes[way.target].state.title, role_names(way.role), way.decision)
        for way in node.transitions
    )
    n = process.track.index(state.id) + 1 if state.id in process.track else None
    roles = role_names(first.role) if first else ()
    return ListedStep(
        n, state.id, state.title, state.public, roles, state.awaits, state.deadline, tuple(pays), exits, state.produces
    )


def draw(process: Process) -> str:
    """The process as SVG: the track as stations down the page, loops back to the left, side roads to the right."""
    height = ROW * len(process.track) + 40
    row = {state: 40 + ROW * i for i, state in enumerate(process.track)}
    described = " → ".join(process.nodes[each].state.title for each in process.track)
    line = _mark("line", "map-line", x1=LEFT, y1=40, x2=LEFT, y2=height - ROW, stroke="currentColor", stroke_width=2)
    stations = [
        part for n, state in enumerate(process.track, 1) for part in _station(process, process.nodes[state], n, row)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="process-map" role="img" viewBox="0 0 {WIDTH} {height}"'
    named = f"<title>{escape(process.title)}</title><desc>{escape(described)}</desc>"
    return "\n".join([f"{head} aria-label={quoteattr(process.title)}>", named, line, *stations, "</svg>"])


def _station(process: Process, node: Node, n: int, row: dict[str, int]) -> Iterable[str]:
    y = row[node.id]
    yield _mark("circle", "map-station", cx=LEFT, cy=y, r=RADIUS, fill="Canvas", stroke="currentColor", stroke_width=2)
    yield _mark("text", "map-number", str(n), x=LEFT, y=y + 4, text_anchor="middle", font_size=11, fill="currentColor")
    yield _mark("text", "map-title", node.state.title, x=LABEL, y=y + 5, font_size=16, fill="currentColor")
    targets = [process.nodes[way.target].state for way in node.transitions]
    for back in dict.fromkeys(row[each.id] for each in targets if row.get(each.id, y) < y):
        curve = f"M {LEFT - RADIUS} {y} C 6 {y}, 6 {back}, {LEFT - RADIUS} {back}"
        yield _mark(
            "path", "map-back", d=curve, fill="none", stroke="currentColor", stroke_dasharray="4 4", opacity=0.55
        )
    lines = _wrapped(tuple(dict.fromkeys(each.title for each in targets if each.side or each.end)), 44)
    for i, line in enumerate(lines):
        level = round(y + 4 + (i - (len(lines) - 1) / 2) * 15)
        yield _mark("text", "map-side", line, x=SIDE, y=level, font_size=12, fill="currentColor", opacity=0.75)
    if lines:
        end = f"M {SIDE - 70} {y} H {SIDE - 8}"
        yield _mark(
            "path", "map-branch", d=end, fill="none", stroke="currentColor", stroke_dasharray="2 4", opacity=0.55
        )


def _mark(name: str, kind: str, content: str = "", **attributes: object) -> str:
    """One SVG element; ``stroke_width`` is written stroke-width."""
    written = "".join(f" {key.replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items())
    return f'<{name} class="{kind}"{written}>{escape(content)}</{name}>'


def _wrapped(words: tuple[str, ...], most: int) -> list[str]:
    """The words parted by dots, on lines of at most ``most`` characters where they can be."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) + 3 <= most:
            lines[-1] += f" · {word}"
        else:
            lines.append(word)
    return lines
