import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.delivery import dsn
from missent.delivery.letterhead import Letterhead
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions
from missent.nouns.hold import State
from missent.nouns.posting import Parcel, Posting
from missent.testing.holding import NOON, RAW, held_copy, hold


def octets(head, held, raw=RAW):
    posting = Posting(9, Parcel.DSN, held.id, tuple(copy.id for copy in held.copies), 0, NOON)
    return dsn.compose(held, posting, dsn.Failure(raw, NOON), head)


def report(head, held, raw=RAW):
    return email.message_from_bytes(octets(head, held, raw), policy=email.policy.default)


def groups(mail):
    """Per-message fields, then those of each recipient."""
    return [dict(group.items()) for group in list(mail.iter_parts())[1].get_payload()]


def test_it_is_a_report_of_three_parts(head):
    mail = report(head, hold(held_copy(id=1, state=State.EXPIRED)))
    assert mail.get_content_type() == "multipart/report"
    assert mail.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "text/plain",
        "message/delivery-status",
        "message/rfc822",
    ]
    assert mail["Subject"] == "Not sent to jane.doe@army.ml"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert not mail.defects


@pytest.mark.parametrize(
    ("copy", "status", "words"),
    [
        (held_copy(id=1, state=State.EXPIRED), "4.4.7", "nobody decided in time"),
        (held_copy(id=1, state=State.RETURNED), "5.7.1", "policy does not let it out"),
        (held_copy(id=1, state=State.RETURNED, decided_by="sender:ab"), "5.7.1", "You asked not to send it"),
        (held_copy(id=1, state=State.RETURNED, decided_by="console", reason="not theirs"), "5.7.1", "Reason given: not theirs"),
        (held_copy(id=1, state=State.RETURNED, decided_by="cli:root"), "5.7.1", "A reviewer decided"),
        (held_copy(id=1, state=State.FAILED, reply="550 5.1.1 No such user"), "5.1.1", "It said: 550 5.1.1 No such user"),
        (held_copy(id=1, state=State.FAILED, reply="451 4.4.1 Away"), "4.4.1", "did not take it"),
        (held_copy(id=1, state=State.FAILED, reply="554 no"), "5.0.0", "554 no"),
    ],
)
def test_status_and_words_fit_what_happened(head, copy, status, words):
    mail = report(head, hold(copy))
    fields = groups(mail)[1]
    assert (fields["Action"], fields["Status"]) == ("failed", status)
    assert words in " ".join(next(mail.iter_parts()).get_content().split())


def test_diagnostics_are_the_next_hops_words(head):
    mail = report(head, hold(held_copy(id=1, state=State.FAILED, reply="550 5.1.1 No\r\nBcc: x")))
    assert groups(mail)[1]["Diagnostic-Code"].startswith("smtp; 550 5.1.1 No")
    assert "Bcc" not in groups(mail)[1]


def test_envid_and_orcpt_come_back(head):
    copies = [
        held_copy("a@army.ml", id=1, state=State.EXPIRED, orcpt="rfc822;old@army.ml"),
        held_copy(id=2, state=State.RETURNED),
    ]
    per_message, first, second = groups(report(head, hold(*copies, options=MailOptions(envid="QQ314"))))
    assert per_message["Original-Envelope-Id"] == "QQ314"
    assert per_message["Reporting-MTA"] == "dns; mx.mod.example"
    assert (first["Original-Recipient"], first["Final-Recipient"]) == ("rfc822;old@army.ml", "rfc822; a@army.ml")
    assert "Original-Recipient" not in second


def test_a_corrected_copy_that_failed_is_reported_under_its_right_address(head):
    copy = held_copy(id=1, state=State.FAILED, corrected_to="jane@army.mil", orcpt="rfc822;jane@army.ml", reply="550 5.1.1 no")
    mail = report(head, hold(copy))
    assert groups(mail)[1]["Final-Recipient"] == "rfc822; jane@army.mil"
    assert "Original-Recipient" not in groups(mail)[1]
    assert "army.ml" not in next(mail.iter_parts()).get_content()


@pytest.mark.parametrize(
    ("notify", "told"), [("", True), ("FAILURE", True), ("success,failure", True), ("NEVER", False), ("DELAY", False)]
)
def test_notify_is_obeyed(head, notify, told):
    made = octets(head, hold(held_copy(id=1, state=State.EXPIRED, notify=notify)))
    assert (made is not None) == told


@pytest.mark.parametrize("other", [{"asks_sender": False}, {"mail_from": None}])
def test_no_report_where_the_sender_may_not_be_written_to(head, other):
    assert octets(head, hold(held_copy(id=1, state=State.EXPIRED), **other)) is None


def test_a_copy_that_waits_again_is_not_reported(head):
    assert octets(head, hold(held_copy(id=1))) is None


@pytest.mark.parametrize(
    ("ret", "kind", "has_body"),
    [("", "message/rfc822", True), ("FULL", "message/rfc822", True), ("HDRS", "text/rfc822-headers", False)],
)
def test_ret_chooses_how_much_comes_back(head, ret, kind, has_body):
    made = octets(head, hold(held_copy(id=1, state=State.EXPIRED), options=MailOptions(ret=ret)))
    assert f"Content-Type: {kind}".encode() in made
    assert (RAW in made) == has_body
    assert (b"canary" in made) == has_body


def test_a_message_too_large_comes_back_as_its_header(head, monkeypatch):
    monkeypatch.setattr(dsn, "LARGEST_RETURNED", 10)
    made = octets(head, hold(held_copy(id=1, state=State.EXPIRED)))
    assert b"canary" not in made
    assert b"Subject: Itinerary" in made


def test_utf8_mail_is_reported_as_such(head):
    copy = held_copy("jürgen@army.ml", id=1, state=State.EXPIRED)
    made = octets(head, hold(copy, options=MailOptions(smtputf8=True)))
    assert b"message/global-delivery-status" in made
    assert "Final-Recipient: utf-8; jürgen@army.ml".encode() in made


@given(st.binary(max_size=200))
def test_whatever_came_goes_back_byte_for_byte(raw):
    head = Letterhead(Address.parse("postmaster@mod.example"), "mx.mod.example")
    raw += b"--=_missent_9\r\n"
    made = octets(head, hold(held_copy(id=1, state=State.EXPIRED)), raw)
    boundary = made.partition(b'boundary="')[2].partition(b'"')[0]
    assert boundary not in raw
    assert made.endswith(b"\r\n\r\n" + raw + b"\r\n--" + boundary + b"--\r\n")
