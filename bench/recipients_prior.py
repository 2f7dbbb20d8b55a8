"""Makes the packaged model: `python -m bench.recipients_prior PATH OUT [--mistyped TSV]`.

PATH is a folder of mailboxes as in `bench.recipients`; OUT is `src/missent/recipients/data/prior.json.gz`. What is written
asks about counts, likenesses and ratios; it holds no address, name or word, but digests of the mailboxes' file names. The
shipped past stands for a tenth of the mails, so that a site's own scores soon outweigh it. Bars are set with senders left out
in turn: a site's senders are new to it.
"""

import argparse
import gzip
import json
import random
from dataclasses import replace
from pathlib import Path

from bench.recipients import mistyped
from bench.recipients_corpus import boxes, stream
from bench.recipients_online import right
from bench.recipients_start import digest, thinned
from missent.recipients.model.memory import Memory
from missent.recipients.model.model import Model
from missent.recipients.model.schooling import Lesson, School, by_sender, graduate


def prior(folder: Path, wrong: frozenset[str], seed: int = 1) -> Model:
    """A model of all boxes of a folder."""
    found = boxes(folder)
    school = School(Memory(bits=24), random.Random(seed), {b.main for b in found}.__contains__)
    lessons = list(school.lessons(right(stream(found), wrong)))
    return packaged(school.names, lessons, [b.user for b in found], seed)


def packaged(names: tuple[str, ...], lessons: list[Lesson], users: list[str], seed: int = 1) -> Model:
    """The model to be shipped; it says by digests of their names which mailboxes it learned from."""
    model = graduate(names, lessons, seed, folds=by_sender)
    trained = {**model.trained, "on": "packaged", "upto": 0, "boxes": sorted(map(digest, users))}
    return replace(model, past=thinned(model.past), trained=trained)


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mistyped", type=Path, help="table of domains really mistyped: mail to them is left out")
    given = parser.parse_args()
    model = prior(given.path, mistyped(given.mistyped) if given.mistyped else frozenset())
    packed = gzip.compress(json.dumps(model.as_dict(), separators=(",", ":")).encode(), 9, mtime=0)
    given.out.write_bytes(packed)
    print(f"{len(packed):,} octets, {model.trained['mails']:,} mails, {model.trained['slips']:,} slips")


if __name__ == "__main__":
    main()
