"""Replay knows at each message only what came before; slips are those that time has shown."""

from datetime import UTC, datetime, timedelta

import pytest

from missent.archive.readers import sources
from missent.archive.replay import spool as spooling
from missent.archive.replay.replaying import Setting, replay
from missent.archive.replay.spool import Within, in_order, spool
from missent.errors import ConfigError
from missent.policy.reading import default_policy, read_policy
from missent.testing.planted import OWN, Archive, mail, plant

LET_ALL_GO = read_policy(b'[[rule]]\nname = "all"\naction = "deliver"\n', "all.toml")
ALWAYS = Within()
SETTING = Setting(frozenset([OWN]))


def replayed(tmp_path, folder, *policies, within=ALWAYS):
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.spool"
    spooled = spool(sources(folder), path, within)
    return replay(path, policies or (default_policy(),), SETTING, within), spooled


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay")
    archive = plant(each=4)
    archive.write(folder)
    return archive, folder


def test_two_policies_side_by_side(tmp_path, planted):
    told, spooled = replayed(tmp_path, planted[1], default_policy(), LET_ALL_GO)
    strict, lenient = told.outcomes
    assert told.slips["bounce"] == told.slips["wrong-address"] == told.slips["sent-again"] == 4
    assert strict.caught == told.slips
    assert lenient.caught.total() == lenient.prompts == 0
    assert strict.by_rule["lookalike"] == told.slips.total()
    assert strict.prompts >= 12
    assert lenient.actions["deliver"] == sum(strict.actions.values())
    assert spooled.messages < spooled.copies
    assert 0 < told.senders <= 15 <= told.person_weeks


def test_the_default_policy_holds_planted_slips_and_asks_about_nothing_else(tmp_path, planted):
    told, _ = replayed(tmp_path, planted[1])
    slips = {(p.message_id, p.rcpt) for p in planted[0].planted if not p.kind.startswith("log")}
    assert told.outcomes[0].held <= len(slips)
    assert told.outcomes[0].held > 0.7 * len(slips)


def at(day, minutes=0):
    return datetime(2023, 1, 2, 9, tzinfo=UTC) + timedelta(days=day, minutes=minutes)


def letter(day, sender, rcpt, **fields):
    told = {"From": sender, "To": rcpt, "Date": f"{at(day):%a, %d %b %Y %H:%M:%S +0000}", "Message-ID": f"<{day}.{sender}>"}
    return at(day), mail(told | {name.replace("_", "-"): value for name, value in fields.items()}, f"Text {day} {sender}\n")


def test_nothing_is_known_before_its_time(tmp_path):
    """A slip before the partner is established is not held; the same slip afterwards is."""
    me, partner, slip = f"anna.clark@{OWN}", "doe@harbour-works.com", "doe@harbour-wroks.com"
    archive = Archive()
    box = archive.boxes.setdefault("anna", [])
    box.append(letter(1, me, slip))
    for day in (2, 4, 6, 8):
        box.append(letter(day, me, partner))
        box.append(letter(day + 0.5, partner, me, In_Reply_To=f"<{day}.{me}>"))
    box.append(letter(20, me, slip.replace("doe", "roe")))
    archive.write(tmp_path / "mail")
    told, _ = replayed(tmp_path, tmp_path / "mail")
    early, _ = replayed(tmp_path, tmp_path / "mail", within=Within(until=at(10)))
    late, _ = replayed(tmp_path, tmp_path / "mail", within=Within(since=at(10)))
    assert [t.outcomes[0].held for t in (told, early, late)] == [1, 0, 1]
    assert (early.judged, late.judged) == (5, 1)


def test_order_of_mailboxes_does_not_matter(tmp_path, planted):
    path = tmp_path / "spool"
    spool(reversed(list(sources(planted[1]))), path, Within())
    moments = [moment for moment, _ in in_order(path)]
    assert moments == sorted(moments)
    told = replay(path, (default_policy(),), SETTING, Within())
    assert told.outcomes[0].actions == replayed(tmp_path, planted[1])[0].outcomes[0].actions


def test_what_cannot_be_replayed_is_said(tmp_path):
    archive = Archive(boxes={"a": [(at(1), mail({"From": f"a@{OWN}", "To": "b@x.example"}))]})
    archive.write(tmp_path / "mail")
    (tmp_path / "mail" / "junk").write_bytes(b"\0" * 100)
    _, spooled = replayed(tmp_path, tmp_path / "mail")
    assert (spooled.undated, [s.reason for s in spooled.skipped]) == (1, ["not-a-known-type"])


def test_memory_is_bounded_by_refusing_more(tmp_path, planted, monkeypatch):
    monkeypatch.setattr(spooling, "MOST", 100)
    with pytest.raises(ConfigError, match="more than 100 messages"):
        spool(sources(planted[1]), tmp_path / "spool", Within())
