"""What a bundle shows to somebody who has nothing but it."""

import hashlib
import json

import pytest

from missent.cases.bundle import CHAIN, MANIFEST, manifest, verify


def made():
    files = {"case.json": b"{}", "messages/1.eml": b"From: a@mod.example\n\nHi\n"}
    files[MANIFEST] = manifest({n: (hashlib.sha256(c).hexdigest(), len(c)) for n, c in files.items()}, {"case": "c1"})
    first = {"number": 1, "kind": "case.opened", "facts": {}, "previous": "0" * 64, "mac": "a" * 64}
    told = {"manifest": hashlib.sha256(files[MANIFEST]).hexdigest()}
    last = {"number": 2, "kind": "case.exported", "facts": told, "previous": "a" * 64, "mac": "b" * 64}
    files[CHAIN] = "".join(json.dumps(event) + "\n" for event in (first, last)).encode()
    return files


def faults(files, **how):
    return list(verify(files, files.__getitem__, **how))


def test_a_whole_bundle():
    assert faults(made()) == []
    assert faults(made(), mac=lambda event: event["mac"], heads={2: "b" * 64}) == []


HARM = {
    "changed": (lambda f: f.update({"case.json": b"{ }"}), "case.json: was changed"),
    "removed": (lambda f: f.pop("messages/1.eml"), "messages/1.eml: is missing"),
    "added": (lambda f: f.update({"messages/2.eml": b"x"}), "messages/2.eml: is not in the manifest"),
    "manifest-rewritten": (
        lambda f: f.update({MANIFEST: f[MANIFEST] + b" "}),
        "manifest.json: no event of the chain tells of it",
    ),
    "event-removed": (lambda f: f.update({CHAIN: f[CHAIN].splitlines()[1]}), "audit.jsonl: event 2 does not follow event 0"),
    "no-chain": (lambda f: f.pop(CHAIN), "manifest.json or audit.jsonl is missing or is none"),
    "garbage": (lambda f: f.update({MANIFEST: b"[]"}), "manifest.json or audit.jsonl is missing or is none"),
}


@pytest.mark.parametrize("name", HARM)
def test_harm_is_seen_without_any_key(name):
    harm, says = HARM[name]
    files = made()
    harm(files)
    assert says in faults(files)


def test_a_chain_made_up_anew_is_seen_with_the_key_or_logged_heads():
    assert faults(made(), mac=lambda event: "c" * 64) == [
        "audit.jsonl: event 1 does not fit its MAC",
        "audit.jsonl: event 2 does not fit its MAC",
    ]
    assert faults(made(), heads={2: "d" * 64}) == ["audit.jsonl: another event was logged as head under number 2"]
