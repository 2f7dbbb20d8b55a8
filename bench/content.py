"""What reading content finds, how fast, and beside whom.

`python -m bench.content [PATH…] [--format plain|json] [--mails N] [--peers PYTHON]`

A PATH is a folder, a tar archive of pages as text (`*.txt`), an mbox (`*.mbox`, also gzipped), or labelled sentences as
presidio-research writes them (`*.json`); nothing of it is printed but counts and ids. Without a PATH made-up pages are read.
Tables: the way from octets to findings, peers on the same text, labelled sets, strings that scanners publish, papers,
findings in ordinary mail, markings.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import content_markings, content_papers, content_secrets
from bench.content_false import Ordinary, ordinary
from bench.content_labels import Score, scores
from bench.content_peers import Race, races
from bench.content_speed import Step, steps
from bench.content_texts import gather, made_up
from missent.content.detectors.look import Looker
from missent.content.detectors.registry import DETECTORS

MOST_FALSE = 2.0
"""Findings at `high` per 1,000 ordinary messages."""


def main() -> int:
    """Print the tables; 1 if a figure that does not depend on the machine is not as it must be."""
    parser = argparse.ArgumentParser(prog="bench.content", description="Content: what is found, falsely found, how fast.")
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--mails", type=int, default=10_000, help="how many mails to read at most")
    parser.add_argument("--peers", default=sys.executable, help="interpreter that has presidio-analyzer and detect-secrets")
    options = parser.parse_args()
    corpora = gather(options.paths, options.mails) if options.paths else made_up()
    looker = Looker(DETECTORS)
    looker.ripen()
    found: dict[str, Any] = {
        "way": steps(corpora.raw[:4000], corpora.posted[:4000]) if corpora.posted else [],
        "peers": races(corpora.posted, options.peers) if corpora.posted else [],
        "labels": scores(corpora.sentences, looker),
        "secrets": content_secrets.published(looker),
        "papers": content_papers.papers(corpora.released, corpora.posted, looker),
        "ordinary": ordinary(corpora.posted, looker),
        "markings": content_markings.rows(corpora.released, corpora.posted),
    }
    if options.format == "json":
        rows = {name: [asdict(row) for row in part] if isinstance(part, list) else asdict(part) for name, part in found.items()}
        print(json.dumps({**rows, "skipped": corpora.skipped}, indent=1))
    else:
        print("\n".join(_said(found)))
        for path in corpora.skipped:
            print(f"skipped, neither pages, mbox nor labelled sentences: {path}", file=sys.stderr)
    good = all(map(content_markings.good, found["markings"])) and found["ordinary"].per_thousand <= MOST_FALSE
    return 0 if good else 1


def _said(found: dict[str, Any]) -> Iterator[str]:
    yield from _way(found["way"])
    yield from _peers(found["peers"])
    yield from _labels(found["labels"])
    yield from content_secrets.said(found["secrets"])
    yield from content_papers.said(found["papers"])
    yield from _ordinary(found["ordinary"])
    yield from content_markings.said(found["markings"])


def _way(way: Sequence[Step]) -> Iterator[str]:
    yield f"{'the way, one core':<36}{'on':>6}{'MB/s':>10}{'texts/s':>10}"
    yield from (f"{s.step:<36}{s.on:>6}{s.mb_s:>10}{s.texts_s:>10}" for s in way)


def _peers(peers: Sequence[Race]) -> Iterator[str]:
    yield f"\n{'peer, entities both have':<26}{'MB':>8}{'ours MB/s':>12}{'peer MB/s':>12}{'times':>8}"
    for race in peers:
        if race.skipped:
            yield f"{race.peer:<26}skipped: {race.skipped}"
            continue
        yield f"{race.peer:<26}{race.mb:>8}{race.ours_mb_s:>12}{race.peer_mb_s:>12}{race.times:>8}"
        yield f"  ours found {race.ours_found}, {race.peer} {race.peer_found}"


def _labels(labels: Sequence[Score]) -> Iterator[str]:
    yield f"\n{'labels, second half':<22}{'detector':<24}{'there':>7}{'found':>7}{'false':>7}{'recall':>8}{'precision':>11}"
    for s in labels:
        yield f"{s.labels:<22}{s.id:<24}{s.there:>7}{s.found:>7}{s.false:>7}{s.recall:>8.3f}{s.precision:>11.3f}"


def _ordinary(told: Ordinary) -> Iterator[str]:
    yield f"\nordinary mail: {told.messages} messages, {told.high} with a finding at high, {told.per_thousand} per 1,000"
    yield "  " + ", ".join(f"{what}: {count}" for what, count in told.by_finding.items())
    yield from (f"  high {id_}: {' '.join(ids)}" for id_, ids in told.high_ids.items())
    yield ""


if __name__ == "__main__":
    sys.exit(main())
