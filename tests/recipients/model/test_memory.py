import pickle

import numpy as np
import pytest

from missent.recipients.model.memory import ANYBODY, Memory

from .site import JO, KIM, SENDER, STEVE, STEVEN, history, mail, memory


def test_ties_count_both_ways_and_fade() -> None:
    site = memory(4)
    anna, steven = (site.people.met(a).number for a in (SENDER, STEVEN))
    tie = site.of(anna).get(steven)
    assert (tie.sent, tie.received, tie.alone) == (4, 0, 0)
    assert 3.5 < tie.fresh < 4
    assert site.of(steven).get(anna).received == 4
    assert site.of(anna).wrote == 8


def test_a_fact_is_found_with_its_pair_and_no_other() -> None:
    site = memory(5)
    anna, steven, steve = (site.people.met(a).number for a in (SENDER, STEVEN, STEVE))
    keys = np.array([site.pair(anna, steven), site.pair(anna, steve), site.pair(anna, ANYBODY)], np.uint64)
    counts = site.sketch.counts(keys, np.array([site.hash("w", "turbine")], np.uint64))
    assert counts[:, 0].tolist() == [5, 0, 5]


def test_the_same_mail_gives_the_same_memory_and_another_key_another() -> None:
    one, two, other = Memory(bits=12), Memory(bits=12), Memory(b"other", bits=12)
    for each in history(3):
        for site in (one, two, other):
            site.learn(each)
    assert (one.sketch.cells == two.sketch.cells).all()
    assert not (one.sketch.cells == other.sketch.cells).all()


def test_who_is_forgotten_is_a_stranger_when_met_again() -> None:
    site = memory()
    anna, steven = (site.people.met(a).number for a in (SENDER, STEVEN))
    assert site.forget(STEVEN)
    assert not site.forget(STEVEN)
    assert site.people.known(STEVEN) is None
    assert steven not in site.of(anna).rows
    assert steven not in site.ties
    assert all(site.people.numbered(n).address != STEVEN for _, _, people in site.threads.rows() for n in people)
    again = site.people.met(STEVEN)
    key = np.array([site.pair(anna, again.number)], np.uint64)
    assert site.sketch.counts(key, np.array([site.hash("w", "turbine")], np.uint64))[0, 0] == 0


@pytest.mark.parametrize("gone", [STEVEN, JO, KIM])
def test_forgetting_one_leaves_the_others_as_they_were(gone: str) -> None:
    site = memory(6)
    anna = site.people.met(SENDER).number
    kept = {a: site.of(anna).get(site.people.met(a).number) for a in (STEVEN, JO, KIM) if a != gone}
    site.forget(gone)
    assert {a: site.of(anna).get(site.people.met(a).number) for a in kept} == kept


def test_no_text_stays_once_the_cache_is_dropped() -> None:
    site = memory()
    site.learn(mail((JO,), subject="Zanzibar", text="quicksilver"))
    site.forget_words()
    assert b"quicksilver" not in pickle.dumps(site).lower()
    assert b"zanzibar" not in pickle.dumps(site).lower()
