import pytest

from missent.smtp.parameters import MAIL, RCPT, read
from missent.smtp.reply import Reply

ALL = frozenset({"SIZE", "8BITMIME", "SMTPUTF8", "DSN"})

GOOD_MAIL = [
    ("", {}),
    ("SIZE=0 BODY=8bitmime SMTPUTF8", {"SIZE": "0", "BODY": "8bitmime", "SMTPUTF8": ""}),
    ("ret=HDRS envid=QQ314159+2B", {"RET": "HDRS", "ENVID": "QQ314159+2B"}),
]
GOOD_RCPT = [
    ("NOTIFY=NEVER", {"NOTIFY": "NEVER"}),
    ("NOTIFY=SUCCESS,FAILURE,DELAY", {"NOTIFY": "SUCCESS,FAILURE,DELAY"}),
    ("ORCPT=rfc822;bob+2Bx@b.example", {"ORCPT": "rfc822;bob+2Bx@b.example"}),
    ("ORCPT=utf-8;j\u00f6rg@b.example", {"ORCPT": "utf-8;j\u00f6rg@b.example"}),
    ("ORCPT=utf-8;j\\x{F6}rg@b.example", {"ORCPT": "utf-8;j\\x{F6}rg@b.example"}),
]
BAD_MAIL = {
    "SIZE=": 501, "SIZE=x": 501, "SIZE": 501, "SIZE=1 SIZE=2": 501, "SIZE=" + "9" * 21: 501, "BODY=BINARYMIME": 501,
    "SMTPUTF8=": 501, "SMTPUTF8=1": 501, "RET=ALL": 501, "ENVID=": 501, "ENVID=a=b": 501, "ENVID=a+b": 501,
    "ENVID=" + "a" * 101: 501, "AUTH=<>": 555, "X=1": 555, "NOTIFY=NEVER": 555, "=": 555,
}  # fmt: skip
BAD_RCPT = {
    "NOTIFY=": 501, "NOTIFY=NEVER,SUCCESS": 501, "NOTIFY=SUCCESS,": 501, "NOTIFY=,SUCCESS": 501, "NOTIFY=X": 501,
    "ORCPT=bob@b.example": 501, "ORCPT=rfc822;": 501, "ORCPT=rfc822;a+2b": 501, "ORCPT=rfc822;" + "a" * 501: 501,
    "SIZE=1": 555,
}  # fmt: skip


@pytest.mark.parametrize(("text", "values"), GOOD_MAIL)
def test_good_mail(text: str, values: dict[str, str]) -> None:
    assert read(text, MAIL, ALL) == values


@pytest.mark.parametrize(("text", "values"), GOOD_RCPT)
def test_good_rcpt(text: str, values: dict[str, str]) -> None:
    assert read(text, RCPT, ALL) == values


@pytest.mark.parametrize(("text", "code"), BAD_MAIL.items())
def test_bad_mail(text: str, code: int) -> None:
    refused = read(text, MAIL, ALL)
    assert isinstance(refused, Reply)
    assert refused.code == code


@pytest.mark.parametrize(("text", "code"), BAD_RCPT.items())
def test_bad_rcpt(text: str, code: int) -> None:
    refused = read(text, RCPT, ALL)
    assert isinstance(refused, Reply)
    assert refused.code == code


@pytest.mark.parametrize("text", ["SIZE=1", "BODY=7BIT", "SMTPUTF8", "RET=FULL", "ENVID=a"])
def test_nothing_is_taken_that_was_not_announced(text: str) -> None:
    refused = read(text, MAIL, frozenset())
    assert isinstance(refused, Reply)
    assert refused.code == 555
