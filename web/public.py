"""The pages that anyone may read: where every proposal stands, what pays, and how a process goes."""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from states import Process, draw, steps
from web.access import engine, viewer
from workflow import Engine

public = Blueprint("public", __name__)
