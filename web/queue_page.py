"""Att göra: what waits for the person signed in, what was handed on, what was done last. Decides nothing."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.current import engine, me, signed_in

queue = Blueprint("queue", __name__)


@queue.get("/att-gora")
@signed_in
def mine() -> ResponseReturnValue:
    who = me()
    if who.proposal is not None:
        return redirect(url_for("case.page", number=who.proposal), 303)
    shown = engine().queue(who.person, after=request.args.get("after"))
    return render_template("queue.html", queue=shown, continued=bool(request.args.get("after")))
