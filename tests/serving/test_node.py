"""One node end to end: what it does when all is well, when its parts fail, and when its rules change under it."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from missent.errors import ConfigError
from missent.nouns.action import Action
from missent.nouns.hold import State
from missent.recipients.register import Exemption, Partner, Restriction

HOLDS = """
[[rule]]
name = "all"
action = "{action}"
when = {{ recipient = "*.mil" }}

[[rule]]
name = "otherwise"
action = "deliver"
"""


def states(house):
    return [copy.state for hold in house.store.holds.find() for copy in hold.copies]


def test_the_copy_for_a_lookalike_is_held_the_others_go_and_the_sender_is_asked(house):
    async def play():
        async with house() as h:
            assert await h.send("jane@army.ml", "r@navy.mil") == {}
            await h.until(lambda: h.inbox("anna@mod.example"))
            assert [len(h.inbox(rcpt)) for rcpt in ("jane@army.ml", "r@navy.mil", "anna@mod.example")] == [0, 1, 1]
            assert states(h) == [State.HELD]
            assert not h.store.audit.verify().faults

    asyncio.run(play())


def test_a_retry_of_the_same_message_is_the_same_hold_and_asks_once(house):
    async def play():
        async with house() as h:
            h.hop.script = {"END": "451 4.3.0 Later"}
            for _ in range(3):
                assert (await h.send("jane@army.ml", "r@navy.mil", id_="same"))["r@navy.mil"][0] == 451
            h.hop.script = {}
            assert await h.send("jane@army.ml", "r@navy.mil", id_="same") == {}
            assert await h.send("bob@army.ml", id_="same") == {}
            await h.until(lambda: h.inbox("anna@mod.example"))
            await asyncio.sleep(0.5)
            assert len(h.store.holds.find()) == 1
            assert len(h.inbox("anna@mod.example")) == 1
            assert sorted(c.rcpt.spec for c in h.store.holds.find()[0].copies) == ["bob@army.ml", "jane@army.ml"]

    asyncio.run(play())


def test_two_messages_that_cannot_be_judged_are_two_holds(house, monkeypatch):
    """What nobody read has no Message-ID to tell it by; each must be kept all the same."""

    async def play():
        async with house() as h:
            monkeypatch.setattr("missent.serving.off_loop.read", lambda raw: 1 / 0)
            assert await h.send("r@navy.mil") == {}
            assert await h.send("r@navy.mil") == {}
            assert [hold.copies[0].rule for hold in h.store.holds.find()] == ["check-failed", "check-failed"]
            assert h.inbox("r@navy.mil") == []

    asyncio.run(play())


def test_a_verdict_that_takes_too_long_is_a_hold(house, monkeypatch):
    async def play():
        async with house("[reading]\nseconds = 0.2", relay="judge_timeout = 0.3") as h:
            gate, judge = threading.Event(), h.node._parts.judging.judge
            late = lambda message, *rest: (gate.wait(5) if message.size > 20_000 else None, judge(message, *rest))[1]  # noqa: E731
            monkeypatch.setattr(type(h.node._parts.judging), "judge", lambda _, *rest: late(*rest))
            assert await h.send("r@navy.mil", more="large enough for a thread of its own\r\n" * 1000) == {}
            gate.set()
            (hold,) = h.store.holds.find()
            assert hold.copies[0].findings[0].evidence["error"] == "too-slow"

    asyncio.run(play())


def test_a_store_that_is_locked_is_451_and_nothing_is_half_delivered(house):
    """A full disk is caused in tests/store/test_faults.py and is the same StoreError here."""

    async def play():
        async with house() as h:
            with closing(sqlite3.connect(h.site.sqlite_path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                refused = await h.send("jane@army.ml", "r@navy.mil", id_="locked")
                assert {code for code, _ in refused.values()} == {451}
                assert h.inbox("r@navy.mil") == []
                other.execute("ROLLBACK")
            assert await h.send("jane@army.ml", "r@navy.mil", id_="locked") == {}
            assert states(h) == [State.HELD]
            assert len(h.inbox("r@navy.mil")) == 1

    asyncio.run(play())


def test_the_next_hops_refusal_reaches_the_client_in_its_own_words(house):
    async def play():
        async with house() as h:
            h.hop.script = {"RCPT r@navy.mil": "550 5.1.1 No such sailor"}
            refused = await h.send("r@navy.mil", "k@navy.mil")
            assert refused == {"r@navy.mil": (550, b"5.1.1 No such sailor")}
            assert len(h.inbox("k@navy.mil")) == 1

    asyncio.run(play())


def test_observing_delivers_everything_and_keeps_nothing(house):
    async def play():
        async with house() as h:
            object.__setattr__(h.node._taking.relay.station.house, "observe", True)
            assert await h.send("jane@army.ml") == {}
            assert len(h.inbox("jane@army.ml")) == 1
            assert h.store.holds.find() == ()

    asyncio.run(play())


def test_a_policy_is_taken_up_when_valid_and_kept_when_not(house, tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(HOLDS.format(action="deliver"))

    async def play():
        async with house('policy = "policy.toml"') as h:
            assert await h.send("r@navy.mil") == {}
            assert len(h.inbox("r@navy.mil")) == 1
            file.write_text(HOLDS.format(action="hold"))
            await h.until(lambda: h.node._parts.judging.policy.rules[0].action is Action.HOLD)
            assert await h.send("r@navy.mil") == {}
            assert states(h) == [State.HELD]
            file.write_text(HOLDS.format(action="hodl"))
            await asyncio.sleep(1.5)
            assert h.node._parts.judging.policy.rules[0].action is Action.HOLD
            h.store.policies.put(HOLDS.format(action="deliver"), datetime.now(UTC), "cli:test")
            await h.until(lambda: h.node._parts.judging.policy.rules[0].action is Action.DELIVER)

    asyncio.run(play())


def test_the_register_is_taken_up_while_running(house):
    async def play():
        async with house() as h:
            now = datetime.now(UTC)
            judging = h.node._parts.judging
            h.store.register.put(Restriction("kp", Action.BLOCK, "no"), now, "test")
            h.store.register.put(Partner("halberd-arms.com", "Halberd"), now, "test")
            await h.until(lambda: judging.register.restrictions and judging.register.partners)
            (code, text) = (await h.send("x@y.kp"))["x@y.kp"]
            assert (code, text[:5]) == (550, b"5.7.1")
            assert await h.send("k@halbred-arms.com") == {}
            assert states(h) == [State.HELD]
            h.store.register.put(Exemption("restricted-tld", "y.kp", "o", "r", date(2999, 1, 1)), now, "test")
            await h.until(lambda: judging.register.exemptions)
            assert await h.send("x@y.kp") == {}

    asyncio.run(play())


def test_what_was_delivered_is_remembered_and_what_was_held_is_not(house):
    async def play():
        async with house() as h:
            await h.send("jane@army.ml", "r@navy.mil")
            await h.until(lambda: h.store.history.size()["mails"] == 1)
            assert h.store.history.size()["people"] == 2

    asyncio.run(play())


@pytest.mark.parametrize("stop", ["mid-data", "idle"])
def test_stopping_finishes_what_is_under_way(house, stop):
    async def play():
        async with house() as h:
            reader, writer = await asyncio.open_connection("127.0.0.1", h.ports["relay"])
            for line in ("EHLO x", "MAIL FROM:<a@mod.example>", "RCPT TO:<r@navy.mil>", "DATA"):
                await reader.readuntil(b"\r\n")
                writer.write(line.encode() + b"\r\n")
            await reader.readuntil(b"354")
            if stop == "idle":
                writer.close()
                return
            closing = asyncio.create_task(h.node._taking.relay.close())
            await asyncio.sleep(0.2)
            writer.write(b"Subject: x\r\n\r\nbody\r\n.\r\n")
            await asyncio.wait_for(closing, 20)
            assert len(h.inbox("r@navy.mil")) == 1
            writer.close()

    asyncio.run(play())


def test_no_content_reaches_the_log(house, capfd, caplog):
    async def play():
        async with house() as h:
            h.hop.script = {"RCPT k@navy.mil": "550 5.1.1 no"}
            await h.send("jane@army.ml", "r@navy.mil", "k@navy.mil")
            await h.until(lambda: h.inbox("anna@mod.example"))

    caplog.set_level("DEBUG")
    asyncio.run(play())
    told = capfd.readouterr()
    assert "canary" not in told.out + told.err + caplog.text
    assert "lookalike" in told.out + told.err


def test_observing_is_turned_off_while_it_runs(house):
    async def play():
        async with house() as h:
            h.node.reload(replace(h.site.settings, observe=True))
            assert await h.send("jane@army.ml") == {}
            await h.until(lambda: h.inbox("jane@army.ml"))
            h.node.reload(h.site.settings)
            assert await h.send("jane@army.ml") == {}
            await h.until(lambda: states(h) == [State.HELD])
            assert len(h.inbox("jane@army.ml")) == 1

    asyncio.run(play())


def test_a_certificate_that_is_not_there_changes_nothing(house, tmp_path):
    async def play():
        async with house() as h:
            wrong = replace(h.site.settings.relay, tls_certificate=str(tmp_path / "no"), tls_key=str(tmp_path / "no"))
            with pytest.raises(ConfigError, match="No such file"):
                h.node.reload(replace(h.site.settings, observe=True, relay=wrong))
            assert await h.send("jane@army.ml") == {}
            await h.until(lambda: states(h) == [State.HELD])

    asyncio.run(play())
