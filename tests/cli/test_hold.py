"""The queue from a terminal, as a shell sees it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from missent.holds.key import hold_key
from missent.nouns.address import Address
from missent.nouns.finding import Finding, Severity
from missent.nouns.hold import HeldCopy, Hold, State
from missent.store import open_store
from missent.store.chain import heads_file
from missent.store.keys import load_or_create

NOW = datetime.now(UTC)
EVIDENCE = {"resembles": "army.mil", "family": "suffix"}
FINDING = Finding("lookalike-domain", Severity.HIGH, 0.99, "jane@army.ml", "jane@army.mil", EVIDENCE)


@pytest.fixture
def kept(missent):
    """A hold of two copies in the store of the working directory."""
    Path("missent.toml").write_text('own_domains = ["mod.example"]\n')
    sender = Address.parse("a@mod.example")
    copies = tuple(
        HeldCopy(
            0, Address.parse(rcpt), State.HELD, "lookalike", "sender", (FINDING,), NOW + timedelta(hours=72), "jane@army.mil"
        )
        for rcpt in ("jane@army.ml", "b\x1b[2J@army.ml")
    )
    hold = Hold("h-1", NOW, sender, "m1@mod.example", hold_key(sender, "m1", "b"), True, "sha256:" + "0" * 64, 9, copies)
    with opened() as store:
        return store.holds.keep(hold, b"Subject: x")


def opened():
    """The store of the working directory."""
    url = f"sqlite:///{Path.cwd()}/missent.db"
    return open_store(url, load_or_create(Path("missent.key")), heads_file(Path("missent.heads")))


def test_an_empty_queue_is_said(missent):
    told = missent("hold", "list")
    assert (told.code, told.out, told.err) == (0, "", "no holds with a copy held\n")


def test_listed_and_shown(missent, kept):
    (line,) = missent("hold", "list").out.splitlines()
    assert line.startswith("h-1  ")
    assert line.endswith("a@mod.example -> jane@army.ml held, b\N{REPLACEMENT CHARACTER}[2J@army.ml held")
    shown = missent("hold", "show", "h-1").out
    assert "rule lookalike, for the sender to decide until" in shown
    assert "lookalike-domain: " in shown
    assert "probably meant: jane@army.mil" in shown
    assert "\x1b" not in shown
    assert "x" not in [word for line in shown.splitlines() for word in line.split()]  # the subject is nobody's here


def test_what_is_under_way_is_shown_with_its_next_try_and_the_next_hops_word(missent, kept):
    now = datetime.now(UTC)
    with opened() as store:
        (notice,) = store.outbox.lease(now, "w")
        store.outbox.again(notice, now + timedelta(hours=1), "451 4.4.1 Next hop is away\x1b[2J")
    (line,) = [line for line in missent("hold", "show", "h-1").out.splitlines() if line.startswith("  notice")]
    due = f"{now + timedelta(hours=1):%Y-%m-%d %H:%M}"
    assert (
        line == f"  notice (1, 2): 1 try, next {due} UTC, next hop said 451 4.4.1 Next hop is away\N{REPLACEMENT CHARACTER}[2J"
    )


def test_json_is_whole(missent, kept):
    (listed,) = missent("hold", "list", "--format", "json").json
    shown = missent("hold", "show", "h-1", "--format", "json").json
    delivery = shown.pop("delivery")
    assert listed == shown
    assert [(row["parcel"], row["attempts"], row["finished"], row["reply"]) for row in delivery] == [
        ("notice", 0, None, ""),
        ("reminder", 0, None, ""),
    ]
    assert (listed["schema"], listed["from"], listed["asks_sender"]) == ("missent.hold/1", "a@mod.example", True)
    assert [c["findings"] for c in listed["copies"]] == [["lookalike-domain"]] * 2


def test_one_released_the_rest_returned(missent, kept):
    first, second = (str(copy.id) for copy in kept.copies)
    told = missent("hold", "release", "h-1", "--copy", first, "--reason", "known to us")
    assert (told.code, told.out) == (0, f"{first}  released  jane@army.ml\n")
    assert missent("hold", "return", "h-1").out.startswith(f"{second}  returned  ")
    told = missent("hold", "return", "h-1")
    assert (told.code, told.out) == (1, "")
    assert told.err == "missent: hold h-1 has no held copy any more: see `missent hold show h-1`\n"
    assert missent("hold", "list").out == ""
    assert "reason: known to us" in missent("hold", "show", "h-1").out
    released, returned = missent("hold", "list", "--all", "--format", "json").json[0]["copies"]
    assert (released["state"], returned["state"]) == ("released", "returned")
    assert released["decided_by"].startswith("cli:")


def test_what_cannot_be(missent, kept):
    for told in (missent("hold", "show", "nope"), missent("hold", "release", "nope")):
        assert (told.code, told.err) == (1, "missent: there is no hold 'nope': see `missent hold list --all`\n")
    assert missent("hold", "release", "h-1", "--copy", "999").err == "missent: there is no such held copy\n"
    assert missent("hold", "list", "--state", "asleep").code == 2


def test_the_evidence_is_verified_and_exported(missent, kept):
    missent("hold", "show", "h-1")
    missent("hold", "return", "h-1")
    told = missent("audit", "verify")
    assert (told.code, told.out) == (0, "")
    assert told.err == "5 events verified against the key and 4 logged heads\n"
    assert missent("audit", "verify", "--format", "json").json == {
        "schema": "missent.audit/1", "events": 5, "heads": 4, "whole": True, "faults": [],
    }  # fmt: skip
    lines = missent("audit", "export").out.splitlines()
    assert len(lines) == 5
    assert '"kind": "hold.viewed"' in lines[2]
    assert "@" not in "".join(lines)


def test_a_broken_chain_is_said_and_fails(missent, kept):
    import sqlite3

    with sqlite3.connect("missent.db") as connection:
        connection.execute("UPDATE audit_event SET actor = 'console' WHERE number = 1")
    connection.close()
    told = missent("audit", "verify")
    assert told.code == 1
    assert told.out == "event 1: changed: the event does not fit its MAC: changed, moved, or made without the key\n"
    assert "keep the store and the heads as they are" in told.err
    assert missent("audit", "verify", "--format", "json").json["whole"] is False


def test_heads_kept_elsewhere(missent, kept):
    Path("missent.heads").rename("elsewhere")
    assert "a cut tail would not be seen" in missent("audit", "verify").err
    assert "and 1 logged heads" in missent("audit", "verify", "--heads", "elsewhere").err
    assert missent("audit", "verify", "--heads", "nowhere").code == 2


def test_a_warning_waits_for_nobody(missent, kept):
    told = HeldCopy(0, Address.parse("w@army.ml"), State.WARNED, "doubtful", "sender", (FINDING,), NOW)
    with open_store(
        f"sqlite:///{Path.cwd()}/missent.db", load_or_create(Path("missent.key")), heads_file(Path("missent.heads"))
    ) as s:
        s.holds.keep(replace(kept, id="h-2", key="other", copies=(told,)), b"")
    assert missent("hold", "list", "--state", "warned").out.endswith("w@army.ml warned\n")
    assert "rule doubtful, let go with a warning\n" in missent("hold", "show", "h-2").out
    assert missent("hold", "return", "h-2").code == 1
