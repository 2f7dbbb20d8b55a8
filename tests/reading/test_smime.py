"""S/MIME: what is signed or compressed is unwrapped and read, what is encrypted is said, and nothing of it hurts."""

import base64
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from missent.content.opened import Opened
from missent.message.reading import read

from .making import carrying

INNER = b"Content-Type: text/plain\r\n\r\nThe new text.\r\n\r\nOn Monday, 1 July 2024 Anna wrote:\r\n> the old text\r\n"


def der(tag, *parts):
    """One element in definite form."""
    body = b"".join(parts)
    size = bytes((len(body),)) if len(body) < 128 else b"\x84" + len(body).to_bytes(4, "big")
    return bytes((tag,)) + size + body


SIGNED, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
COMPRESSED, ZLIB = bytes.fromhex("060b2a864886f70d0109100109"), bytes.fromhex("060b2a864886f70d0109100308")


def signed(content):
    """As programs for mail sign: DER, with certificate and signature."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime(2024, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=9)).sign(key, hashes.SHA256())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(made, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def streamed(content):
    """As a program writes that does not know the end yet: BER of indefinite length, the content in pieces (X.690 8.1.3.6)."""
    half = len(content) // 2
    pieces = b"\x24\x80" + der(4, content[:half]) + der(4, content[half:]) + bytes(2)
    inside = b"\x30\x80" + DATA + b"\xa0\x80" + pieces + bytes(4)
    return b"\x30\x80" + SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00" + inside + b"\x31\x00" + bytes(6)


def compressed(content, packed=None):
    packed = zlib.compress(content) if packed is None else packed
    inside = der(0x30, DATA, der(0xA0, der(4, packed)))
    return der(0x30, COMPRESSED, der(0xA0, der(0x30, b"\x02\x01\x00", der(0x30, ZLIB), inside)))


def mail(data, kind="signed-data"):
    head = f"Subject: x\r\nContent-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


@pytest.fixture
def unread(opener):
    """What was got out of a message, and all reasons for what was not."""

    def look(raw) -> tuple[Opened, list[str]]:
        message = read(raw)
        found = opener.open(raw, message)
        return found, [s.reason for s in found.unread(message.inspected.skipped)]

    return look


@pytest.mark.parametrize(
    ("wrap", "kind"), [(signed, "signed-data"), (streamed, "signed-data"), (compressed, "compressed-data")]
)
def test_what_is_wrapped_whole_is_the_messages_own_text(unread, wrap, kind):
    found, reasons = unread(mail(wrap(INNER), kind))
    texts = {p.where: p.text.strip() for p in found.pieces}
    assert texts["body"] == "The new text."
    assert "the old text" in texts["quoted"]
    assert reasons == []


def test_one_signed_again_or_attached_is_unwrapped_too(unread):
    found, reasons = unread(mail(signed(mail(signed(INNER)))))
    assert "The new text." in "".join(p.text for p in found.pieces)
    assert reasons == []
    found, reasons = unread(carrying(("smime.p7m", signed(INNER))))
    assert {p.where: p.text.strip() for p in found.pieces}["attachment:1.2"] == "The new text."
    assert reasons == []


def test_files_within_are_opened(unread):
    found, reasons = unread(mail(signed(carrying(("note.txt", b"the note")))))
    assert "the note" in {p.text for p in found.pieces}
    assert reasons == []


BOMB = zlib.compress(bytes(200_000_000))
DEEP = b"\x30\x80" * 20_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (signed(INNER)[:-400], "damaged"),
        (der(0x30, SIGNED, der(0xA0, der(0x30, b"\x02\x01\x01\x31\x00", der(0x30, DATA), b"\x31\x00"))), "signed-opaque"),
        (bytes.fromhex("3080") + SIGNED + b"\xa0\x80" + DEEP, "damaged"),
        (compressed(b"", BOMB), "too-compressed"),
        (compressed(b"", b"\x78\x9crubbish"), "damaged"),
    ],
    ids=["cut", "detached", "deep", "bomb", "rubbish"],
)
def test_what_cannot_be_unwrapped_is_said(unread, data, reason):
    _, reasons = unread(mail(data))
    assert reason in reasons
    assert "signed-opaque" in reasons


def test_wrapped_without_end_stops_by_depth(unread):
    raw = INNER
    for _ in range(15):
        raw = mail(signed(raw))
    _, reasons = unread(raw)
    assert "too-deep" in reasons


def test_encrypted_is_said_once(unread):
    enveloped = der(0x30, bytes.fromhex("06092a864886f70d010703"), der(0xA0, bytes(900)))
    assert unread(mail(enveloped, "enveloped-data"))[1] == ["encrypted"]
    assert unread(carrying(("smime.p7m", enveloped)))[1] == ["encrypted-message"]


@pytest.mark.parametrize(
    "head",
    [
        "8c0d040903",  # gpg -c
        "c30d040903",  # the same in the newer form
        "85010c03a1b2c3d4e5f6a7b801",  # gpg -e to an RSA key
        "845e03a1b2c3d4e5f6a7b812",  # to an elliptic key
        "c1c04c03a1b2c3d4e5f6a7b801",
        "c3070600",
    ],
)
def test_a_binary_openpgp_message_is_encrypted_and_no_unknown_file(unread, head):
    assert unread(carrying(("plan.gpg", bytes.fromhex(head) + bytes(range(256)) * 2)))[1] == ["encrypted-message"]
