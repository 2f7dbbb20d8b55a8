"""Choosing in parts: the same mails whatever the parts and workers, and nothing chosen twice."""

import os
import subprocess
import sys

import pytest

from missent.archive.scan import candidates, choosing
from missent.archive.scan.pool import Pool, here
from missent.archive.scan.state import State, connected
from missent.nouns.action import Action
from missent.recipients.register import Register, Restriction
from missent.testing.planted import plant


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    plant(each=4).write(folder)
    return folder


def wanted(state):
    with connected(state.candidates, read_only=True) as db:
        return sorted(mail for (mail,) in db.execute("SELECT mail FROM candidate"))


@pytest.mark.parametrize("engine", [here, Pool(2)])
def test_small_parts_choose_what_one_part_does(scan, planted, tmp_path, monkeypatch, engine):
    scan(planted, folder="whole")
    monkeypatch.setattr(choosing, "DOMAINS", 2)
    monkeypatch.setattr(choosing, "PAIRS", 3)
    scan(planted, folder="parts", engine=engine)
    found = [path.name.partition("-")[0] for path in (tmp_path / "parts" / "choice").glob("*.json")]
    assert min(found.count("involved"), found.count("resembling"), found.count("wrong")) > 2
    assert wanted(State(tmp_path / "parts")) == wanted(State(tmp_path / "whole"))
    parts, whole = candidates.chosen(State(tmp_path / "parts")), candidates.chosen(State(tmp_path / "whole"))
    assert parts == whole
    assert parts.established


def test_parts_that_are_there_are_not_done_again(scan, planted, tmp_path):
    before = scan(planted)[0]
    state = State(tmp_path / "state")
    state.candidates.unlink()
    times = {path: path.stat().st_mtime_ns for path in state.parts.parent.iterdir() if path.suffix == ".json"}
    after = scan(planted)[0]
    assert after.exposures == before.exposures
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_other_questions_are_chosen_for_anew(scan, planted, tmp_path):
    before = wanted(State(tmp_path / "state")) if scan(planted) else []
    scan(planted, register=Register(restrictions=(Restriction("org", Action.HOLD, "test"),)))
    assert set(before) < set(wanted(State(tmp_path / "state")))


DIGEST = """
from missent.archive.scan.choosing import _digest
from missent.archive.scan.examining import Bench
from missent.policy.reading import default_policy
print(_digest(Bench(frozenset({"a.example", "b.example", "c.example", "d.example"}), default_policy())))
"""


def test_a_scan_is_known_again_by_another_process():
    """Sets have another order in each process; a digest that followed it would judge everything again after a kill."""
    seeds = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "123"
    ]
    assert len(set(seeds)) == 1
    assert len(seeds[0].strip()) == 64
