"""Letters no match lacks, against expressions read by hand."""

import re

import pytest

from missent.content.matching.stems import stems


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(?i)Password", ("password",)),
        (r"\bgh[po]_[a-z]{3}", ("gho_", "ghp_")),
        ("(?:visa|amex)? ?card", ("card",)),
        ("(?:secret|hidden) [0-9]+ things?", ("hidden ", "secret ")),
        ("(?:abc|d[0-9])", ()),
        (r"\d{3}-\d{2}", ()),
        ("(?:ab)?", ()),
        ("colou?r", ("color", "colour")),
        ("(?:key: [0-9]){2,3}", ("key: ",)),
        ("(?>token) x", ("token",)),
        ("(?=look)\\d\\dxy", ("xy",)),
        ("a|bcd", ()),
    ],
)
def test_stems(source, expected):
    assert stems(re.compile(source, re.ASCII)) == expected
