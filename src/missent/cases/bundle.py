"""The bundle of evidence: files, a manifest of their digests, and the chain of events in which the manifest's digest stands.

Anybody can verify with nothing but the bundle that no file was changed, added or taken away since it was exported, and
that the chain hangs together; with the key of the installation, or heads it logged elsewhere, also that the chain is the
true one. Whoever has neither could make up a bundle anew: that is what heads are logged for.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

MANIFEST, CHAIN = "manifest.json", "audit.jsonl"
SCHEMA = "missent.bundle/1"
BEFORE_ALL = "0" * 64

Read = Callable[[str], bytes]
"""A file of the bundle by its name. Raises KeyError if there is none."""

Mac = Callable[[Mapping[str, Any]], str]
"""The MAC of an event of the chain, for who has the key."""


def manifest(digests: Mapping[str, tuple[str, int]], about: Mapping[str, Any]) -> bytes:
    """The manifest of files given by name as SHA-256 (hex) and octets."""
    files = {name: {"sha256": digest, "octets": size} for name, (digest, size) in sorted(digests.items())}
    return json.dumps({"schema": SCHEMA, **about, "files": files}, indent=1, sort_keys=True).encode() + b"\n"


def verify(names: Iterable[str], read: Read, mac: Mac | None = None, heads: Mapping[int, str] | None = None) -> Iterator[str]:
    """Everything that is wrong with a bundle, one line each; nothing if it is whole.

    `heads`: MAC by number of events logged elsewhere.
    """
    try:
        raw = read(MANIFEST)
        listed = json.loads(raw)["files"]
        events = [json.loads(line) for line in read(CHAIN).splitlines()]
    except (KeyError, ValueError, TypeError):
        yield f"{MANIFEST} or {CHAIN} is missing or is none"
        return
    yield from _files(set(names) - {MANIFEST, CHAIN}, listed, read)
    yield from _chain(events, mac, heads or {})
    digest = hashlib.sha256(raw).hexdigest()
    if not any(event.get("kind") == "case.exported" and event["facts"].get("manifest") == digest for event in events):
        yield f"{MANIFEST}: no event of the chain tells of it"


def _files(there: set[str], listed: Mapping[str, Any], read: Read) -> Iterator[str]:
    for name in sorted(there - listed.keys()):
        yield f"{name}: is not in the manifest"
    for name, said in sorted(listed.items()):
        try:
            same = hmac.compare_digest(hashlib.sha256(read(name)).hexdigest(), str(said["sha256"]))
        except KeyError:
            yield f"{name}: is missing"
            continue
        if not same:
            yield f"{name}: was changed"


def _chain(events: list[dict[str, Any]], mac: Mac | None, heads: Mapping[int, str]) -> Iterator[str]:
    number, previous = 0, BEFORE_ALL
    for event in events:
        if event.get("number") != number + 1 or event.get("previous") != previous:
            yield f"{CHAIN}: event {event.get('number')} does not follow event {number}"
            return
        number, previous = event["number"], event["mac"]
        if mac is not None and not hmac.compare_digest(mac(event), previous):
            yield f"{CHAIN}: event {number} does not fit its MAC"
        if heads.get(number, previous) != previous:
            yield f"{CHAIN}: another event was logged as head under number {number}"
