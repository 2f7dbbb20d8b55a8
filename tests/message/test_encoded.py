import pytest

from missent.message.encoded import Decoder


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?J=C3=B6rg?=", "Jörg"),
        ("=?UTF-8?B?SsO2cmc=?=", "Jörg"),
        ("=?UTF-8?B?SsO2cmc?=", "Jörg"),
        ("a =?utf-8?q?b_c?= d", "a b c d"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?=", "Jörg"),
        ("=?utf-8?q?a?= - =?iso-8859-1?q?=E9?=", "a - é"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
        ("=?iso-8859-1*de?q?=E9?=", "é"),
        ("=?iso-8859-1?q?=93x=94?=", "\u201cx\u201d"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?never", "=?utf-8?q?never"),
        ("a =? b", "a =? b"),
    ],
)
def test_words(written: str, meant: str) -> None:
    assert Decoder(1000).text(written) == meant


@pytest.mark.parametrize("written", ["=?x-none?q?a?=", "=?idna?q?a?=", "=?utf-8?q?=FF?=", "=?zip?b?eA==?="])
def test_what_is_not_in_its_set_is_said(written: str) -> None:
    decoder = Decoder(1000)
    assert decoder.text(written)
    assert not decoder.trusted


def test_beyond_the_budget_words_stay_as_written() -> None:
    decoder = Decoder(20)
    assert decoder.text("=?utf-8?q?a?=") == "a"
    assert decoder.text("=?utf-8?q?b?=") == "=?utf-8?q?b?="
    assert decoder.exceeded
