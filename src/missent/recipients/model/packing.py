"""A memory as octets and back, so that a node starts where another left off instead of learning all mail again.

A line of JSON (people, domains, threads), each sender's contacts, the table of facts; compressed. It holds addresses and
name parts, no text; it is kept where the history is.
"""

import json
import zlib
from typing import Any

import numpy as np

from missent.recipients.model.memory import Memory
from missent.recipients.model.ties import Senders

FORMAT = 1


def pack(memory: Memory) -> bytes:
    """All of a memory but its key."""
    return squeeze(gather(memory))


def squeeze(gathered: bytes) -> bytes:
    """What was gathered, compressed: takes its time, and needs the memory no more."""
    return zlib.compress(gathered, 1)


def gather(memory: Memory) -> bytes:
    """All of a memory but its key, to be squeezed."""
    packed = memory.ties.packed()

    def address(number: int) -> str:
        return memory.people.numbered(number).address

    head = {
        "format": FORMAT,
        "wrote": memory.wrote,
        "people": memory.people.as_rows(),
        "next": memory.people.next,
        "domains": memory.domains,
        "threads": [[thread, at, *map(address, people)] for thread, at, people in memory.threads.rows()],
        "ties": {str(number): len(octets) for number, octets in packed.items()},
        "used": memory.sketch.used,
    }
    line = json.dumps(head).encode() + b"\n"
    return line + b"".join(packed.values()) + memory.sketch.cells.tobytes()


def unpack(octets: bytes, key: bytes) -> Memory:
    """Out of `pack`, with the same key. Raises ValueError if it is not that."""
    try:
        line, _, rest = zlib.decompress(octets).partition(b"\n")
        head: dict[str, Any] = json.loads(line)
    except (zlib.error, ValueError) as error:
        raise ValueError("not a memory of the recipient model") from error
    if head.get("format") != FORMAT:
        raise ValueError("a memory of another version")
    memory = Memory(key, bits=0)
    memory.wrote, memory.domains = head["wrote"], head["domains"]
    memory.people.take(head["people"], head["next"])
    for thread, at, *addresses in head["threads"]:
        known = filter(None, map(memory.people.known, addresses))
        memory.threads.put(thread, at, [person.number for person in known])
    packed, start = {}, 0
    for number, size in head["ties"].items():
        packed[int(number)] = rest[start : start + size]
        start += size
    memory.ties = Senders(packed)
    memory.sketch.take(np.frombuffer(rest[start:], np.uint16).copy(), head["used"])
    return memory
