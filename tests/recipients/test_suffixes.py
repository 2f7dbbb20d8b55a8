import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from missent.recipients.book import packaged
from missent.recipients.suffixes import registrable, split, suffix

REFERENCE = PublicSuffixList()
_LABELS = "a www army example com co uk gov ck kawasaki jp city blogspot amazonaws compute mil us k12 ca tx no-such"
LABELS = st.sampled_from(sorted(_LABELS.split()))


@given(st.lists(LABELS, min_size=1, max_size=6).map(".".join))
def test_agrees_with_the_reference(domain):
    assert suffix(packaged(), domain) == REFERENCE.publicsuffix(domain)
    assert registrable(packaged(), domain) == REFERENCE.privatesuffix(domain)


@pytest.mark.parametrize(
    ("domain", "suffix_", "owned"),
    [
        ("us.af.mil", "mil", "af.mil"),
        ("clyde.co.uk", "co.uk", "clyde.co.uk"),
        ("www.ck", "ck", "www.ck"),  # exception
        ("a.b.ck", "b.ck", "a.b.ck"),  # wildcard
        ("kawasaki.jp", "kawasaki.jp", None),  # its root
        ("mod.exmaple", "exmaple", "mod.exmaple"),  # no rule: the last label
        ("armymil", "armymil", None),
        ("", "", None),
    ],
)
def test_by_hand(domain, suffix_, owned):
    assert suffix(packaged(), domain) == suffix_
    assert registrable(packaged(), domain) == owned


@pytest.mark.parametrize(
    ("domain", "head", "ending"),
    [
        ("us.af.mil", "us.af", "mil"),
        ("nhs.uk", "nhs", "uk"),  # a suffix itself: its first label is the name
        ("armymil", "armymil", ""),
        ("xn--rmy-5cd.mil", "army", "mil"),  # Cyrillic a
        ("xn--bcher-kva.de", "bucher", "de"),
    ],
)
def test_split(domain, head, ending):
    taken = split(packaged(), domain)
    assert (taken.host, taken.head, taken.suffix) == (domain, head, ending)


@given(st.text(max_size=80))
def test_split_takes_any_text(text):
    taken = split(packaged(), text)
    assert taken.host == text
    assert taken.suffix.count(".") <= text.count(".") + taken.head.count(".") + len(text)
