"""Every address says for whom it is; what says nothing is nobody's, and what says more than it keeps is found out."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.workflow import cast
from tests.workflow.cast import Case, person
from web.app import create_app
from web.request import who_may_use
from web.request.who_may_use import EVERYBODY, LINK, MEMBER, ROUTES, SIGNED_IN

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
ONE_CLICK = {"mail.leave"}  # carries its right in its address (RFC 8058)
VALUES = {
    "number": "CG-2026-001", "transition": "accept", "pot": "investment", "year": 2026, "form": "csv", "duty": 1,
    "person": 2, "batch": 1, "stream": "CG-2026-001", "seq": 1, "process_id": "purchase", "secret": "x", "token": "x",
    "filename": "theme.css", "deputy": 1, "row": 1,
    "body": "centrumgruppen", "held_on": "2026-03-25",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Case]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('routes') / 'skede.sqlite3'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKEDE_SECRET_KEY", "for tests")
        cast.seed(url)
        with cast.opened(url) as engine:
            yield create_app(engine), Case(engine, "purchase", 20_000).submit()


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def address(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        built = rule.build({name: VALUES.get(name, 1) for name in rule.arguments})
        assert built is not None
        return built[1]


def visitor(app: Flask, case: Case, who: str = "") -> FlaskClient:
    """Nobody, a person of the demonstration, or the sender by the private link."""
    client = app.test_client()
    if who == "sender":
        send(client, f"/mitt/{case.secret}")
    elif who:
        send(client, "/logga-in", person=str(person(case.engine, who)))
    return client


def send(client: FlaskClient, path: str, **form: str) -> int:
    page = client.get("/logga-in").get_data(as_text=True) + client.get("/").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return client.post(path, data={"csrf_token": token[1] if token else "", **form}).status_code


def asked(client: FlaskClient, app: Flask, rule: Rule) -> int:
    """The status of an address, asked by the method that it is for; 401 where the visitor is sent to sign in."""
    path = address(app, rule)
    if "POST" in (rule.methods or set()):
        return send(client, path)
    answer = client.get(path)
    answer.close()
    return 401 if answer.status_code == 303 and "/logga-in" in answer.location else answer.status_code


def test_every_address_says_for_whom_it_is(world: tuple[Flask, Case]) -> None:
    app, _ = world
    assert {rule.endpoint for rule in rules(app)} == set(ROUTES)


def test_who_is_not_signed_in_gets_no_further_than_the_table_says(world: tuple[Flask, Case]) -> None:
    app, case = world
    client = visitor(app, case)
    for rule in rules(app):
        if rule.endpoint != "people.sign_out":
            status = asked(client, app, rule)
            assert (status == 401) == (ROUTES[rule.endpoint] not in (EVERYBODY, LINK)), (rule.endpoint, status)


def test_a_sender_by_link_gets_no_further_than_the_own_proposal(world: tuple[Flask, Case]) -> None:
    app, case = world
    client = visitor(app, case, "sender")
    for rule in rules(app):
        who = ROUTES[rule.endpoint]
        if who == MEMBER or isinstance(who, tuple):
            assert asked(client, app, rule) == 403, rule.endpoint
    stranger = Case(case.engine, "purchase", 20_000).submit()
    assert client.get(f"/arenden/{case.number}").location == f"/arenden/{case.number}/min-ide"
    assert client.get(f"/arenden/{case.number}/min-ide").status_code == 200
    assert client.get(f"/arenden/{stranger.number}").status_code == 403
    assert client.get(f"/arenden/{stranger.number}/min-ide").status_code == 403


def test_a_role_that_the_table_names_is_needed_by_the_engine(world: tuple[Flask, Case]) -> None:
    app, case = world
    client = visitor(app, case, "Arrangör")
    named = [rule for rule in rules(app) if isinstance(ROUTES[rule.endpoint], tuple)]
    assert named
    for rule in named:
        assert asked(client, app, rule) == 403, rule.endpoint


def test_an_address_that_nobody_has_put_there_is_nobodys(
    world: tuple[Flask, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one taken out of the table in turn: whoever asks is refused, signed in or not."""
    app, case = world
    clients = [visitor(app, case), visitor(app, case, "Handläggare")]
    for rule in rules(app):
        left = {name: who for name, who in ROUTES.items() if name != rule.endpoint}
        with monkeypatch.context() as patch:
            patch.setattr(who_may_use, "ROUTES", left)
            path = address(app, rule)
            for client in clients:
                if "GET" in (rule.methods or set()):
                    assert client.get(path).status_code == 403, rule.endpoint
    assert SIGNED_IN in ROUTES.values()


def test_a_view_that_guards_nothing_is_guarded_at_the_gate(
    world: tuple[Flask, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose maker forgot to ask who is there: nobody's until it is in the table, and then as the table says."""
    _, case = world
    app = create_app(case.engine)
    app.add_url_rule("/glomd", "forgotten", lambda: "Allas.")
    assert [visitor(app, case, who).get("/glomd").status_code for who in ("", "sender", "Handläggare")] == [403] * 3
    monkeypatch.setattr(who_may_use, "ROUTES", {**ROUTES, "forgotten": MEMBER})
    assert [visitor(app, case, who).get("/glomd").status_code for who in ("", "sender", "Handläggare")] == [
        303, 403, 200,
    ]  # fmt: skip


def test_a_right_that_ends_between_the_page_and_the_click_is_gone(world: tuple[Flask, Case]) -> None:
    """Who was officer when the page was drawn is nobody in particular when the form arrives (KL 7:5)."""
    app, case = world
    engine = case.engine
    given = Case(engine, "purchase", 20_000).submit()
    client = visitor(app, case, "Handläggare")
    page = client.get(f"/arenden/{given.number}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    with engine.database.writing() as connection:
        connection.exec_driver_sql("UPDATE membership SET to_on = '2026-03-01' WHERE role = 'officer'")
    sent = {"csrf_token": token[1], "key": cast.key(), "seen_version": "1", "seen_revision": "1"}
    assert client.post(f"/arenden/{given.number}/steg/accept", data=sent).status_code == 403
    assert given.stands()["state"] == "idea"
    with engine.database.writing() as connection:
        connection.exec_driver_sql("UPDATE membership SET to_on = NULL WHERE role = 'officer'")


def test_a_form_without_its_token_is_told_so_whatever_page_it_is_for(world: tuple[Flask, Case]) -> None:
    """Also where the page that would be drawn again is not theirs to see, or is nowhere."""
    app, case = world
    client = visitor(app, case, "Handläggare")
    for rule in rules(app):
        if "POST" in (rule.methods or set()) and rule.endpoint not in ONE_CLICK:
            assert 400 <= client.post(address(app, rule)).status_code < 500, rule.endpoint
