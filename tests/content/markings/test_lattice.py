"""The order between levels: a partial order up to published equivalence, chains within schemes, nothing invented between."""

import itertools

import pytest

from missent.content.markings.lattice import BELOW, EQUIVALENT, Grade, at_most, comparable, maxima
from missent.content.markings.schemes import SCHEMES

GRADES = [Grade(scheme.name, level) for scheme in SCHEMES.values() for level in scheme.levels]


def test_reflexive():
    assert all(at_most(g, g) for g in [*GRADES, Grade("msip", "anything")])


def test_transitive():
    for a, b, c in itertools.product(GRADES, repeat=3):
        if at_most(a, b) and at_most(b, c):
            assert at_most(a, c), (a, b, c)


def test_antisymmetric_up_to_equivalence_and_strict_within_a_scheme():
    same = {frozenset(pair[:2]) for pair in EQUIVALENT}
    for a, b in itertools.combinations(GRADES, 2):
        if at_most(a, b) and at_most(b, a):
            assert a.scheme != b.scheme
            assert frozenset((a, b)) in same or any(frozenset((a, c)) in same and frozenset((c, b)) in same for c in GRADES)


@pytest.mark.parametrize("scheme", [s for s in SCHEMES.values() if len(s.levels) > 1], ids=lambda s: s.name)
def test_each_scheme_is_a_chain(scheme):
    for (i, low), (j, high) in itertools.product(enumerate(scheme.levels), repeat=2):
        assert at_most(Grade(scheme.name, low), Grade(scheme.name, high)) == (i <= j)


def test_every_relation_names_its_source_and_known_levels():
    for one, other, source in (*EQUIVALENT, *BELOW):
        assert one in GRADES
        assert other in GRADES
        assert source


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (("nato", "NATO SECRET"), ("uk-gscp", "SECRET")),
        (("uk-gscp", "SECRET"), ("us-eo13526", "SECRET")),
        (("nato", "NATO CONFIDENTIAL"), ("us-eo13526", "CONFIDENTIAL")),
        (("us-eo13526", "CONFIDENTIAL"), ("uk-gscp", "SECRET")),
        (("uk-gpms", "RESTRICTED"), ("uk-gscp", "SECRET")),
        (("uk-gscp", "OFFICIAL-SENSITIVE"), ("nato", "COSMIC TOP SECRET")),
        (("au-pspf", "PROTECTED"), ("us-eo13526", "SECRET")),
    ],
)
def test_published(low, high):
    assert at_most(Grade(*low), Grade(*high))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("uk-gscp", "OFFICIAL"), ("us-eo13526", "UNCLASSIFIED")),
        (("uk-gscp", "OFFICIAL-SENSITIVE"), ("us-cui", "CUI")),
        (("uk-gscp", "OFFICIAL-SENSITIVE"), ("nato", "NATO RESTRICTED")),
        (("uk-gpms", "RESTRICTED"), ("uk-gscp", "OFFICIAL-SENSITIVE")),
        (("au-pspf", "PROTECTED"), ("us-eo13526", "CONFIDENTIAL")),
        (("commercial", "CONFIDENTIAL"), ("us-eo13526", "TOP SECRET")),
        (("tlp", "TLP:RED"), ("uk-gscp", "OFFICIAL")),
        (("msip", "Internal"), ("msip", "Public")),
    ],
)
def test_nobody_publishes(one, other):
    assert not comparable(Grade(*one), Grade(*other))


def test_maxima_keeps_the_incomparable():
    low, high, other = Grade("uk-gscp", "OFFICIAL"), Grade("uk-gscp", "SECRET"), Grade("tlp", "TLP:RED")
    assert maxima([low, other, high, high]) == (other, high)
