"""Addresses: identity and canonical form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.nouns.address import Address, canonical_domain

SAME = [
    ("Jane.Doe@Army.MIL", "jane.doe@army.mil"),
    ("jane@army.mil.", "jane@army.mil"),
    ('"jane doe"@army.mil', "jane doe@army.mil"),
    ("j@bücher.example", "j@xn--bcher-kva.example"),
    ("j@BÜCHER.example", "j@xn--bcher-kva.example"),
    ("  j@army.mil ", "j@army.mil"),
]


@pytest.mark.parametrize(("written", "key"), SAME)
def test_key(written, key):
    assert Address.parse(written).key == key
    assert Address.parse(written).written == written


def test_display_name_is_not_identity():
    assert Address.parse("a@b.example", "A") == Address.parse("a@b.example", "B")


def test_no_at_sign_is_an_empty_domain():
    assert Address.parse("jane").domain == ""
    assert Address.parse("jane").spec == "jane"


def test_the_last_at_sign_divides():
    assert Address.parse("a@b@c.example").domain == "c.example"


@given(st.text())
def test_parsing_never_raises_and_the_domain_is_stable(text):
    domain = Address.parse(text).domain
    assert canonical_domain(domain) == domain or not domain.isascii()
