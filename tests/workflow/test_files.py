"""Pictures and documents: the sender's until it is sent, public when an official has looked at it, and gone for good
when they are to be."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from states import RefusalKind
from tests.torture.hostile_files import document, picture
from tests.workflow.cast import WORDS, Case, clock_of, key, person
from workflow import Engine, Refused
from workflow.publishing.acting_on_words import Why
from workflow.submission import file_storing, uploads
from workflow.submission.uploads import Said

SUNNY = picture("JPEG", (2000, 1000))


@pytest.fixture
def engine(engine: Engine, tmp_path: Path) -> Engine:
    server = engine.config.server.model_copy(update={"files": str(tmp_path / "files")})
    engine.config = engine.config.model_copy(update={"server": server})
    return engine


def folder(engine: Engine) -> Path:
    return file_storing.folder_of(engine.config)


def names(engine: Engine) -> set[str]:
    return {path.name for path in folder(engine).iterdir()} if folder(engine).is_dir() else set()


def begun(engine: Engine) -> str:
    secret = engine.begin_draft(key(), {"what": "En bänk"})
    engine.add_draft_file(secret, "Solig bänk.JPG", SUNNY, "En solig plats")
    return secret


def sent(engine: Engine, secret: str) -> str:
    return engine.send_draft(secret, process="purchase", by=None, key=key(), text=WORDS, is_example=True).number


def why(refused: pytest.ExceptionInfo[Refused]) -> object:
    assert refused.value.first.kind is RefusalKind.FIELD_INVALID
    return refused.value.first.facts["why"]


def test_a_picture_is_written_anew_and_small(engine: Engine) -> None:
    secret = begun(engine)
    (file,) = engine.draft_files(secret)
    assert (file.kind, file.title, file.alt, file.width, file.height) == (
        "picture", "Solig bänk.JPG", "En solig plats", 1600, 800,
    )  # fmt: skip
    found = engine.draft_file(secret, file.id)
    assert found is not None
    with Image.open(io.BytesIO(found[1])) as small:
        assert (small.format, small.size) == ("JPEG", (400, 200))
    assert names(engine) == {file.name, f"{file.name}.small"}
    other = begun(engine)
    assert engine.draft_file(other, file.id) is None, "each draft has its own"


def test_what_is_sent_waits_until_an_official_has_looked_at_it(engine: Engine) -> None:
    number = sent(engine, begun(engine))
    officer = person(engine, "Handläggare")
    assert engine.files(number) == ()
    assert engine.files(number, person(engine, "Fastighetsägare")) == ()
    (file,) = engine.files(number, officer)
    assert file.standing == "waiting"
    assert engine.file(file.name) is None
    assert engine.file(file.name, officer) is not None
    with pytest.raises(Refused) as refused:
        engine.look_at_file(number, file.id, shows=True, alt=" ", by=officer, key=key())
    assert refused.value.first.kind is RefusalKind.FIELD_MISSING
    with_key = key()
    for _ in range(2):
        engine.look_at_file(
            number, file.id, shows=True, alt="En bänk i solen", phase="before", by=officer, key=with_key
        )
    (shown,) = engine.files(number)
    assert (shown.alt, shown.phase) == ("En bänk i solen", "before")
    assert engine.file(shown.name, small=True) is not None
    assert engine.verify() == ()
    engine.look_at_file(number, file.id, shows=False, alt="En bänk i solen", by=officer, key=key())
    assert engine.files(number) == ()
    assert engine.file(file.name) is None
    assert engine.verify() == ()


@pytest.mark.parametrize("who", ["Fastighetsägare", "Revisor"])
def test_only_officials_add_and_look(engine: Engine, who: str) -> None:
    number = sent(engine, begun(engine))
    (file,) = engine.files(number, person(engine, "Handläggare"))
    for work in (
        lambda by: engine.look_at_file(number, file.id, shows=True, alt="x", by=by, key=key()),
        lambda by: engine.add_file(number, SUNNY, Said("a.jpg", "x"), by=by, key=key()),
    ):
        with pytest.raises(Refused) as refused:
            work(person(engine, who))
        assert refused.value.first.kind is RefusalKind.NOT_PERMITTED
    assert len(names(engine)) == 2, "what was refused left nothing on the disk"


def test_an_official_adds_a_picture_from_afterwards_once(engine: Engine) -> None:
    case, with_key = Case(engine, "activity").submit(), key()
    for _ in range(2):
        engine.add_file(
            case.number, SUNNY, Said("efter.jpg", "Bänken står där", "after"), by=person(engine, "Handläggare"),
            key=with_key,
        )  # fmt: skip
    engine.add_file(case.number, document(), Said("Skiss.pdf", "Skissen"), by=person(engine, "Handläggare"), key=key())
    shown = engine.files(case.number)
    assert [(each.kind, each.phase, each.by_official) for each in shown] == [
        ("picture", "after", True), ("document", "", True),
    ]  # fmt: skip
    assert len(names(engine)) == 3
    assert engine.verify() == ()


def test_the_sender_adds_later_what_waits_for_a_look(engine: Engine) -> None:
    receipt = engine.send_draft(begun(engine), process="purchase", by=None, key=key(), text=WORDS, is_example=True)
    number, with_key = receipt.number, key()
    session = engine.session(engine.open_link(receipt.secret))
    assert session is not None
    sender = session.person
    for _ in range(2):
        engine.send_file(number, document(), Said("Skiss.pdf", "Skissen"), by=sender, key=with_key)
    assert [each.standing for each in engine.files(number, sender)] == ["waiting", "waiting"]
    assert engine.files(number) == ()
    for who in ("Handläggare", "Fastighetsägare"):
        with pytest.raises(Refused) as refused:
            engine.send_file(number, SUNNY, Said("a.jpg", "x"), by=person(engine, who), key=key())
        assert refused.value.first.kind is RefusalKind.NOT_PERMITTED
    for n in range(uploads.MOST_FILES - 2):
        engine.send_file(number, picture("PNG"), Said(f"{n}.png", ""), by=sender, key=key())
    with pytest.raises(Refused) as refused:
        engine.send_file(number, SUNNY, Said("a.jpg", "x"), by=sender, key=key())
    assert why(refused) == "waiting"
    file = engine.files(number, sender)[1]
    engine.look_at_file(number, file.id, shows=True, alt="Skissen", by=person(engine, "Handläggare"), key=key())
    engine.send_file(number, SUNNY, Said("a.jpg", "x"), by=sender, key=key())
    assert engine.verify() == ()
    case = Case(engine, "purchase").submit()
    case.number = number
    case.act("close")
    with pytest.raises(Refused) as refused:
        engine.send_file(number, SUNNY, Said("a.jpg", "x"), by=sender, key=key())
    assert refused.value.first.kind is RefusalKind.ENDED


def test_the_sender_mends_how_to_be_reached(engine: Engine) -> None:
    number = sent(engine, begun(engine))
    ((sender, ref),) = [
        (row.id, row.ref)
        for row in rows_of(engine, "SELECT s.id, s.ref FROM person s JOIN proposal p ON p.proposer_id = s.id")
    ]
    given = {"name": "Kim", "email": "kim@example.org", "telephone": "0550-1"}
    engine.mend_contact(sender, given, key=key())
    assert engine.own_contact(sender) == given
    (event,) = rows_of(engine, f"SELECT body FROM event WHERE stream = 'person/{ref}'")
    assert "kim@example.org" not in event.body, "a history that is never changed holds no address"
    assert engine.case(number, person(engine, "Handläggare")).timeline.proposer_contact == given
    for wrong in ({"email": "kim@"}, {"name": "x" * 201}):
        with pytest.raises(Refused) as refused:
            engine.mend_contact(sender, given | wrong, key=key())
        assert refused.value.first.kind is RefusalKind.FIELD_INVALID
    officer = person(engine, "Handläggare")
    assert engine.own_contact(officer) is None
    with pytest.raises(Refused) as refused:
        engine.mend_contact(officer, given, key=key())
    assert refused.value.first.kind is RefusalKind.NOT_PERMITTED
    assert engine.verify() == ()


def rows_of(engine: Engine, query: str) -> list[Any]:
    with engine.database.reading() as connection:
        return list(connection.exec_driver_sql(query))


def test_a_draft_holds_no_more_than_it_may(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = begun(engine)
    for n in range(uploads.MOST_FILES - 1):
        engine.add_draft_file(secret, f"{n}.png", picture("PNG"), "")
    with pytest.raises(Refused) as refused:
        engine.add_draft_file(secret, "en till.png", picture("PNG"), "")
    assert why(refused) == "many"
    assert len(names(engine)) == 2 * uploads.MOST_FILES
    engine.remove_draft_file(secret, engine.draft_files(secret)[0].id)
    assert len(names(engine)) == 2 * uploads.MOST_FILES - 2
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    with pytest.raises(Refused) as refused:
        engine.add_draft_file(secret, "en till.png", picture("PNG"), "")
    assert why(refused) == "many"


def test_one_network_cannot_send_files_without_end(engine: Engine) -> None:
    secret = begun(engine)
    for _ in range(uploads.FILES.free + 1):
        with pytest.raises(Refused) as refused:
            engine.add_draft_file(secret, "a.png", b"", "", address="192.0.2.7")
        assert why(refused) == "empty"
    with pytest.raises(Refused) as refused:
        engine.add_draft_file(secret, "a.png", picture("PNG"), "", address="192.0.2.8")
    assert refused.value.first.kind is RefusalKind.TOO_MANY_TRIES


def test_files_go_with_their_draft_and_strays_after_a_day(engine: Engine) -> None:
    thrown, left, handed = begun(engine), begun(engine), begun(engine)
    number = sent(engine, handed)
    engine.throw_draft_away(thrown)
    assert engine.draft_files(left) != ()
    stray, fresh = folder(engine) / ("0" * 32), folder(engine) / ("1" * 32)
    for path in (stray, fresh):
        path.write_bytes(b"cut off")
    os.utime(stray, (time.time() - 2 * file_storing.NEW_S,) * 2)
    clock_of(engine).at += timedelta(days=30)
    engine.tick()
    (file,) = engine.files(number, person(engine, "Handläggare"))
    assert names(engine) == {file.name, f"{file.name}.small", fresh.name}


def test_a_file_that_is_erased_is_gone_and_the_chain_holds(engine: Engine) -> None:
    number = sent(engine, begun(engine))
    (file,) = engine.files(number, person(engine, "Handläggare"))
    with engine.database.writing() as connection:
        name = uploads.erase(connection, file.id, clock_of(engine).at)
    assert name == file.name
    file_storing.remove(folder(engine), [name])
    assert names(engine) == set()
    (gone,) = engine.files(number, person(engine, "Handläggare"))
    assert (gone.erased, gone.alt, gone.title) == (True, "", "")
    assert engine.file(file.name, person(engine, "Handläggare")) is None
    assert engine.verify() == ()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE upload SET standing = 'shown'", "standing is not what the latest look says"),
        ("UPDATE upload SET digest = 'x'", "digest is not in the event"),
        ("", "the file is not there, or is another"),
    ],
)
def test_what_was_done_behind_the_engine_is_found(engine: Engine, damage: str, told: str) -> None:
    number = sent(engine, begun(engine))
    (file,) = engine.files(number, person(engine, "Handläggare"))
    if damage:
        with engine.database.writing() as connection:
            connection.exec_driver_sql(damage)
    else:
        (folder(engine) / file.name).write_bytes(picture("JPEG"))
    assert any(told in fault for fault in engine.verify())


def test_a_proposal_that_is_taken_out_of_sight_takes_its_files_along(engine: Engine) -> None:
    case, officer = Case(engine, "activity").submit(), person(engine, "Handläggare")
    engine.add_file(case.number, SUNNY, Said("a.jpg", "En bänk"), by=officer, key=key())
    (file,) = engine.files(case.number)
    assert engine.file(file.name) is not None
    engine.unpublish(case.number, Why("En granne syns."), by=officer, key=key())
    assert engine.files(case.number) == ()
    assert engine.file(file.name) is None
    assert engine.file(file.name, officer) is not None
    assert engine.similar("Fyra bänkar", "Torget") == ()
