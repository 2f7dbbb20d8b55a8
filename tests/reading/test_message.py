"""A message becomes pieces with their places; what is not opened is said."""

import base64
import hashlib
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missent.message.reading import read
from missent.nouns.verdict import Skipped
from missent.reading.opener import Opener
from missent.settings import ReadingSettings


@pytest.fixture
def places(opened):
    """Texts by their places; of several in one place the first."""
    return lambda raw: {p.where: p.text.strip() for p in reversed(opened(raw).pieces)}


def mail(subject="Plans", text="Hello\n", **headers):
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = "a@mod.example"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_subject_and_body(places):
    assert places(mail("[OFFICIAL-SENSITIVE] Pläne").as_bytes()) == {
        "subject": "[OFFICIAL-SENSITIVE] Pläne",
        "body": "Hello",
    }


def test_history_is_a_piece_of_its_own(places):
    found = places(mail(text="Yes\n\n-----Original Message-----\nFrom: x\n\nSECRET\n").as_bytes())
    assert found["body"] == "Yes"
    assert found["quoted"].endswith("SECRET")


def test_fields_that_say_a_marking_are_read_and_others_are_not(places):
    raw = mail(X_Protective_Marking="VER=2018.6, NS=gov.au, SEC=PROTECTED", X_Mailer="x", Sensitivity="Personal").as_bytes()
    found = places(raw)
    assert found["header:x-protective-marking"] == "VER=2018.6, NS=gov.au, SEC=PROTECTED"
    assert found["header:sensitivity"] == "Personal"
    assert "header:x-mailer" not in found


def test_html_is_read_as_a_person_reads_it(places):
    made = mail()
    made.set_content("<style>p{}</style><h1>SECRET</h1><p>Grid&nbsp;ref<br>one</p><script>x</script><td>a</td>", "html")
    assert places(made.as_bytes())["body"].splitlines() == ["SECRET", "Grid\xa0ref", "one", "a"]


def test_the_same_text_twice_is_one_piece(opened):
    made = mail(text="Hello there\n")
    made.add_alternative("<p>Hello   there</p>", "html")
    assert [p.where for p in opened(made.as_bytes()).pieces] == ["subject", "body"]


def test_an_attached_text_is_read_under_its_path_and_name(places, opened):
    made = mail()
    made.add_attachment("a,b\n1,2\n", subtype="csv", filename="Crew é SECRET.csv")
    found = places(made.as_bytes())
    assert found["attachment:1.2/name"] == "Crew é SECRET.csv"
    assert found["attachment:1.2"] == "a,b\n1,2"
    (attachment,) = opened(made.as_bytes()).attachments
    assert (attachment.path, attachment.name, attachment.kind) == ("1.2", "Crew é SECRET.csv", "text/csv")


def test_what_is_not_opened_is_said_and_its_digest_known(opened):
    made = mail()
    made.add_attachment(b"%PDF-1.7\n\0", maintype="application", subtype="pdf", filename="plan.pdf")
    found = opened(made.as_bytes())
    assert found.skipped == (Skipped("1.2", "damaged"),)
    assert found.attachments[0].sha256 == hashlib.sha256(b"%PDF-1.7\n\0").hexdigest()
    assert found.attachments[0].size == 10


def test_a_signature_is_no_unread_content(opened):
    made = mail()
    made.make_mixed()
    made.add_attachment(b"x", maintype="application", subtype="pgp-signature", filename="signature.asc")
    assert opened(made.as_bytes()).skipped == ()


def test_text_of_a_nested_message_belongs_to_the_attachment(places):
    made, inner = mail(), mail("inner", "inside\n")
    made.add_attachment(inner)
    found = places(made.as_bytes())
    assert found["body"] == "Hello"
    assert found["attachment:1.2"] == "inside"
    assert found["attachment:1.2/subject"] == "inner"


@pytest.mark.parametrize(
    "field",
    [
        b'Content-Disposition: attachment; filename="plan.txt"',
        b"Content-Disposition: attachment; filename*=UTF-8''plan%2Etxt",
        b"Content-Disposition: attachment; filename*0=pl; filename*1=an.txt",
        b'Content-Disposition: attachment; filename="=?utf-8?q?plan=2Etxt?="',
        b'Content-Type: text/plain; name="plan.txt"',
    ],
)
def test_file_names_as_mail_programs_write_them(places, field):
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + field + b"\n\nx\n--b--\n"
    assert places(raw)["attachment:1.1/name"] == "plan.txt"


def test_too_much_text_is_cut_and_said():
    raw = mail(text="word " * 500).as_bytes()
    with Opener(ReadingSettings(max_text=1000)) as small:
        found = small.open(raw, read(raw))
    assert found.skipped == (Skipped("body", "too-much-text"),)
    assert sum(len(piece.text) for piece in found.pieces) == 1000


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["text/plain", "text/html", "application/pdf", "multipart/mixed; boundary=b"]))
def test_nothing_raises(opener, data, kind):
    for encoding in (b"base64", b"quoted-printable", b"8bit"):
        head = b"Subject: x\nContent-Type: " + kind.encode() + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n"
        raw = head + b"--b\n\n" + data
        opener.open(raw, read(raw))


def test_what_is_encrypted_is_said_once(opener):
    body = bytes.fromhex("3082040006092a864886f70d010703a082")
    armoured = b"Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
    smime = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\n"
    for raw in (smime + body, armoured):
        message = read(raw)
        assert [s.reason for s in message.inspected.skipped if s.reason == "encrypted"] == ["encrypted"]
        assert "encrypted-message" not in {s.reason for s in opener.open(raw, message).skipped}


def encoded(charset, octets):
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode()
    return head + base64.encodebytes(octets)


@pytest.mark.parametrize(
    ("charset", "octets"), [("utf-8", b"Gr\xfc\xdfe"), ("us-ascii", b"Gr\xfc\xdfe"), ("iso-2022-jp", b"\x1b$B\xff\xff")]
)
def test_text_that_is_not_in_its_character_set_is_read_and_said(opened, charset, octets):
    found = opened(encoded(charset, octets))
    assert found.pieces
    assert found.skipped == (Skipped("1", "bad-charset"),)


def test_a_character_set_nobody_knows_is_read_and_said(opener):
    raw = encoded("x-no-such", "Grüße".encode())
    message = read(raw)
    found = opener.open(raw, message)
    assert [p.text for p in found.pieces] == ["Grüße"]
    assert "bad-charset" in {s.reason for s in (*message.inspected.skipped, *found.skipped)}


def test_base64_with_rubbish_is_read_and_said(opened):
    raw = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGVs*bG8g\n!dGhlcmU=\n-- \nlist footer?\n"
    found = opened(raw)
    assert found.pieces[0].text.startswith("hello there")
    assert found.skipped == (Skipped("1", "bad-transfer-encoding"),)
