"""`missent doctor` beside a running node, a dead one, and one that mail does not pass."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from missent.cli import missent
from missent.cli.site import Site
from missent.doctor import attachments
from missent.doctor.canary import mistyped
from missent.judging import Judging
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.hold import State
from missent.policy.reading import default_policy
from missent.recipients.history import NoHistory
from missent.recipients.names import Names
from missent.recipients.register import Clearance
from missent.settings import ReadingSettings
from missent.testing.next_hop import KeepingNextHop

TO = ("--to", "missent-canary@army.ml")
"""Slips of `.example` cannot exist, so the default address would be refused, not held."""


def examined(h, *options):
    """Exit code, and what is said of each part."""
    done = CliRunner().invoke(
        missent,
        ["doctor", "--config", str(h.site.settings.path), "--format", "json", *options],
        obj=Site(),
        standalone_mode=False,
    )
    assert done.exception is None, done.exception
    found = json.loads(done.stdout.splitlines()[-1])  # above it stands the log of the node in this process
    assert found["schema"] == "missent.doctor/1"
    return done.return_value, {part["part"]: part for part in found["parts"]}


def test_a_canary_is_held_and_taken_back_and_nobody_is_asked(house):
    async def play():
        async with house() as h:
            code, parts = await asyncio.to_thread(examined, h, *TO)
            assert code == 0, parts
            assert parts["canary"]["state"] == "well"
            assert parts["canary"]["said"].endswith("held, and taken back")
            assert parts["probe"]["state"] == "well"
            assert {parts[p]["state"] for p in ("relay", "console", "sender's pages", "evidence")} == {"well"}
            assert parts["attachments"]["said"].startswith("opened by workers"), parts["attachments"]
            [hold] = h.store.holds.find()
            assert [copy.state for copy in hold.copies] == [State.RETURNED]
            await asyncio.sleep(0.5)
            assert h.hop.kept == []

    asyncio.run(play())


def test_without_a_canary_nothing_is_sent(house):
    async def play():
        async with house() as h:
            code, parts = await asyncio.to_thread(examined, h, "--no-canary")
            assert code == 0
            assert "canary" not in parts
            assert h.store.holds.find() == ()

    asyncio.run(play())


def test_domains_that_must_be_reached_by_tls_are_told_of(house):
    async def play():
        async with house() as h:
            for channel, state in (("tls", "doubtful"), ("tls-assured", "well")):
                h.store.register.put(Clearance("acme.example", channel=channel), datetime.now(UTC), "test")
                _, parts = await asyncio.to_thread(examined, h, "--no-canary")
                assert parts["TLS to partners"]["state"] == state, parts["TLS to partners"]

    asyncio.run(play())


def test_while_observing_no_canary_is_sent(house):
    async def play():
        async with house() as h:
            config = h.site.settings.path
            config.write_text(config.read_text().replace("observe = false", "observe = true"))
            code, parts = await asyncio.to_thread(examined, h, *TO)
            assert code == 0
            assert parts["observing"]["state"] == "doubtful"
            assert parts["canary"]["said"].startswith("not sent")
            assert h.hop.kept == []

    asyncio.run(play())


def test_where_mail_does_not_pass_missent_the_probe_tells_and_the_canary_stays_home(house):
    async def play():
        async with house() as h, KeepingNextHop() as elsewhere:
            code, parts = await asyncio.to_thread(examined, h, *TO, "--through", elsewhere.address)
            assert code == 1
            assert parts["probe"]["state"] == "amiss"
            assert "canary" not in parts
            assert [kept.rcpts for kept in elsewhere.kept] == [("missent-canary@missent-doctor.invalid",)]

    asyncio.run(play())


def test_a_mail_servers_own_refusal_is_not_taken_for_missents(house):
    async def play():
        script = {"RCPT missent-canary@missent-doctor.invalid": "550 5.1.2 Domain not found"}
        async with house() as h, KeepingNextHop(script) as elsewhere:
            code, parts = await asyncio.to_thread(examined, h, *TO, "--through", elsewhere.address)
            assert (code, parts["probe"]["state"]) == (1, "amiss")
            assert "by the mail server itself" in parts["probe"]["said"]
            assert elsewhere.kept == []

    asyncio.run(play())


def test_a_canary_that_got_away_is_said_loudly(house):
    async def play():
        async with house() as h, KeepingNextHop() as elsewhere:
            found = await asyncio.to_thread(examined, h, *TO, "--through", elsewhere.address, "--after-queue", "--wait", "1")
            assert found[0] == 1
            assert "IT MAY HAVE BEEN DELIVERED" in found[1]["canary"]["said"]

    asyncio.run(play())


def test_a_policy_that_would_let_it_go_is_told_before_anything_is_sent(house):
    async def play():
        async with house() as h:
            code, parts = await asyncio.to_thread(examined, h, "--to", "x@mod.example")
            assert code == 1
            assert parts["canary"]["said"] == "the policy would not hold x@mod.example: not sent"
            assert h.hop.kept == []

    asyncio.run(play())


def test_a_node_that_does_not_run_is_amiss_and_says_what_to_do(house):
    async def play():
        async with house() as h:
            await h.node.stop()
            code, parts = await asyncio.to_thread(examined, h, *TO)
            assert code == 1
            assert {parts[p]["state"] for p in ("relay", "console", "sender's pages", "canary")} == {"amiss"}
            assert "systemctl status missent" in parts["relay"]["advice"]
            assert parts["next hop"]["state"] in {"well", "doubtful"}

    asyncio.run(play())


def test_a_milter_on_tcp_is_well_on_loopback_and_wants_a_firewall_elsewhere(house, free):
    async def play():
        port = free()
        async with house(f'[milter]\nlisten = "inet:0.0.0.0:{port}"') as h:
            _, parts = await asyncio.to_thread(examined, h, "--no-canary")
            assert parts["milter"]["state"] == "doubtful"
            assert "firewall" in parts["milter"]["advice"]
            config = h.site.settings.path
            config.write_text(config.read_text().replace("inet:0.0.0.0", "inet:127.0.0.1"))
            _, parts = await asyncio.to_thread(examined, h, "--no-canary")
            assert (parts["milter"]["state"], "version 6" in parts["milter"]["said"]) == ("well", True)

    asyncio.run(play())


@pytest.mark.parametrize(("mode", "state"), [("0660", "well"), ("0600", "doubtful")])
def test_a_socket_that_the_mail_server_may_not_write_to_is_told(house, tmp_path, mode, state):
    async def play():
        async with house(f'[milter]\nlisten = "unix:{tmp_path}/m.sock"\nsocket_mode = "{mode}"') as h:
            _, parts = await asyncio.to_thread(examined, h, "--no-canary")
            assert parts["milter"]["state"] == state, parts["milter"]

    asyncio.run(play())


def test_kinds_of_files_without_a_reader_are_named(monkeypatch):
    monkeypatch.setattr(attachments, "find_spec", lambda library: None if library == "pypdfium2" else object())
    told = list(attachments.examine(ReadingSettings()))[1]
    assert (told.state.value, "for PDF: these" in told.said, "missent[content]" in told.advice) == ("doubtful", True, True)


@pytest.mark.parametrize(
    ("settings", "state", "words"),
    [(ReadingSettings(workers=0), "doubtful", "stay shut"), (ReadingSettings(seconds=0.001), "amiss", "reader-too-slow")],
)
def test_attachments_that_are_not_opened_are_told(settings, state, words):
    first = next(attachments.examine(settings))
    assert (first.state.value, words in first.said) == (state, True), first


@pytest.mark.parametrize(("own", "found"), [("forces.com", True), ("ab.com", False)])
def test_the_canary_is_a_slip_of_the_own_domain_that_would_be_held(own, found, noon):
    domains = frozenset({own})
    judging = Judging(domains, Names(domains), NoHistory(), default_policy(), lambda: 0.0)
    address = mistyped(judging, (own,), f"a@{own}", noon)
    assert (address is not None) == found
    assert (
        address is None or judging.judge_address(Address.parse(f"a@{own}"), Address.parse(address), noon).action is Action.HOLD
    )
