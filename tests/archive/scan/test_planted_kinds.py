"""Every kind of exposure planted: found, with the finding, the category and the address that was meant; near misses silent."""

from collections import Counter

import pytest

from missent.archive.scan import running
from missent.archive.scan.examining import Bench
from missent.archive.scan.pool import here
from missent.archive.scan.state import State
from missent.policy.reading import default_policy
from missent.testing.planted import OWN, Archive, plant
from missent.testing.planted_kinds import KINDS, REGISTER, SCHEME

BENCH = Bench(frozenset([OWN]), default_policy(), REGISTER, own_scheme=SCHEME)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    archive = plant(seed=3, each=6, ordinary=500, more=KINDS)
    archive.write(folder / "mail")
    state = State(folder / "state")
    told = running.scan(running.Request((folder / "mail",), BENCH, content=True), state, here, lambda *_: None)
    return archive, told, {(e.message_id.strip("<>"), e.rcpt): e for e in running.exposures(state)}


def test_all_of_every_kind_are_found_and_nothing_else(scanned):
    archive, told, found = scanned
    truth = {(p.message_id, p.rcpt): p for p in archive.planted}
    kinds = Counter(p.kind for p in truth.values())
    assert {"registered", "restricted", "wrong-person", "above-ceiling", "not-releasable", "sensitive", "suffix"} <= set(kinds)
    assert Counter(p.kind for key, p in truth.items() if key in found) == kinds
    assert found.keys() - truth.keys() == set()
    assert told.exposures == len(truth)


def test_for_the_reason_it_was_planted_for(scanned):
    archive, _, found = scanned
    for planted in archive.planted:
        exposure = found[planted.message_id, planted.rcpt]
        assert not planted.finding or planted.finding in exposure.findings
        assert not planted.category or planted.category in exposure.categories
        if planted.kind in {"registered", "wrong-person", "sensitive"}:
            assert exposure.meant == planted.meant
        if planted.kind in {"above-ceiling", "not-releasable"}:
            assert exposure.level == "OFFICIAL-SENSITIVE"


def test_a_wrong_person_is_no_certainty(scanned):
    archive, told, found = scanned
    sure = {p.kind: found[p.message_id, p.rcpt].sure for p in archive.planted}
    assert sure["restricted"]
    assert sure["above-ceiling"]
    assert not sure["wrong-person"]
    assert told.at_least < told.exposures


def test_another_kind_is_a_row(tmp_path):
    def mine(maker, n):
        maker.plant("mine", maker.put(maker.staff(n), [f"x{n}@army.ml"], maker.at(1, n)), f"x{n}@army.ml", None)

    archive = plant(each=2, ordinary=10, more=(mine,))
    assert isinstance(archive, Archive)
    assert [p.rcpt for p in archive.planted if p.kind == "mine"] == ["x0@army.ml", "x1@army.ml"]
