from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.delivery.letterhead import Letterhead
from missent.nouns.address import Address
from missent.testing.holding import NOON, hold
from missent.web.links import Broken, Links, Purpose, sender_links

LINKS = Links(b"k" * 32)
TOKEN = LINKS.token(Purpose.SENDER, "h-1", NOON)


def test_a_token_opens_its_hold_until_its_time():
    assert LINKS.opened(Purpose.SENDER, TOKEN, NOON) == "h-1"
    assert LINKS.opened(Purpose.SENDER, TOKEN, NOON + timedelta(seconds=1)) is Broken.EXPIRED


def test_a_token_for_another_purpose_or_of_another_key_is_invalid():
    assert LINKS.opened(Purpose.CONSOLE, TOKEN, NOON) is Broken.INVALID
    assert Links(b"l" * 32).opened(Purpose.SENDER, TOKEN, NOON) is Broken.INVALID


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("abcXYZ019-_."))
def test_no_changed_character_goes_unseen(place, character):
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed != TOKEN:
        assert LINKS.opened(Purpose.SENDER, changed, NOON) is Broken.INVALID


@given(st.text())
def test_nothing_made_up_opens_anything(text):
    assert LINKS.opened(Purpose.SENDER, text, NOON) is Broken.INVALID


def test_an_expired_token_that_was_tampered_with_says_nothing_of_its_expiry():
    assert LINKS.opened(Purpose.SENDER, TOKEN + "A", NOON + timedelta(days=1)) is Broken.INVALID


@pytest.mark.parametrize("text", ["x" * 513, "", ".", "..", "a.b.c", "." + "e" * 100])
def test_odd_tokens_are_invalid(text):
    assert LINKS.opened(Purpose.SENDER, text, NOON) is Broken.INVALID


def test_links_stand_on_the_public_url_and_outlive_the_hold():
    held = hold()
    link = sender_links(LINKS, Letterhead(Address("p", "x"), "mx", "https://m.example"))(held)
    assert link.startswith("https://m.example/h/")
    token = link.rpartition("/")[2]
    assert LINKS.opened(Purpose.SENDER, token, held.copies[0].expires + timedelta(days=29)) == held.id
    assert sender_links(LINKS, Letterhead(Address("p", "x"), "mx"))(held) == ""
