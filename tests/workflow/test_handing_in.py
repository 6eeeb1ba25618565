"""Drafts and what becomes of them: the sender's own space until it is sent, sent once, and erased after 30 days."""

from datetime import timedelta

import pytest

from states import RefusalKind
from tests.workflow.cast import WORDS, clock_of, key
from workflow import Engine, Refused
from workflow.doors import handing_in
from workflow.submission import drafts

SECRET_WORDS = "Ett växthus som ingen ska få veta något om än"


def begun(engine: Engine, **typed: str) -> str:
    return engine.begin_draft(key(), {"what": SECRET_WORDS, "name": "Kanarie", **typed})


def sent(engine: Engine, secret: str, *, with_key: str, address: str = "") -> str:
    return engine.send_draft(
        secret, process="purchase", by=None, key=with_key, text=WORDS, is_example=True, address=address
    ).number


def count_of(engine: Engine, table: str) -> int:
    with engine.database.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_what_is_typed_is_kept_field_by_field(engine: Engine) -> None:
    secret = begun(engine)
    engine.save_draft(secret, {"where": "Torget"})
    engine.save_draft(secret, {"where": "Norra torget", "point": ""})
    draft = engine.draft(secret)
    assert draft is not None
    assert draft.typed == {"what": SECRET_WORDS, "name": "Kanarie", "where": "Norra torget", "point": ""}
    assert engine.draft(secret[:-1] + ("0" if secret[-1] != "0" else "1")) is None


def test_the_same_form_begins_one_draft(engine: Engine) -> None:
    with_key = key()
    assert engine.begin_draft(with_key, {"what": "Ett"}) == engine.begin_draft(with_key, {"what": "Två"})
    assert count_of(engine, "draft") == 1
    assert engine.draft(drafts.secret_of(with_key)).typed == {"what": "Två"}  # type: ignore[union-attr]


def test_a_draft_is_no_event_no_number_and_no_secret_that_is_stored(engine: Engine) -> None:
    before = [count_of(engine, table) for table in ("event", "proposal", "notice", "refusal", "request")]
    secret = begun(engine)
    engine.save_draft(secret, {"where": "Torget"})
    assert before == [count_of(engine, table) for table in ("event", "proposal", "notice", "refusal", "request")]
    with engine.database.reading() as connection:
        assert secret not in str(connection.exec_driver_sql("SELECT * FROM draft").all())


def test_a_draft_is_sent_once_and_then_empty(engine: Engine) -> None:
    secret, with_key = begun(engine), key()
    number = sent(engine, secret, with_key=with_key)
    assert sent(engine, secret, with_key=with_key) == number
    with pytest.raises(Refused) as refused:
        sent(engine, secret, with_key=key())
    assert refused.value.first.kind is RefusalKind.NOT_FOUND
    draft = engine.draft(secret)
    assert draft is not None
    assert (draft.sent_as, draft.typed) == (number, {})
    with pytest.raises(Refused):
        engine.save_draft(secret, {"what": "Mer"})
    with engine.database.reading() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM draft").all())
    assert SECRET_WORDS not in stored
    assert engine.verify() == ()


def test_a_draft_that_nobody_writes_in_is_erased_after_thirty_days(engine: Engine) -> None:
    left, thrown = begun(engine), begun(engine)
    engine.throw_draft_away(thrown)
    assert engine.draft(thrown) is None
    clock_of(engine).at += timedelta(days=10)
    written = begun(engine)
    clock_of(engine).at += timedelta(days=20) - timedelta(minutes=1)
    engine.tick()
    assert engine.draft(left) is not None
    clock_of(engine).at += timedelta(minutes=1)
    engine.tick()
    assert engine.draft(left) is None
    assert engine.draft(written) is not None


def test_one_network_waits_when_it_has_sent_much_and_loses_nothing(engine: Engine) -> None:
    numbers = []
    for _ in range(handing_in.SENT.free + 1):
        numbers.append(sent(engine, begun(engine), with_key=key(), address="192.0.2.7"))
    secret = begun(engine)
    with pytest.raises(Refused) as refused:
        sent(engine, secret, with_key=key(), address="192.0.2.99")
    assert refused.value.first.kind is RefusalKind.TOO_MANY_TRIES
    assert refused.value.first.facts["what"] == "hand_in"
    wait = timedelta(seconds=int(str(refused.value.first.facts["seconds"])))
    assert engine.draft(secret).typed["what"] == SECRET_WORDS  # type: ignore[union-attr]
    assert sent(engine, begun(engine), with_key=key(), address="198.51.100.1") not in numbers
    clock_of(engine).at += wait
    assert sent(engine, secret, with_key=key(), address="192.0.2.7")


def test_one_network_cannot_begin_drafts_without_end(engine: Engine) -> None:
    for _ in range(handing_in.BEGUN.free + 1):
        engine.begin_draft(key(), {"what": "x"}, address="192.0.2.7")
    with_key = key()
    with pytest.raises(Refused) as refused:
        engine.begin_draft(with_key, {"what": "x"}, address="192.0.2.7")
    assert refused.value.first.kind is RefusalKind.TOO_MANY_TRIES
    assert engine.draft(drafts.secret_of(with_key)) is None
