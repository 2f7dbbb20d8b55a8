"""Each way to falsify the evidence, done, and found."""

import json

import pytest
from sqlalchemy import delete, insert, select, update

from missent.errors import ConfigError
from missent.nouns.audit import AuditEvent, Head
from missent.store import Keys, open_store
from missent.store.chain import append, canonical, heads_file, mac_of, read_heads
from missent.store.schema import audit_event, audit_head, micros

from .holding import BODY, HOUR, NOW, decision, hold


def event(n):
    return AuditEvent(NOW, "policy.changed", "cli:root", {"n": n, "ü": True})


@pytest.fixture
def heads():
    return []


@pytest.fixture
def store(url, keys, heads):
    with open_store(url, keys, heads.append) as opened:
        for n in range(1, 8):
            opened.audit.record(event(n))
        yield opened


def kinds(store, heads=()):
    return [(fault.kind, fault.number) for fault in store.audit.verify(heads).faults]


def tamper(store, *statements):
    def change(connection):
        for statement in statements:
            connection.execute(statement)

    store.write(change)


def test_an_honest_chain_verifies(store, heads):
    found = store.audit.verify(heads)
    assert (found.events, found.faults) == (7, ())
    assert found.head == heads[-1]
    assert [head.number for head in heads] == list(range(1, 8))


def test_an_empty_chain_verifies(url, keys):
    with open_store(url, keys) as store:
        assert store.audit.verify() == type(store.audit.verify())(0, None, ())


@pytest.mark.parametrize(
    "change", [{"actor": "cli:other"}, {"kind": "hold.decided"}, {"facts": '{"n":4}'}, {"at": NOW + HOUR}, {"mac": "0" * 64}]
)
def test_a_changed_event_is_found(store, change):
    tamper(store, update(audit_event).where(audit_event.c.number == 3).values(change))
    assert ("changed", 3) in kinds(store)


def test_a_removed_event_is_found(store):
    tamper(store, delete(audit_event).where(audit_event.c.number == 3))
    assert kinds(store)[0] == ("removed", 3)


def test_reordered_events_are_found(store):
    swap = [(3, 900), (4, 3), (900, 4)]
    tamper(store, *(update(audit_event).where(audit_event.c.number == a).values(number=b) for a, b in swap))
    assert kinds(store)[:2] == [("changed", 3), ("changed", 4)]


def test_an_event_made_without_the_key_is_found(store):
    with store.read() as connection:
        last = connection.execute(select(audit_event).where(audit_event.c.number == 7)).one()
    forged = {**last._mapping, "number": 8, "previous": last.mac}
    forged["mac"] = mac_of(bytes(32), {**forged, "at": micros(forged["at"])} | {"mac": None})
    tamper(store, insert(audit_event).values(forged), update(audit_head).values(number=8, mac=forged["mac"]))
    assert ("changed", 8) in kinds(store)


def test_a_cut_tail_is_found(store, heads):
    with store.read() as connection:
        mac = connection.execute(select(audit_event.c.mac).where(audit_event.c.number == 5)).scalar_one()
    tamper(store, delete(audit_event).where(audit_event.c.number > 5))
    assert kinds(store) == [("cut", 6)]
    tamper(store, update(audit_head).values(number=5, mac=mac))
    assert kinds(store) == []  # the store alone cannot know
    assert kinds(store, heads) == [("cut", 6)]


def test_a_removed_chain_is_found(store, heads):
    tamper(store, delete(audit_event))
    assert kinds(store) == [("cut", 1)]
    tamper(store, update(audit_head).values(number=0, mac="0" * 64))
    assert kinds(store, heads) == [("cut", 1)]


def test_a_chain_rewritten_with_the_key_is_found_by_the_logged_heads(store, keys, heads):
    honest = tuple(heads)
    tamper(store, delete(audit_event), update(audit_head).values(number=0, mac="0" * 64))
    for n in range(11, 19):
        store.audit.record(event(n))
    assert kinds(store) == []
    assert kinds(store, honest)[0] == ("rewritten", 1)
    assert kinds(store, heads)[0] == ("rewritten", 1)  # a log that knows both is no alibi


def test_another_key_verifies_nothing(store):
    store.audit._key = Keys("other", bytes(32)).derive("audit-chain")
    assert len(store.audit.verify().faults) == 7


def test_an_undone_part_leaves_no_event(store):
    def fault(connection):
        append(connection, event(99))
        raise RuntimeError("undone")

    futures = [store.submit(fault), *(store.submit(lambda c, n=n: append(c, event(n))) for n in range(5)), store.submit(fault)]
    for future in futures[1:-1]:
        future.result()
    assert isinstance(futures[-1].exception(), RuntimeError)
    assert [e["facts"]["n"] for e in store.audit.export()][7:] == list(range(5))
    assert kinds(store) == []


def test_an_event_outside_a_transaction_of_the_store_is_a_mistake(store):
    with store.read() as connection, pytest.raises(RuntimeError, match=r"outside Store\.submit"):
        append(connection, event(1))


def test_a_holds_life_is_on_record_without_an_address(url, keys):
    with open_store(url, keys) as store:
        kept = store.holds.keep(hold("h1"), BODY)
        store.holds.view("h1", "sender:5e4d", NOW)
        store.holds.decide(decision(kept, "correct", corrected_to="jane.doe@army.mil"))
        for row in store.outbox.lease(NOW + HOUR, "w"):
            store.outbox.done(row, NOW + HOUR)
        store.holds.keep(hold("h2", message_id="m2"), BODY)
        store.holds.expire(NOW + 100 * HOUR)
        events = list(store.audit.export())
    assert [e["kind"] for e in events] == [
        "hold.created", "hold.viewed", "hold.decided", "hold.sent", "hold.created", "hold.expired",
    ]  # fmt: skip
    assert [e["actor"] for e in events] == ["gateway", "sender:5e4d", "sender:5e4d", "delivery", "gateway", "clock"]
    assert events[0]["facts"]["rcpt"] == keys.alias("jane.doe@army.ml")
    assert events[2]["facts"]["corrected_to"] == keys.alias("jane.doe@army.mil")
    assert "@" not in json.dumps(events)


def test_heads_are_logged_after_the_commit_and_read_back(tmp_path, url, keys):
    log = tmp_path / "missent.heads"
    with open_store(url, keys, heads_file(log)) as store:
        store.audit.record(event(1))
        store.audit.record(event(2))
        assert store.audit.verify(read_heads(log)).faults == ()
    assert [head.number for head in read_heads(log)] == [1, 2]
    log.write_text("Nov 23 host missent[1]: head " + log.read_text().splitlines()[1] + "\nnothing here\n")
    (head,) = read_heads(log)
    assert head == Head(2, head.mac, NOW)


def test_a_log_that_cannot_be_is_said_at_once(tmp_path):
    with pytest.raises(ConfigError, match="cannot be logged there"):
        heads_file(tmp_path / "no" / "heads")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_heads(tmp_path / "heads")
    (tmp_path / "heads").write_text("x\n")
    with pytest.raises(ConfigError, match="holds no head"):
        read_heads(tmp_path / "heads")


def test_a_log_that_fails_later_loses_no_hold(url, keys, caplog):
    def full(_head):
        raise OSError(28, "No space left on device")

    with open_store(url, keys, full) as store:
        assert store.holds.keep(hold("h1"), BODY).id == "h1"
    assert "head 1 of the audit chain could not be logged" in caplog.text


def test_canonical_is_one_text():
    assert canonical({"b": 1, "a": "é\0"}) == '{"a":"\\u00e9\\u0000","b":1}'
    assert mac_of(b"k", {"a": 1}) == mac_of(b"k", {"a": 1}) != mac_of(b"k", {"a": 2})
