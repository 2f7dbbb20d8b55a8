"""What a pass lets by and what it does not: the message it was made for, whatever servers did to it; nothing else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.holds.passes import GOOD_FOR, Arrival, Bearer, digest, fits, made, read, take_out
from missent.nouns.address import Address
from missent.testing.holding import NOON, RAW

KEY = b"k" * 32
ALEX, JANE = Address.parse("alex.kim@mod.example"), Address.parse("jane.doe@army.ml")
PASS = made(KEY, "7.12.0", Bearer(ALEX, JANE, RAW), NOON)


def passes(raw, sender=ALEX, rcpt=JANE, now=NOON, key=KEY):
    arrival = take_out(raw)
    shown = read(key, arrival)
    return shown is not None and fits(key, shown, arrival, (sender, rcpt), now)


def test_what_was_let_go_passes():
    arrival = take_out(PASS + RAW)
    assert arrival.raw == RAW
    assert read(KEY, arrival).id == "7.12.0"
    assert passes(PASS + RAW)
    assert passes(PASS + RAW, now=NOON + GOOD_FOR - timedelta(seconds=1))
    assert len(PASS) < 400  # one line no server folds


HARMLESS = {
    "trace lines above": b"Received: from x\r\n\tby y\r\nReturn-Path: <>\r\n" + PASS + RAW,
    "trace lines below": PASS + b"Received: from x\r\n by y\r\n" + RAW,
    "a date and an id filled in": PASS + RAW.replace(b"\r\n\r\n", b"\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\n\r\n"),
    "a signature": b"DKIM-Signature: v=1\r\n" + PASS + RAW,
    "a field folded otherwise": PASS
    + RAW.replace(b"To: Jane Doe <jane.doe@army.ml>, bob", b"To: Jane Doe <jane.doe@army.ml>,\r\n\tbob"),
    "one more empty line at the end": PASS + RAW + b"\r\n",
    "its name in capitals": PASS.replace(b"Missent-Pass", b"MISSENT-PASS") + RAW,
    "itself folded": PASS.replace(b"Pass: 1", b"Pass:\r\n 1") + RAW,
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_servers_do_on_the_way_does_no_harm(what):
    assert passes(HARMLESS[what])


FORGED = {
    "no pass": RAW,
    "another body": PASS + RAW.replace(b"canary", b"cranky"),
    "one more word of body": PASS + RAW + b"more\r\n",
    "another subject": PASS + RAW.replace(b"Tuesday", b"Monday"),
    "another To": PASS + RAW.replace(b"bob@", b"rob@"),
    "a field more below": PASS + b"Bcc: eve@evil.example\r\n" + RAW,
    "a field more above": b"Subject: other\r\n" + PASS + RAW,
    "a line above that is no field": b"hello there\r\n" + PASS + RAW,
    "a line below that is no field": PASS + b"received\r\n" + RAW,
    "a field unfolded into two": PASS + RAW.replace(b"Itinerary for", b"Itinerary\r\nX: for"),
    "two passes": PASS + PASS + RAW,
    "a second one, forged": PASS + b"Missent-Pass: 1 x\r\n" + RAW,
    "another expiry": PASS.replace(b"1796", b"1896").replace(b"1795", b"1895") + RAW,
    "another number": PASS.replace(b"7.12.0", b"7.12.1") + RAW,
    "the pass in the body": RAW + PASS,
    "nothing behind its name": b"Missent-Pass:\r\n" + RAW,
    "zeros for a MAC": PASS[:-66] + b"0" * 64 + b"\r\n" + RAW,
}


@pytest.mark.parametrize("what", FORGED)
def test_forged_and_transplanted_ones_do_not_pass(what):
    assert not passes(FORGED[what])


def test_another_envelope_key_or_time_does_not_pass():
    assert not passes(PASS + RAW, rcpt=Address.parse("bob@arms.example"))
    assert not passes(PASS + RAW, sender=None)
    assert not passes(PASS + RAW, sender=Address.parse("eve@evil.example"))
    assert not passes(PASS + RAW, key=b"o" * 32)
    assert not passes(PASS + RAW, now=NOON + GOOD_FOR)


def test_ours_for_another_message_is_still_known_as_ours():
    """So that what comes of it is asked about anew, not joined with what was already let go."""
    assert read(KEY, take_out(PASS + RAW + b"more\r\n")).id == "7.12.0"
    assert read(b"o" * 32, take_out(PASS + RAW)) is None


@pytest.mark.parametrize("name", [b"missent-pass", b"MISSENT-PASS ", b"Missent-Pass\t"])
def test_every_field_of_that_name_is_taken_out(name):
    raw = name + b": a\r\n folded\r\nX: 1\r\n" + name + b":b\r\nMissent-Passage: stays\r\n\r\nMissent-Pass: in the body\r\n"
    arrival = take_out(raw)
    assert arrival.raw == b"X: 1\r\nMissent-Passage: stays\r\n\r\nMissent-Pass: in the body\r\n"
    assert len(arrival.values) == 2


ODD = [b"", b"\r\n", b"\r\nonly a body\r\n", b"X: 1\r\n", b"X: 1", b"no field\r\n", b"\xff\xfe: \x00\r\n\r\n"]


@pytest.mark.parametrize("raw", ODD)
def test_odd_messages_pass_by_the_same_rule(raw):
    assert take_out(raw) == Arrival(raw)
    stamped = made(KEY, "1.1.0", Bearer(None, JANE, raw), NOON) + raw
    assert take_out(stamped).raw == raw
    assert passes(stamped, sender=None)
    assert not passes(stamped + b"x", sender=None) or not raw.strip()


@given(st.binary(max_size=400), st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_whatever_is_put_into_the_body_breaks_it(body, at, put):
    raw = RAW + body + b"end"
    at = len(RAW) + min(at, len(body))
    stamped = made(KEY, "1.1.0", Bearer(ALEX, JANE, raw), NOON)
    assert passes(stamped + raw)
    assert not passes(stamped + raw[:at] + put + raw[at:])


@pytest.mark.timed
def test_a_header_of_a_megabyte_takes_no_time():
    import time

    started = time.perf_counter()
    for raw in (b"Missent-Pass: 1\r\n" * 60_000, b"missent-pass" * 90_000, b"A: " + b"\r\n " * 300_000, b"X\n" * 500_000):
        passes(raw)
        digest(raw)
    assert time.perf_counter() - started < 5.0
