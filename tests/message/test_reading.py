"""What bad input gets: read as far as it can be, said, and in time."""

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.message.model import Limits
from missent.message.reading import read

SLACK = 6  # machines are shared: the limit is a limit on an idle one
"""CPU seconds stretch on a busy machine; the limits themselves are 2 s, and 5 s for 50,000 recipients."""

NESTED = b"Subject: x\n" + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
BAD = {
    "2,000 nested parts": (NESTED, "too-deep"),
    "nested messages": (b"Content-Type: message/rfc822\n\n" * 2000, "too-deep"),
    "parts": (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000, "too-many-parts"),
    "parts without header end": (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nX\n" * 100_000, "too-many-parts"),
    "10 MB subject": (b"Subject: " + b"x" * 10_000_000 + b"\n\n", "header-too-large"),
    "10 MB of fields": (b"a:\n" * 3_300_000 + b"\n", "header-too-large"),
    "10 MB of folds": (b"Subject:" + b"\n " * 5_000_000 + b"x\n\n", "header-too-large"),
    "10 MB of encoded-words": (b"Subject: " + b"=?utf-8?q?a?= " * 700_000 + b"\n\n", "encoded-too-long"),
    "10 MB of address junk": (b"To: " + b"[a" * 5_000_000 + b"\n\n", "too-many-recipients"),
    "no header end": (b"To: a@x.mil\nHello\n", "no-header-end"),
    "8-bit header": (b"Subject: Gr\xfc\xdfe\n\n", "bad-charset"),
    "false charset": (b"Content-Type: text/plain; charset=utf-8\n\nGr\xfc\xdfe", "bad-charset"),
    "unknown charset": (b"Content-Type: text/plain; charset=x-none\n\nx", "bad-charset"),
    "a codec that is no charset": (b"Content-Type: text/plain; charset=idna\n\nx", "bad-charset"),
    "NUL in header": (b"Subject: a\0b\n\nx", "nul-bytes"),
    "NUL in body": (b"Subject: a\n\nx\0y", "nul-bytes"),
    "no boundary": (b"Content-Type: multipart/mixed\n\n--x\n", "missing-boundary"),
    "false transfer encoding": (b"Content-Transfer-Encoding: x-odd\n\nx", "bad-transfer-encoding"),
    "a piece": (b"Content-Type: message/partial; id=x; number=1\n\nx", "partial"),
    "PGP in text": (b"Subject: x\n\n-----BEGIN PGP MESSAGE-----\n", "encrypted"),
}


@pytest.mark.parametrize(("raw", "reason"), BAD.values(), ids=BAD)
@pytest.mark.timed
def test_bad_input_is_said_within_two_seconds(raw: bytes, reason: str) -> None:
    began = time.process_time()
    message = read(raw)
    assert time.process_time() - began < 2 * SLACK
    assert reason in {skip.reason for skip in message.inspected.skipped}


def test_recipients_beyond_the_header_limit_are_read() -> None:
    late = b"To: a@x.mil\n" + b"X-Filler: y\n" * 1000 + b"Cc: b@y.ml,\n c@z.mil\nSubject: s\n\n"
    message = read(late, Limits(header_bytes=500))
    assert [a.spec for a in message.rcpts] == ["a@x.mil", "b@y.ml", "c@z.mil"]
    assert [skip.reason for skip in message.inspected.skipped] == ["header-too-large"]


@pytest.mark.parametrize("fields", [1, 50_000])
@pytest.mark.timed
def test_fifty_thousand_recipients(fields: int) -> None:
    each = [b'"User, %d" <u%d@agency%d.example>' % (n, n, n) for n in range(50_000)]
    raw = (b"To: " + b",\n ".join(each) if fields == 1 else b"".join(b"To: %s\n" % one for one in each)) + b"\n\nx"
    began = time.process_time()
    message = read(raw)
    assert time.process_time() - began < 5 * SLACK
    assert len(message.rcpts) == 50_000
    assert [skip.reason for skip in message.inspected.skipped] == ([] if fields == 1 else ["header-too-large"])
    assert len(read(raw, Limits(recipients=7)).rcpts) == 7
    assert "too-many-recipients" in {skip.reason for skip in read(raw, Limits(recipients=7)).inspected.skipped}


def test_body_hash_is_over_octets_behind_the_header() -> None:
    assert read(b"To: a@x.mil\r\n\r\nbody\r\n").body_sha256 == hashlib.sha256(b"body\r\n").hexdigest()
    assert read(b"To: a@x.mil\n").body_sha256 == hashlib.sha256(b"").hexdigest()


def test_parts_are_spans_of_the_message() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    raw += b"--b\r\n\r\none\r\n--b\r\n\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\nthree"
    assert [raw[part.start : part.end] for part in read(raw).parts] == [b"one", b"", b"three"]


def test_a_part_and_a_message_within_say_where_their_headers_start() -> None:
    inner = b"Subject: inner\nContent-Type: text/plain\n\nhello\n"
    part = b"--b\nContent-Type: message/rfc822\n\n" + inner
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nX-One: 1\n\none\n" + part + b"--b--\n"
    message = read(raw)
    assert [raw[p.head : p.start].split(b":")[0] for p in message.parts] == [b"X-One", b"Subject"]
    assert [(n.path, raw[n.head :].startswith(inner)) for n in message.nested] == [("1.2", True)]


def test_an_inner_multipart_may_have_the_outer_boundary() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n"
    raw += b"--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b\n\ny\n--b--\n"
    assert [(part.path, raw[part.start : part.end]) for part in read(raw).parts] == [("1.1.1", b"x"), ("1.2", b"y")]


SCRAPS = [
    b"To: a@x.mil",
    b"Content-Type: multipart/mixed; boundary=b",
    b"Content-Type: message/rfc822",
    b"--b",
    b"--b--",
    b"",
    b" folded",
]
SCRAPS += [b"Date: 1 Jan 1 0:0 +9999", b"Subject: =?utf-8?b?A?=", b"\0\xff", b"References: <a> <", b'From: (("<', b"\r"]


@given(st.lists(st.sampled_from(SCRAPS) | st.binary(max_size=20), max_size=30), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_never_raises(lines: list[bytes], line_end: bytes) -> None:
    raw = line_end.join(lines)
    message = read(raw)
    assert message.size == len(raw)
    assert all(0 <= part.start <= part.end <= len(raw) for part in message.parts)
    assert [part.start for part in message.parts] == sorted(part.start for part in message.parts)
