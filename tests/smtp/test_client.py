import pytest

from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.smtp.client import Offer, mail, rcpt
from missent.smtp.reply import Reply

FULL = Offer.read(Reply.of("250 h\nSIZE 1000\n8bitmime\nSMTPUTF8\nDSN\nPIPELINING"))
BARE = Offer.read(Reply.of("250 h"))
OPTIONS = MailOptions(smtputf8=True, body="8BITMIME", ret="HDRS", envid="a+2Bb")


def test_an_offer_is_read_from_ehlo() -> None:
    assert FULL.size == 1000
    assert "8BITMIME" in FULL
    assert "STARTTLS" not in FULL
    assert BARE.size == 0
    assert Offer.read(Reply.of("250 h\nSIZE lots")).size == 0


def test_options_go_only_where_they_are_offered() -> None:
    assert mail("a@a.example", OPTIONS, FULL, 5) == (
        b"MAIL FROM:<a@a.example> SIZE=5 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb\r\n"
    )
    assert mail("a@a.example", OPTIONS, BARE, 5) == b"MAIL FROM:<a@a.example>\r\n"
    assert mail("", MailOptions(), FULL) == b"MAIL FROM:<>\r\n"


def test_an_address_leaves_as_it_was_written() -> None:
    to = Recipient(Address.parse('"a b"@B.Example'), notify="NEVER", orcpt="rfc822;x")
    assert rcpt(to, FULL) == b'RCPT TO:<"a b"@B.Example> NOTIFY=NEVER ORCPT=rfc822;x\r\n'
    assert rcpt(to, BARE) == b'RCPT TO:<"a b"@B.Example>\r\n'
    assert rcpt(Recipient(Address("a", "b.example")), BARE) == b"RCPT TO:<a@b.example>\r\n"


def test_what_cannot_be_carried_is_named() -> None:
    assert BARE.lacking(OPTIONS) == "SMTPUTF8"
    assert BARE.lacking(MailOptions(), (Recipient(Address.parse("j\u00f6rg@b.example")),)) == "SMTPUTF8"
    assert BARE.lacking(MailOptions(ret="FULL")) == ""
    assert FULL.lacking(OPTIONS) == ""


@pytest.mark.parametrize("text", ["a\r\nRCPT TO:<evil@e.example>@b.example", "a\0@b.example", "a\n@b.example"])
def test_an_address_never_becomes_a_command(text: str) -> None:
    with pytest.raises(ValueError, match="no command"):
        mail(text, MailOptions(), FULL)
