"""The recipient model over a store: as new as its log, the same on every node, and without whom it was told to forget."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.recipients.history import Question
from missent.recipients.model import schooling
from missent.recipients.model.traits import HASHES, Hashing, Text, traits_of
from missent.recipients.weighing import NOTHING_WEIGHED, Weighing
from missent.store import pages, recipient_model, traits
from missent.store.recipient_model import RecipientModel
from missent.store.schooling import Past

from . import holding

ANNA, STEVEN, STEVE = "anna.may@mod.example", "steven.harris@gas.example", "steve.harris@golf.example"
JO, KIM, LEE = "jo.wood@gas.example", "kim.reed@gas.example", "lee.field@golf.example"
START = datetime(2023, 7, 3, 9, tzinfo=UTC)
WORK, PLAY = ("Pipeline capacity", "Steven,\nturbine outage nominations"), ("Saturday round", "Steve,\nclub tee time handicap")


def packed(store, subject, text):
    return traits_of(Text(subject, text), Hashing(store.keys.derive(HASHES))).pack()


def told(store, number, **more):
    """The n-th mail of Anna's: on even days of work, on odd ones of golf."""
    rcpts, text = ((STEVEN, JO, KIM), WORK) if number % 2 == 0 else ((STEVE, LEE), PLAY)
    people = tuple(Address.parse(a) for a in rcpts)
    at = START + timedelta(hours=number)
    return Sighting(f"m{number}", at, Address.parse(ANNA), people, traits=packed(store, *text), **more)


def asked(store, *rcpts, text=WORK, budget=50):
    at = (START + timedelta(days=30)).timestamp()
    return Weighing(ANNA, rcpts, {}, at, packed(store, *text), budget)


@pytest.fixture
def site(store, monkeypatch):
    monkeypatch.setattr(schooling, "LEAST", 200)
    monkeypatch.setattr(schooling, "ROUNDS", 40)
    store.history.learn([told(store, n) for n in range(400)])
    store.model.refresh()
    return store


def test_a_namesake_is_scored_and_an_absent_one_named(site):
    weighed = site.model.weigh(asked(site, STEVE, JO, KIM))
    right = site.model.weigh(asked(site, STEVEN, JO, KIM))
    assert weighed.score > right.score
    assert weighed.absent[JO].address == STEVEN
    assert right.absent == {}


def test_every_node_makes_the_same_of_the_log(site):
    site.model.refresh()
    site.history.learn([told(site, n) for n in range(400, 410)])
    other = RecipientModel(site.rows(), site.model.key)
    other.refresh()
    site.model.refresh()
    assert site.model.weigh(asked(site, STEVE, JO)) == other.weigh(asked(site, STEVE, JO))


def test_what_was_kept_need_not_be_learned_again(site, monkeypatch):
    site.model.keep(site.write)
    assert not site.model.keep(site.write)
    monkeypatch.setattr(traits, "by_time", lambda *_: pytest.fail("learned again"))
    other = RecipientModel(site.rows(), site.model.key)
    other.refresh()
    assert other.weigh(asked(site, STEVE, JO)) == site.model.weigh(asked(site, STEVE, JO))


def test_a_mail_told_twice_counts_once(site):
    site.history.learn([told(site, n) for n in range(400)])
    assert site.model.memory.wrote == 400


def test_who_is_forgotten_is_in_no_node_and_no_page(site):
    site.model.keep(site.write)
    assert site.history.forget(Address.parse(STEVEN)) > 0
    assert site.model.memory.people.known(STEVEN) is None
    assert site.model.memory.people.known(JO) is not None
    assert all(STEVEN not in told.rcpts for told in traits.after(site.rows(), 0))
    assert "memory" not in pages.newest(site.rows())
    again = site.model.weigh(asked(site, STEVE, JO, KIM))
    assert STEVEN not in str(again)


def test_a_forgotten_senders_mail_leaves_the_log(site):
    site.history.forget(Address.parse(ANNA))
    assert traits.last(site.rows()) == 0 or list(traits.after(site.rows(), 0)) == []


def test_scores_of_delivered_mail_move_the_bar(site):
    before = site.model.model.past.bar(2)
    site.history.learn([told(site, n, score=90.0 + n) for n in range(400, 500)])
    assert site.model.model.past.bar(2) > before


def test_nothing_is_said_without_a_past_without_traits_or_of_a_stranger(store, site):
    stranger = Weighing("new@mod.example", (STEVE,), {}, START.timestamp(), packed(site, *WORK), 2)
    assert site.model.weigh(stranger) == NOTHING_WEIGHED


def test_without_numpy_it_is_silent(site, monkeypatch):
    monkeypatch.setattr(recipient_model, "available", lambda: False)
    bare = RecipientModel(site.rows(), site.model.key)
    bare.refresh()
    assert bare.weigh(asked(site, STEVE, JO)) == NOTHING_WEIGHED
    assert not bare.keep(site.write)


def test_trained_on_its_own_past_a_node_takes_it_up(site):
    past = Past(site, frozenset({"mod.example"}), lambda: random.Random(1), 1)
    site.model.refresh()
    trained = past.train()
    assert trained["mails"] == 400
    site.model.refresh()
    assert site.model.model.trained["mails"] == 400
    weighed = site.model.weigh(asked(site, STEVE, JO, KIM))
    assert weighed.doubts[STEVE].id == "namesake"
    assert weighed.doubts[STEVE].meant == STEVEN
    assert site.model.weigh(asked(site, STEVEN, JO, KIM)).doubts == {}
    assert past.train() == trained


def test_measured_on_the_newer_part(site):
    found = Past(site, frozenset({"mod.example"}), lambda: random.Random(1), 1).evaluate()
    by = {(row.kind, row.budget): row for row in found}
    assert by["", 5].share <= 0.05
    assert by["typo-domain", 5].mails > 10
    assert all(row.low <= row.share <= row.high for row in found)


def test_a_model_of_another_version_gives_way_to_the_packaged_one(site):
    Past(site, frozenset({"mod.example"}), lambda: random.Random(1), 1).train()
    document = site.model.model.as_dict()
    document["trees"]["names"][0] = "a-feature-of-tomorrow"
    octets = gzip.compress(json.dumps(document).encode())
    site.write(lambda connection: pages.put(connection, "trees", octets))
    assert site.model.model.trained["on"] == "packaged"


@pytest.mark.parametrize(("step", "to", "bar_moves"), [("confirm", STEVE, True), ("correct", STEVEN, False)])
def test_what_a_sender_decides_at_a_hold_is_learned(site, step, to, bar_moves):
    before, bar = site.model.memory.of(site.model.memory.people.known(ANNA).number), site.model.model.past.bar(2)
    had = {a: before.get(site.model.memory.people.known(a).number).sent for a in (STEVE, STEVEN)}
    held = holding.hold("h1", holding.copy(STEVE), mail_from=Address.parse(ANNA), traits=packed(site, *WORK), score=99.0)
    kept = site.holds.keep(held, holding.BODY)
    said = {"corrected_to": to} if step == "correct" else {}
    site.holds.decide(holding.decision(kept, step, **said))
    now = site.model.memory.of(site.model.memory.people.known(ANNA).number)
    for address, count in had.items():
        assert now.get(site.model.memory.people.known(address).number).sent == count + (address == to)
    assert (site.model.model.past.bar(2) > bar) == bar_moves
    found = site.history.known(Question(Address.parse(ANNA), (Address.parse(to),), frozenset(), (), holding.NOW + holding.HOUR))
    assert found.contacts[to].sent == had[to] + 1
