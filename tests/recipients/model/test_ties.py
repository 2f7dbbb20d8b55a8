from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.ties import Ties

MAILS = st.lists(st.tuples(st.integers(2, 60), st.integers(1, 9)), max_size=150)


@given(MAILS, st.integers(1, 12))
def test_the_freshest_are_those_written_to_most_lately(mails: list[tuple[int, int]], most: int) -> None:
    ties = Ties()
    for number, day in mails:
        ties.add(number, day * 86_400.0, sent=True, alone=True)
    expected = sorted(ties.rows, key=lambda n: (-ties.fresh(n), n))[:most]
    assert ties.freshest(most) == expected


def test_contacts_of_who_was_asked_can_grow() -> None:
    ties = Ties()
    assert ties.freshest(3) == []
    for number in range(2, 40):
        ties.add(number, 9.0, sent=number % 2 == 0, alone=False)
        ties.freshest(3)
    assert ties.freshest(3) == [2, 4, 6]
