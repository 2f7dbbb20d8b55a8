from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from missent.recipients.model.nearness import Nearness

NAMES = st.text("ab.", max_size=9)


@given(NAMES, st.lists(NAMES, unique=True))
def test_all_domains_one_edit_away_are_found_and_no_others(domain: str, known: list[str]) -> None:
    expected = {one for one in known if OSA.distance(one, domain) == 1}
    assert set(Nearness().near(domain, dict.fromkeys(known, 1))) == expected


def test_a_domain_met_later_is_found() -> None:
    nearness, known = Nearness(), {"gas.example": 1}
    assert nearness.near("gsa.example", known) == ["gas.example"]
    known["gsb.example"] = 1
    assert sorted(nearness.near("gsa.example", known)) == ["gas.example", "gsb.example"]
