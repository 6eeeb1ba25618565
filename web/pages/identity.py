"""The town's own face: its colours over ours, its picture beside its name. What can be read was judged at start."""

from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from web.request.current import engine
from workflow.settings.configuration_colours import mixed, written_on

identity = Blueprint("identity", __name__)

LASTS_S = 3600


@identity.get("/farger.css")
def colours() -> ResponseReturnValue:
    """The variables of theme.css that a colour of the town's own replaces."""
    chosen = engine().config.identity
    rules = []
    if chosen.colour:
        rules.append(f":root {{ {_variables(chosen.colour, '#000000')} }}")
    dark = chosen.colour_dark
    if dark:
        rules.append(f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(dark, '#ffffff')} }} }}")
    elif chosen.colour:  # else a colour for light paper would stand on dark
        rules.append("@media (prefers-color-scheme: dark) { :root { --mine: #aebfff; --mine-deep: #cdd8ff; "
                     "--on-mine: #14193a; } }")  # fmt: skip
    answer = Response("\n".join(rules), mimetype="text/css")
    answer.cache_control.max_age = LASTS_S
    return answer


@identity.get("/logotyp")
def logo() -> ResponseReturnValue:
    place = engine().config.identity.logo
    return send_file(place, max_age=LASTS_S) if place else abort(404)


def _variables(colour: str, deeper: str) -> str:
    on = written_on(colour)
    return f"--mine: {colour}; --mine-deep: {mixed(colour, deeper, 0.25)}; --on-mine: {on};"
