"""The same text read by Presidio's recognisers and by detect-secrets: part of `python -m bench.content`.

Ours looks for the detectors that the peer has too, through the same `look` that a message goes through. Peers are started
in the interpreter given with `--peers`; without them the benchmark says what is missing and goes on.
"""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.content_peer import ENTITIES
from bench.content_texts import Text
from missent.content.detectors.look import Looker
from missent.content.detectors.registry import DETECTORS
from missent.content.matching.swift import Swift, installed
from missent.content.pieces import Piece

SHARED = {"presidio": frozenset(ENTITIES.values()), "detect-secrets": frozenset({"credentials"})}


@dataclass
class Race:
    """One peer and ours on the same text: MB/s each, texts/s each, findings by id."""

    peer: str
    mb: float = 0.0
    ours_mb_s: float = 0.0
    peer_mb_s: float = 0.0
    times: float = 0.0
    ours_found: dict[str, int] = field(default_factory=dict)
    peer_found: dict[str, int] = field(default_factory=dict)
    skipped: str = ""


def races(posted: Sequence[Text], interpreter: str, most: int = 600) -> list[Race]:
    """Every peer on at most `most` texts: they are slow."""
    step = max(1, len(posted) // most)
    texts = [pieces[-1].text for _, pieces in posted[::step] if pieces][:most]
    return [_race(peer, texts, interpreter) for peer in SHARED]


def _race(peer: str, texts: Sequence[str], interpreter: str) -> Race:
    script = Path(__file__).with_name("content_peer.py")
    ran = subprocess.run([interpreter, str(script), peer], input=json.dumps(texts), capture_output=True, text=True, check=False)
    if ran.returncode:
        why = ran.stderr.strip().splitlines()
        return Race(
            peer, skipped=f"{interpreter} has no {why[-1] if why else peer}: install it there, or name another with --peers"
        )
    told = json.loads(ran.stdout)
    mega = sum(map(len, texts)) / 1e6
    ours, found = _ours(SHARED[peer], texts)
    return Race(
        peer,
        round(mega, 2),
        round(mega / ours, 1),
        round(mega / told["seconds"], 2),
        round(told["seconds"] / ours),
        dict(sorted(found.items())),
        {id_: count for id_, count in sorted(told["found"].items()) if count},
    )


def _ours(ids: frozenset[str], texts: Sequence[str]) -> tuple[float, Counter[str]]:
    chosen = [detector for detector in DETECTORS if detector.id in ids]
    patterns = [pattern for detector in chosen for pattern in detector.patterns]
    looker = Looker(chosen, Swift(patterns) if installed() else None)
    pieces = [[Piece("body", text)] for text in texts]
    looker.look(pieces[0])
    begin = time.process_time()
    findings = [finding for piece in pieces for finding in looker.look(piece)]
    seconds = time.process_time() - begin
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.id] += int(finding.evidence["count"])
    return seconds, counts
