"""Wrong persons by the recipient model, with hindsight: who is odd before and after, up to a rate, and nobody who belongs."""

import json
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from missent.archive.scan import running, words
from missent.archive.scan.accusing import Asked, accuse, lesser
from missent.archive.scan.examining import Bench
from missent.archive.scan.exposure import as_dict, from_dict
from missent.archive.scan.pool import Pool, here
from missent.archive.scan.questions import Questions
from missent.archive.scan.state import State
from missent.archive.scan.summary import as_dict as summary_dict
from missent.policy.reading import default_policy
from missent.recipients.weighing import Doubt, Weighed
from missent.store.recipient_model import prior
from missent.testing.company import (
    ANNA,
    BANK,
    BEN,
    CHLOE,
    EVE,
    JO,
    JON,
    OWN,
    START,
    STEVE,
    STEVEN,
    Letter,
    as_mbox,
    letter,
    year,
)

NORA = "nora.hale@northgas-supply.com"
SLIPS = {("steve-12", STEVE), ("steve-18", STEVE), ("jon-12", JON), ("jon-18", JON)}


def sent(at, sender, rcpts, subject, text, name):
    fields = {"Date": format_datetime(at), "Message-ID": f"<{name}@{OWN}>"}
    return Letter(at, sender, rcpts, letter(sender, rcpts, subject, text, fields))


def letters():
    """Half a year of a company: four slips to well-known namesakes, and Nora, who is new in week 12 and stays."""
    yield from year(weeks=26)
    for week in (12, 18):
        at = START + timedelta(weeks=week, days=1, hours=3)
        text = "Steven,\n\nturbine outage compressor pressure 12.\n\nAnna"
        yield sent(at, ANNA, (STEVE, JO, BEN), "Turbine outage", text, f"steve-{week}")
        text = "John,\n\npayroll salary overdraft account ledger 12.\n\nChloe"
        yield sent(at, CHLOE, (JON, BANK, EVE), "Payroll run", text, f"jon-{week}")
    for week in range(12, 26):
        text = "Steven,\n\npipeline capacity metering shippers.\n\nAnna"
        yield sent(
            START + timedelta(weeks=week, days=2, hours=4), ANNA, (STEVEN, NORA), "Pipeline capacity", text, f"nora-{week}"
        )


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    (folder / "year.mbox").write_bytes(as_mbox(letters()))
    return folder


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """Scan a folder in a state of its own; the summary, the exposures and the state."""

    def run(path, engine=here, questions=None, **request):
        state = State(tmp_path_factory.mktemp("scan") / "state")
        bench = Bench(frozenset([OWN]), default_policy(), questions=questions or Questions())
        told = running.scan(running.Request((path,), bench, **request), state, engine, lambda *_: None)
        return told, list(running.exposures(state)), state

    return run


@pytest.fixture(scope="module")
def answer(archive, scanned):
    """What a scan says that may accuse ten of 1,000 mails, and the folder it worked in."""
    return scanned(archive, wrong=Asked(prior(), 10.0))


def accusations(exposures):
    return {(e.message_id.strip("<>").partition("@")[0], e.rcpt) for e in exposures}


def test_slips_to_well_known_namesakes_are_found_and_who_belongs_is_not(answer):
    _, exposures, _ = answer
    assert accusations(exposures) == SLIPS
    assert {e.findings for e in exposures} == {("namesake",)}
    assert summary_dict(answer[0])["by_finding"] == [{"finding": "namesake", "exposures": 4}]
    assert {e.meant for e in exposures if e.rcpt == STEVE} == {STEVEN}


def test_they_widen_the_bounds_upwards_only(answer):
    told, exposures, _ = answer
    assert not any(e.sure for e in exposures)
    assert summary_dict(told)["bounds"] == {"at_least": 0, "at_most": 4}


def test_each_says_why_in_words_and_in_numbers_that_add_up(answer):
    for exposure in answer[1]:
        assert "You wrote to `" in exposure.explanation
        facts = exposure.facts
        weights = sum(v for k, v in facts.items() if k.startswith("weight_"))
        assert weights + facts["rest"] + facts["start"] == pytest.approx(facts["score"], abs=0.02)
        assert facts["hindsight"] <= facts["score"]
        again = json.loads(json.dumps(as_dict(exposure)))
        assert from_dict(again) == replace(exposure, facts=dict(facts))


def doubt(score):
    return Doubt("odd-recipient", sure=False, confidence=0.0, facts={"score": score})


def weighed(score, **doubts):
    return Weighed({rcpt: doubt(at) for rcpt, at in doubts.items()}, score=score)


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ({"x": 2.0, "y": 1.0}, weighed(3.0, x=1.5, y=3.0), {"x": 1.5, "y": 1.0}),
        ({"x": 2.0}, weighed(-5.0), {}),
        ({}, weighed(3.0, x=3.0), {}),
        ({"x": 2.0}, weighed(None), {"x": 2.0}),
        (None, weighed(3.0, x=3.0), {"x": 3.0}),
        (None, weighed(None), {}),
    ],
    ids=["both-doubt", "belongs-later", "belonged-before", "nothing-known-after", "nothing-known-before", "nothing-known"],
)
def test_the_doubt_that_counts_is_the_lesser_of_what_came_before_and_after(before, after, left):
    told = None if before is None else {rcpt: doubt(at) for rcpt, at in before.items()}
    assert {one.rcpt: one.score for one in lesser(1, told, after)} == left


def test_the_rate_bounds_how_many_and_the_most_doubtful_stay(answer, archive, scanned):
    few = scanned(archive, wrong=Asked(prior(), 3.0))[1]
    assert 0 < len(few) <= 3 * 0.8
    assert accusations(few) < SLIPS
    surest = sorted((e.facts["hindsight"] for e in answer[1]), reverse=True)
    assert sorted((e.facts["hindsight"] for e in few), reverse=True) == surest[: len(few)]


def test_workers_and_batches_come_to_the_same(answer, archive, scanned, monkeypatch):
    monkeypatch.setattr(words, "BATCH", 100)
    monkeypatch.setattr(words, "LONGEST", 150)
    assert list(map(as_dict, scanned(archive, Pool(2), wrong=Asked(prior(), 10.0))[1])) == list(map(as_dict, answer[1]))


def test_what_was_read_and_weighed_is_not_read_again(answer, monkeypatch):
    monkeypatch.setattr(words, "gather", lambda *_: pytest.fail("read again"))
    before = answer[2].accused.read_text()
    assert accuse(Asked(prior(), 10.0), answer[2], here, lambda _: None) == json.loads(before.splitlines()[0])["digest"]


def test_certain_recipients_asked_about_need_no_accuser(archive, scanned, monkeypatch):
    monkeypatch.setattr(words, "gather", lambda *_: pytest.fail("read for nothing"))
    _, exposures, _ = scanned(archive, questions=Questions(rcpts=(BANK,)), wrong=Asked(prior(), 10.0))
    assert {e.rcpt for e in exposures} == {BANK}


def test_without_it_nothing_is_hashed(archive, scanned):
    told, _, state = scanned(archive)
    assert told.exposures == 0
    assert list(state.words.parent.iterdir()) == []
