import pytest

from missent.message.reading import read
from missent.nouns.sighting import Sighting
from missent.recipients.sightings import sighting_of

HEAD = b"From: Jane <jane@army.mil>\nTo: a@mod.example, b@mod.example\nCc: A@mod.example\n"
DATE = b"Date: Wed, 19 Jul 2023 12:02:11 +0200\n"


def seen(raw: bytes, authserv_id: str = "") -> Sighting | None:
    return sighting_of(raw, read(raw), authserv_id)


def test_what_is_kept() -> None:
    sighting = seen(HEAD + DATE + b"Message-ID: <2@army.mil>\nIn-Reply-To: <1@mod.example>\nSubject: Re: tea\n\nYes.\n")
    assert sighting is not None
    assert sighting.message_id == "2@army.mil"
    assert sighting.at.isoformat() == "2023-07-19T10:02:11+00:00"
    assert sighting.sender.key == "jane@army.mil"
    assert [a.key for a in sighting.rcpts] == ["a@mod.example", "b@mod.example"]
    assert sighting.replies_to == ("1@mod.example",)
    assert not sighting.automatic
    assert sighting.authentic


@pytest.mark.parametrize(
    "raw", [b"\n", DATE + b"To: a@x.mil\n\n", DATE + b"From: a@x.mil\n\n", HEAD + b"\n", HEAD + b"Date: soon\n\n"]
)
def test_incomplete_mail_is_no_sighting(raw: bytes) -> None:
    assert seen(raw) is None


def test_without_date_the_newest_hop_tells() -> None:
    sighting = seen(b"Received: by b; 20 Jul 2023 1:00 +0000\nReceived: by a; 19 Jul 2023 1:00 +0000\n" + HEAD + b"\n")
    assert sighting is not None
    assert sighting.at.day == 20


@pytest.mark.parametrize(
    ("subject", "body", "automatic"),
    [
        ("Undeliverable: tea", "", True),
        ("Mail delivery failed: returning message to sender", "", True),
        ("Automatic reply: tea", "", True),
        ("=?utf-8?q?R=C3=A9ponse_automatique?= : tea", "", True),
        ("Abwesenheitsnotiz", "", True),
        ("Re: tea", "You have the wrong Jane.", True),
        ("Re: tea", "Sorry,\nI think this is the wrong\naddress.", True),
        ("Re: tea", "Hallo, das ist die falsche Adresse.", True),
        ("Re: tea", "Mauvaise adresse !", True),
        ("Re: tea", "Yes, at five.", False),
        ("Re: tea", "Yes.\n\n> that was the wrong address", False),
        ("Re: tea", "Yes.\n-----Original Message-----\nwrong address", False),
        ("Re: tea", "Yes.\nIf you are not the intended recipient, delete this e-mail.", False),
        ("Re: not delivered goods", "Where are they?", False),
        ("Re: ready: go", "Go.", False),
    ],
)
def test_notices_are_no_answers(subject: str, body: str, automatic: bool) -> None:
    sighting = seen(HEAD + DATE + f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n".encode())
    assert sighting is not None
    assert sighting.automatic is automatic


@pytest.mark.parametrize("local", ["MAILER-DAEMON", "postmaster", "no-reply", "noreply", "donotreply", "bounces+1"])
def test_robots(local: str) -> None:
    sighting = seen(f"From: {local}@army.mil\nTo: a@mod.example\n".encode() + DATE + b"\nx")
    assert sighting is not None
    assert sighting.automatic


OURS = b"Authentication-Results: mx.mod.example 1; spf=pass (a; dmarc=fail) smtp.mailfrom=x;\n dmarc=%s header.from=army.mil\n"
FORGED = b"Authentication-Results: mx.other.example; dmarc=fail\n"
HOP = b"Received: from x by mx.mod.example; 19 Jul 2023 1:00 +0000\n"


@pytest.mark.parametrize(
    ("top", "authentic"),
    [
        (OURS % b"pass", True),
        (OURS % b"fail", False),
        (OURS % b"none", False),
        (OURS % b"fail" + HOP + OURS % b"pass", False),
        (OURS % b"pass" + HOP + OURS % b"fail", True),
        (HOP + OURS % b"fail" + HOP + OURS % b"pass", False),
        (FORGED, True),
        (FORGED + OURS % b"fail", False),
        (b"Authentication-Results: mx.mod.example; dkim=pass\n" + OURS % b"fail", False),
        (b"Authentication-Results: mx.mod.example; dkim=pass\n" + HOP + OURS % b"fail", True),
        (b"Authentication-Results: mx.mod.example.evil.example; dmarc=fail\n", True),
        (b"", True),
    ],
)
def test_only_what_our_server_put_on_top_counts(top: bytes, authentic: bool) -> None:
    sighting = seen(top + HEAD + DATE + b"\nx", "mx.mod.example")
    assert sighting is not None
    assert sighting.authentic is authentic
    unbelieved = seen(top + HEAD + DATE + b"\nx")
    assert unbelieved is not None
    assert unbelieved.authentic
