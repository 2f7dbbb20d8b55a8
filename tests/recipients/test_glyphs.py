import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.glyphs import blur, fold, sound

ASCII = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("\u0430rmy.mil", "army.mil"),  # Cyrillic a
        ("\u0251\u0280m\u028f.mil", "army.mil"),  # script alpha, small capitals
        ("bücher.de", "bucher.de"),
        ("łódź.pl", "lodz.pl"),
        ("æon.com", "aeon.com"),
        ("xn--bcher-kva.de", "bucher.de"),
        ("xn--.de", ".de"),
        ("xn--\udc80.de", "xn--\udc80.de"),
    ],
)
def test_fold(seen, read):
    assert fold(seen) == read


@given(ASCII)
def test_ascii_folds_to_itself(text):
    assert "xn--" in text or fold(text) == text


@given(st.text(max_size=40))
def test_any_text_is_folded_blurred_and_spoken(text):
    assert isinstance(fold(text) + blur(text) + sound(text), str)


@pytest.mark.parametrize(
    ("one", "other"), [("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("1", "i"), ("nn", "m"), ("q", "g")]
)
def test_drawn_alike(one, other):
    assert blur(f"s{one}t") == blur(f"s{other}t")


@pytest.mark.parametrize(("one", "other"), [("army", "navy"), ("state", "stats"), ("abc", "abd")])
def test_not_drawn_alike(one, other):
    assert blur(one) != blur(other)
