import email
import email.policy

from hypothesis import given
from hypothesis import strategies as st

from missent.delivery.header import mailbox, section
from missent.nouns.address import Address


@given(st.text(), st.text(), st.booleans())
def test_no_value_starts_a_field_or_a_body(local, subject, utf8):
    fields = [("To", mailbox(Address(local, "mod.example"))), ("Subject", subject), ("X-Last", "here")]
    raw = section(fields, utf8=utf8)
    names = [line.partition(b":")[0] for line in raw.split(b"\r\n") if line[:1] not in (b" ", b"\t", b"")]
    assert names == [b"To", b"Subject", b"X-Last"]
    assert b"\r\n\r\n" not in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_subjects_survive_encoding():
    text = "Reise nach Köln " * 12
    parsed = email.message_from_bytes(section([("Subject", text)], utf8=False) + b"\r\n", policy=email.policy.default)
    assert parsed["Subject"].split() == text.split()


def test_local_parts_are_quoted_where_they_must_be():
    assert mailbox(Address("a b", "mod.example")) == '"a b"@mod.example'
    assert mailbox(Address("ann", "mod.example"), "missent") == "missent <ann@mod.example>"
