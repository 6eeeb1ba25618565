"""The pages of Att göra and of what is said beside the steps: everybody finds their own work within one click, what is
typed is kept, addresses are stable, and no page for others shows an internal note."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.commands import ROOT, copy_examples
from web.app import create_app
from workflow import Engine

OFFICER, EXTERNAL = "Handläggare", "Fastighetsägare"
ASKED, NOTED = "Ett sammanhållet stråk längs Kungsgatan", "Skyddande skärmar vid sittplatserna"
NOTE = "de kan visa en skärm på plats"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def app(played_examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    copy_examples(played_examples, tmp_path / "skede.sqlite3")
    monkeypatch.setenv("SKEDE_DATABASE_URL", f"sqlite:///{tmp_path}/skede.sqlite3")
    monkeypatch.setenv("SKEDE_SECRET_KEY", "for tests")
    with Engine.open(ROOT / "config.toml") as engine:
        yield create_app(engine)


def engine_of(app: Flask) -> Engine:
    engine = app.extensions["skede"]
    assert isinstance(engine, Engine)
    return engine


def number(app: Flask, title: str) -> str:
    return next(each.number for each in engine_of(app).find(title) if each.title == title)


def signed_in(app: Flask, title: str) -> FlaskClient:
    """As a visitor of the demo would: by the button with the person's name."""
    client = app.test_client()
    person = next(each.person for each in engine_of(app).demo_people() if each.title == title)
    token = TOKEN.search(client.get("/logga-in").text)
    assert token
    answer = client.post("/logga-in", data={"csrf_token": token[1], "person": str(person)})
    assert answer.status_code == 303
    return client


def send(client: FlaskClient, page: str, address: str, **said: object):
    """A form of a page, as a browser sends it."""
    shown = client.get(page).text
    token, key = TOKEN.search(shown), KEY.search(shown)
    assert token
    assert key
    return client.post(address, data={"csrf_token": token[1], "key": key[1], **said})


def test_everybody_finds_their_own_work_within_one_click_from_the_front_page(app: Flask) -> None:
    found = {}
    for each in engine_of(app).demo_people():
        client = signed_in(app, each.title)
        front = client.get("/").text
        assert 'href="/att-gora"' in front, each.title
        page = client.get("/att-gora").text
        own = re.search(r'<section aria-labelledby="(mig|ovantat|grupp|over)">.*?</section>', page, re.DOTALL)
        rows = own is not None and "<li>" in own[0]
        found[each.title] = rows or 'class="actions tools"' in page or 'aria-labelledby="grupp"' in page
    assert len(found) > 15
    assert [title for title, work in found.items() if not work] == []


def test_a_filter_stands_in_the_address_and_is_kept_from_page_to_page(app: Flask) -> None:
    client = signed_in(app, OFFICER)
    address = "/att-gora?view=mine&stage=idea&least=&sort=amount"
    page = client.get(address).text
    ideas = [row for row in engine_of(app).queue(_id(app, OFFICER)).waiting if row.state_title == "Idé"]
    assert 1 < page.count('class="row-title"') == len(ideas)
    assert '<option selected value="idea">' in page
    link = re.search(r'href="(/arenden/[^"]+)"', page)
    assert link
    assert {"view=mine", "stage=idea", "sort=amount"} <= set(re.split("[?&;]", link[1].replace("amp;", "")))
    wrong = client.get("/att-gora?view=mine&least=mycket&due=x&sort=y&after=z&stage=%27").text
    assert "Beloppet går inte att förstå" in wrong
    nothing = client.get("/att-gora?view=mine&place=Atlantis").text
    assert "Inget här stämmer med det du valt." in nothing
    for view in ("bodies", "parked", "watched", "others", "done", "nonsense"):
        assert client.get(f"/att-gora?view={view}").status_code == 200


def test_after_a_step_the_next_is_offered_and_the_list_goes_on_as_asked(app: Flask) -> None:
    client = signed_in(app, OFFICER)
    first, second = engine_of(app).queue(_id(app, OFFICER), view="mine").waiting[:2]
    case = f"/arenden/{first.number}?view=mine&at={first.duty}"
    shown = client.get(case).text
    assert f'rel="next" href="/arenden/{second.number}?view=mine' in shown.replace("&amp;", "&")
    went = send(
        client, case, f"/arenden/{first.number}/steg/park?view=mine&at={first.duty}", seen_version=first.version,
        seen_revision=first.revision, **{"park-parked_until": "2099-01-01", "park-reason": "Vi väntar."},
    )  # fmt: skip
    assert went.status_code == 303
    assert "done=1" in went.location
    after = client.get(went.location).text
    assert 'class="beside is-done"' in after
    assert f"/arenden/{second.number}?" in after


def _id(app: Flask, title: str) -> int:
    return next(each.person for each in engine_of(app).demo_people() if each.title == title)


def test_several_at_once_each_with_its_answer(app: Flask) -> None:
    client = signed_in(app, OFFICER)
    rows = [row for row in engine_of(app).queue(_id(app, OFFICER)).waiting if row.state_title == "Idé"]
    page = "/att-gora/flera?way=accept&" + "&".join(f"rows={row.number}" for row in rows)
    assert client.get(page).text.count(" checked") == len(rows) > 1
    seen = [f"{row.number} {row.version} {row.revision}" for row in rows]
    stale = [seen[0], f"{rows[1].number} {rows[1].version + 1} {rows[1].revision}"]
    said = {"way": "accept", "offered": [row.number for row in rows], "alla-remarks": "Tack."}
    answer = send(client, page, "/att-gora/flera", rows=stale, **said)
    assert answer.status_code == 409
    assert "klart, står nu vid beredning" in answer.text
    assert rows[0].title in answer.text
    assert "Någon annan har gjort något i ärendet" in answer.text
    assert "Tack." in answer.text
    none = send(client, page, "/att-gora/flera", rows=[], **said)
    assert none.status_code == 422
    assert "Inget förslag är valt." in none.text
    done = send(client, page, "/att-gora/flera", rows=seen[1:], **said)
    assert done.status_code == 303


def test_opinions_are_asked_given_and_counted_on_the_pages(app: Flask) -> None:
    client, asked = signed_in(app, OFFICER), number(app, ASKED)
    public = app.test_client().get(f"/forslag/{asked}").text
    assert "Två av fyra svar har kommit." in public
    assert "tekniska nämnden och fastighetsägare i stadskärnan" in public
    assert "Plogen behöver" not in public
    assert "Plogen behöver" in client.get(f"/arenden/{asked}").text
    assert "Plogen behöver" in signed_in(app, EXTERNAL).get(f"/arenden/{asked}").text
    page = f"/arenden/{asked}/synpunkter"
    empty = send(client, page, page, question="", answer_by="2099-01-01", body="body:tekniska")
    assert empty.status_code == 422
    assert re.search(r'<input[^>]*checked[^>]*value="body:tekniska"', empty.text)
    nobody = send(client, page, page, question="Vad?", answer_by="2099-01-01")
    assert nobody.status_code == 422
    assert "Ingen är vald." in nobody.text
    assert send(client, page, page, question="Vad?", answer_by="2099-01-01", role="controller").status_code == 303
    controller = signed_in(app, "Ekonom")
    link = re.search(rf'href="(/arenden/{asked}/synpunkter/[0-9]+)', controller.get("/att-gora").text)
    assert link
    unsaid = send(controller, link[1], link[1], stance="comments", opinion="", seen_version=1)
    assert unsaid.status_code == 422
    given = send(controller, link[1], link[1], stance="comments", opinion="Kostar mer i drift.", seen_version=1)
    assert given.status_code == 303
    assert "Kostar mer i drift." in client.get(f"/arenden/{asked}").text
    assert signed_in(app, "Budgetansvarig").get(link[1]).status_code == 403
    assert signed_in(app, "Budgetansvarig").get(page).status_code == 403
    seq = engine_of(app).timeline(asked, _id(app, OFFICER)).opinions[-1].asked_at
    closing = f"/arenden/{asked}/synpunkter/{seq}/avsluta"
    assert send(client, f"/arenden/{asked}", closing, **{f"avsluta-{seq}-reason": ""}).status_code == 422
    extending = f"/arenden/{asked}/synpunkter/{seq}/forlang"
    past = send(client, f"/arenden/{asked}", extending, **{f"forlang-{seq}-answer_by": "2020-01-01"})
    assert past.status_code == 422
    assert "2020-01-01" in past.text
    assert send(client, f"/arenden/{asked}", closing, **{f"avsluta-{seq}-reason": "Nog."}).status_code == 303
    assert "Nog." in app.test_client().get(f"/forslag/{asked}").text


def test_an_internal_note_is_on_no_page_for_others_and_in_no_file(app: Flask) -> None:
    noted = number(app, NOTED)
    case = f"/arenden/{noted}"
    assert NOTE in signed_in(app, OFFICER).get(case).text
    public = ["/", "/forslag", f"/forslag/{noted}", "/forslag?q=skärm"]
    files = [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("exports.") and "GET" in rule.methods
    ]
    assert len(files) > 2
    known = {"<form>": "csv", "<path:pot>": "investment", "<int:year>": "2026", "<pot>": "investment"}
    for rule in files:
        for part, value in known.items():
            rule = rule.replace(part, value)  # noqa: PLW2901
        public.append(rule)
    outside = [signed_in(app, each) for each in (EXTERNAL, "Ledamot från Näringslivssamverkan")]
    for client in (app.test_client(), *outside):
        for address in public:
            assert NOTE not in client.get(address).get_data(as_text=True), address
        assert noted not in client.get(f"/forslag?q={NOTE}").text
    for client in outside:
        shown = client.get(case)
        assert shown.status_code == 200
        assert NOTE not in shown.text
        assert "Interna anteckningar" not in shown.text
        assert send(client, case, f"{case}/anteckning", **{"note-text": "Hej."}).status_code == 403


def test_a_note_and_following_by_their_forms(app: Flask) -> None:
    client, case = signed_in(app, "Budgetansvarig"), f"/arenden/{number(app, NOTED)}"
    assert send(client, case, f"{case}/anteckning", **{"note-text": " "}).status_code == 422
    assert send(client, case, f"{case}/anteckning", **{"note-text": "Ring mig."}).status_code == 303
    assert "Ring mig." in client.get(case).text
    assert send(client, case, f"{case}/folj", follows="1").status_code == 303
    assert NOTED in client.get("/att-gora?view=watched").text
    assert send(client, case, f"{case}/folj", follows="0").status_code == 303
    assert NOTED not in client.get("/att-gora?view=watched").text


def test_the_sign_in_counts_as_the_queue_does(app: Flask) -> None:
    """What rests is not waiting, and a group's own duties are: an officer has both among the examples."""
    engine, page = engine_of(app), app.test_client().get("/logga-in").text
    officer = next(each for each in engine.demo_people() if each.title == "Handläggare")
    assert engine.queue(officer.person).count == engine.badge(officer.person)
    told = page.split(f'value="{officer.person}"')[1].split("</li>")[0]
    assert f"{engine.badge(officer.person)} saker väntar" in told
