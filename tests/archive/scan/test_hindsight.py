"""Whether a domain is established does not depend on how many of its mails are looked at first."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from missent.archive.scan import candidates, choosing, examining, facts, hindsight
from missent.archive.scan.candidates import chosen
from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.state import State
from missent.recipients.names import Names
from missent.testing.planted import NEAR, OWN, PARTNERS, plant


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    plant(each=4).write(folder)
    return folder


@pytest.mark.parametrize("few", [1, 3, 2_000])
def test_looking_at_few_first_changes_no_standing(scan, planted, tmp_path, monkeypatch, few):
    scan(planted)
    monkeypatch.setattr(hindsight, "_FEW", few)
    with facts.opened(State(tmp_path / "state")) as db:
        ask = Hindsight(db, Names([OWN])).is_established
        domains = [domain for (domain,) in db.execute("SELECT name FROM domain ORDER BY name")]
        assert {domain for domain in domains if ask(domain)} >= {*PARTNERS, *NEAR, "army.mil"}
        assert not any(map(ask, ("army.ml", "harbour-wroks.com")))


def threads(tasks, show):
    """As a cluster's workers may be set up: several tasks at a time in one process."""
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(task.run, show) for task in tasks]:
            done.result()


def test_several_threads_of_a_worker_do_not_meet(scan, planted, monkeypatch):
    monkeypatch.setattr(candidates, "BATCH", 5)
    monkeypatch.setattr(choosing, "DOMAINS", 3)
    one, many = scan(planted, folder="one"), scan(planted, folder="many", engine=threads)
    assert many[1] == one[1]
    assert (many[0].messages, many[0].doubtful, many[0].skipped) == (one[0].messages, one[0].doubtful, one[0].skipped)


def test_the_partial_index_is_used(scan, planted, tmp_path):
    """Without it each question about a domain would file all copies of the archive first."""
    scan(planted)
    named = {"domain": "a", "organisation": "a", "below": "%.a", "most": -1}
    with facts.opened(State(tmp_path / "state")) as db:
        steps = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + hindsight._ANSWERED_BY_REFERENCE, named)]
    assert not [step for step in steps if "AUTOMATIC" in step]


def test_what_was_looked_up_serves_the_next_batch_and_no_other_scan(scan, planted, tmp_path, monkeypatch):
    monkeypatch.setattr(candidates, "BATCH", 5)
    made = []
    init = examining._Examination.__init__
    monkeypatch.setattr(examining._Examination, "__init__", lambda *told: made.append(1) or init(*told))
    scan(planted, folder="first")
    assert candidates.batches(State(tmp_path / "first")) > 3
    assert len(made) == 1
    assert examining._standing.examination is None
    scan(planted, folder="second")
    assert len(made) == 2
    assert chosen(State(tmp_path / "first")) == chosen(State(tmp_path / "second"))
