from datetime import UTC, datetime

import pytest

from missent.gateway.trace import Passage, loops, received

AT = datetime(2026, 11, 23, 9, 5, 0, tzinfo=UTC)


def line(**parts: object) -> str:
    given = {"helo": "c.example", "ip": "192.0.2.1", "host": "r.example", "instance": "abc", "id": "1"} | parts
    return received(Passage(**given), AT).decode()  # type: ignore[arg-type]


def test_the_line() -> None:
    assert line() == (
        "Received: from c.example ([192.0.2.1])\r\n"
        "\tby r.example (missent abc) with ESMTP id 1;\r\n"
        "\tMon, 23 Nov 2026 09:05:00 +0000\r\n"
    )


@pytest.mark.parametrize(
    ("helo", "shown"),
    {
        "[192.0.2.7]": "[192.0.2.7]", "[IPv6:2001:db8::1]": "[IPv6:2001:db8::1]", "host_1": "host_1", "a": "a",
        "a b": "[192.0.2.1]", "a\r\nX: y": "[192.0.2.1]", "(c)": "[192.0.2.1]", "": "[192.0.2.1]", "a;": "[192.0.2.1]",
        "a.example\n": "[192.0.2.1]", "-": "[192.0.2.1]", "x" * 256: "[192.0.2.1]",
    }.items(),
)  # fmt: skip
def test_what_a_stranger_calls_itself_is_shown_only_if_it_is_a_name(helo: str, shown: str) -> None:
    assert line(helo=helo).startswith(f"Received: from {shown} ([192.0.2.1])\r\n\tby ")
    assert line(helo=helo).count("\r\n") == 3


@pytest.mark.parametrize(
    ("extended", "encrypted", "smtputf8", "word"),
    [
        (False, False, False, "SMTP"), (True, False, False, "ESMTP"), (True, True, False, "ESMTPS"),
        (True, False, True, "UTF8SMTP"), (True, True, True, "UTF8SMTPS"),
    ],
)  # fmt: skip
def test_the_protocols_word(extended: bool, encrypted: bool, smtputf8: bool, word: str) -> None:
    assert f" with {word} id" in line(extended=extended, encrypted=encrypted, smtputf8=smtputf8)
    assert "([IPv6:2001:db8::1])" in line(ip="2001:db8::1")


OURS = line().encode()
HOP = b"Received: from a by b; now\r\n"
LOOPS = [
    (b"", False),
    (b"Subject: x\r\n\r\nbody", False),
    (HOP * 49 + b"\r\n", False),
    (HOP * 50 + b"\r\n", True),
    (HOP.replace(b"Received:", b"rEcEiVeD :") * 50, True),
    (b"X-Received: a\r\n" * 60 + b"\r\n", False),
    (b"Subject: x\r\n\r\n" + HOP * 60, False),
    (OURS + b"\r\n", True),
    (HOP + OURS + b"Subject: x\r\n\r\n", True),
    (b"Subject: x\r\n\r\n" + OURS, False),
    (OURS.replace(b"abc", b"abcd") + b"\r\n", False),
    (b"Subject: (missent abc)\r\nReceived: from x\r\n\r\n", False),
    (b"Received: from x\r\nSubject: a\r\n (missent abc)\r\n\r\n", False),
]


@pytest.mark.parametrize(("raw", "expected"), LOOPS)
def test_loops(raw: bytes, expected: bool) -> None:
    assert loops(raw, "abc") is expected
