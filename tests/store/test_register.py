import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from missent.nouns.action import Action
from missent.recipients.register import Clearance, Document, Exemption, Partner, Register, Restriction
from missent.store.register import Key

AT = datetime(2023, 7, 3, tzinfo=UTC)
PARTNER = Partner("army.mil", "US Army", discreet=True)
CLEARANCE = Clearance("army.mil", (("uk-gscp", "OFFICIAL"), ("us-cui", "CUI")), ("NATO", "US"), "tls", ("exercise",))
RESTRICTION = Restriction("ml", Action.BLOCK, "country not served")
EXEMPTION = Exemption("restricted-tld", "a@b.ml", "owner", "embassy", date(2027, 1, 31))
DOCUMENT = Document("doc-1", "Plan", frozenset({0, 1, 2**64 - 1}))
ENTRIES = (PARTNER, CLEARANCE, RESTRICTION, EXEMPTION, DOCUMENT)
KEYS = (
    Key("partner", "army.mil"),
    Key("clearance", "army.mil"),
    Key("restriction", "ml"),
    Key("exemption", "a@b.ml", "restricted-tld"),
    Key("document", "doc-1"),
)


def events(store):
    with store.read() as connection:
        rows = connection.execute(text("SELECT kind, actor, facts FROM audit_event ORDER BY number"))
        return [(kind, actor, json.loads(facts)) for kind, actor, facts in rows]


def test_entries_come_back_as_they_were_put(store):
    for entry in ENTRIES:
        store.register.put(entry, AT, "cli:ann")
    assert store.register.read() == Register((PARTNER,), (RESTRICTION,), (EXEMPTION,), {"army.mil": CLEARANCE}, (DOCUMENT,))


def test_an_entry_put_again_is_changed(store):
    for entry in (*ENTRIES, Partner("army.mil"), Clearance("army.mil"), Restriction("ml", Action.HOLD, "asked"), EXEMPTION):
        store.register.put(entry, AT, "cli:ann")
    kept = store.register.read()
    assert (kept.partners, kept.exemptions) == ((Partner("army.mil"),), (EXEMPTION,))
    assert dict(kept.clearances) == {"army.mil": Clearance("army.mil")}
    assert kept.restrictions == (Restriction("ml", Action.HOLD, "asked"),)


@pytest.mark.parametrize(("entry", "key"), list(zip(ENTRIES, KEYS, strict=True)), ids=[key.kind for key in KEYS])
def test_an_entry_is_removed_once(store, entry, key):
    store.register.put(entry, AT, "cli:ann")
    assert store.register.remove(key, AT, "cli:ann")
    assert not store.register.remove(key, AT, "cli:ann")
    assert store.register.read() == Register()
    assert [facts["change"] for _, _, facts in events(store)] == ["put", "removed"]


def test_every_change_is_evidence_without_a_plain_address(store):
    for entry in ENTRIES:
        store.register.put(entry, AT, "cli:ann")
    told = events(store)
    assert [(kind, actor) for kind, actor, _ in told] == [("register.changed", "cli:ann")] * 5
    assert [facts["entry"] for _, _, facts in told] == ["partner", "clearance", "restriction", "exemption", "document"]
    assert [facts["name"] for _, _, facts in told][:3] == ["army.mil", "army.mil", "ml"]
    assert told[3][2]["name"] == store.keys.alias("a@b.ml")


def test_the_newest_policy_is_active_and_the_same_text_changes_nothing(store):
    assert store.policies.active() is None
    first = store.policies.put("a = 1", AT, "cli:ann")
    assert store.policies.put("a = 1", AT, "cli:bob") == first
    second = store.policies.put("a = 2", AT, "cli:bob")
    assert store.policies.active() == second
    assert second.number > first.number
    assert (second.version[:7], second.text, second.at, second.actor) == ("sha256:", "a = 2", AT, "cli:bob")
    assert store.policies.put("a = 1", AT, "cli:ann").number > second.number
    assert [kind for kind, _, _ in events(store)] == ["policy.changed"] * 3


def test_rows_are_read_through_the_store(store):
    put = store.policies.put("a = 1", AT, "cli:ann")
    select = "SELECT text FROM policy WHERE version IN :versions"
    assert [tuple(row) for row in store.rows().rows(select, versions=[put.version, "x", "y"])] == [("a = 1",)]
    assert store.rows().rows(select, versions=[]) == []


def test_forgetting_a_person_is_evidence_under_a_keyed_hash(store):
    from missent.nouns.address import Address
    from missent.nouns.sighting import Sighting

    jane = Address.parse("jane.doe@army.mil")
    store.history.learn([Sighting("m", AT, Address.parse("ann@mod.example"), (jane,))])
    assert store.history.forget_for(Address.parse("nobody@army.mil"), AT, "cli:ann") == 0
    gone = store.history.forget_for(jane, AT, "cli:ann")
    assert events(store) == [("history.forgotten", "cli:ann", {"person": store.keys.alias(jane.key), "rows": gone})]
