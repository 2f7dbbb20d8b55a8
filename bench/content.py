"""What reading content finds, and how fast: so far the markings.

`python -m bench.content [PATH…] [--format plain|json] [--mails N]`

A PATH is a folder, a tar archive of pages as text (`*.txt`), or an mbox (`*.mbox`, also gzipped); nothing of it is
printed but counts and ids. Pages are taken for released papers of the US State Department: one that bears a determination
("Classified by …") must be found to be classified; of the others those that bear a mark of their own in a line or before
a paragraph are set aside by id, and the rest must not be found to be classified. Mails are ordinary firms' mail in which
every government's marking is false. Without a PATH made-up pages are read. Speed is beside the limit: the same text
lower-cased and searched once for every stem, which no reader avoids.
"""

import argparse
import email
import gzip
import json
import mailbox
import re
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from missent.content.markings.find import find_markings
from missent.content.markings.found import Found
from missent.content.markings.high_water import high_water
from missent.content.markings.slots import STEMS
from missent.content.pieces import Piece

Text = tuple[str, tuple[Piece, ...]]
"""An id and what is to be read."""

GOVERNMENTS = ("uk-gscp", "uk-gpms", "us-eo13526", "us-cui", "nato", "au-pspf")
_DETERMINED = re.compile(r"(?i)classified\s+by\b")
_WORD = r"\W{0,5}(?:TOP SECRET|S ?E ?C ?R ?E ?T|CONFIDENTIAL|C O N F I D E N T I A L)(?://.*)?\W{0,5}"
_OWN_MARK = re.compile(rf"(?m)^(?:.*\s{{3,}})?{_WORD}(?:\s{{3,}}.*)?$|^\s*(?:\w{{1,3}}\.\s)?\((?:C|S|TS)(?://.*)?\)\s")


@dataclass
class Row:
    """One line of the table: a corpus read with one own scheme. Ids name what a person should look at."""

    corpus: str
    own_scheme: str
    texts: int
    mb: float
    mb_s: float
    limit_mb_s: float
    texts_s: float
    to_find: int
    found: int
    others: int
    false: int
    missed_ids: list[str] = field(default_factory=list)
    false_ids: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    by_marking: dict[str, int] = field(default_factory=dict)


def timed(texts: Sequence[Text], own: str) -> tuple[list[tuple[Found, ...]], float, float]:
    """Markings of every text, processor seconds for them, and for the least that any reader does."""
    begin = time.process_time()
    found = [find_markings(pieces, own) for _, pieces in texts]
    middle = time.process_time()
    for _, pieces in texts:
        for piece in pieces:
            low = piece.text.lower()
            sum(stem in low for stem in STEMS)
    return found, middle - begin, time.process_time() - middle


def measure(
    corpus: str, texts: Sequence[Text], own: str, to_find: Callable[[str], bool], own_mark: Callable[[str], bool]
) -> Row:
    """Read all texts and compare with what should be found."""
    found, seconds, least = timed(texts, own)
    size = sum(len(p.text) for _, pieces in texts for p in pieces) / 1e6
    row = Row(corpus, own, len(texts), round(size, 2), round(size / max(seconds, 1e-9), 1), round(size / max(least, 1e-9), 1),
              round(len(texts) / max(seconds, 1e-9)), 0, 0, 0, 0)  # fmt: skip
    kinds: Counter[str] = Counter()
    for (name, pieces), markings in zip(texts, found, strict=True):
        kinds.update({f"{f.marking.scheme} {f.marking.level}" for f in markings})
        body = pieces[-1].text
        classified = grave(markings)
        if to_find(body):
            row.to_find += 1
            row.found += classified
            row.missed_ids += [] if classified else [name]
        elif own_mark(body):
            row.set_aside.append(name)
        else:
            row.others += 1
            row.false += classified
            row.false_ids += [name] if classified else []
    row.by_marking = dict(sorted(kinds.items()))
    return row


def grave(markings: tuple[Found, ...]) -> bool:
    """Whether the message's mark is one of a government, and not that it is unclassified."""
    top = high_water(f for f in markings if f.marking.scheme in GOVERNMENTS)
    return top is not None and (top.level != "UNCLASSIFIED" or top.scheme != "us-eo13526")


def pages(path: Path) -> Iterator[Text]:
    """Text files of an archive."""
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".txt") else None
            if file is not None:
                yield Path(member.name).stem, (Piece("attachment:1", file.read().decode("utf-8", "replace")),)


def mails(path: Path) -> Iterator[Text]:
    """Subject and text of an mbox's messages, one part each."""
    with tempfile.NamedTemporaryFile(suffix=".mbox") as plain:
        plain.write(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
        plain.flush()
        box = mailbox.mbox(plain.name, create=False)
        for key in box.iterkeys():
            message = email.message_from_bytes(box.get_bytes(key))
            part = next((p for p in message.walk() if p.get_content_type() == "text/plain"), message)
            body = part.get_payload(decode=True)
            text = body.decode("utf-8", "replace") if isinstance(body, bytes) else ""
            subject = str(message.get("Subject", ""))
            yield f"{path.name.partition('.')[0]}:{key}", (Piece("subject", subject), Piece("body", text))
        box.close()


def made_up() -> list[Text]:
    """Pages of plain prose, each tenth with a determination."""
    prose = "The clerk read the report and put it into the drawer with the others that nobody had asked for.\n" * 30
    block = "Classified by A, B on 01/01/2001\n~ Class: CONFIDENTIAL ~ Reason: 1.4(D) ~ Declassify on: 01/01/2030\n\n"
    return [(str(n), (Piece("attachment:1", f"UNCLASSIFIED\n\n{'' if n % 10 else block}{prose}"),)) for n in range(1000)]


def gather(paths: Sequence[Path], most: int) -> tuple[list[Text], list[Text], list[str]]:
    """Pages, mails (evenly chosen, at most `most`) and what was skipped."""
    files = [f for path in paths for f in (sorted(path.rglob("*")) if path.is_dir() else [path]) if f.is_file()]
    archives = [f for f in files if tarfile.is_tarfile(f)]
    boxes = [f for f in files if f not in archives and re.search(r"\.mbox(\.gz)?$", f.name)]
    skipped = [str(f) for f in files if f not in archives and f not in boxes]
    every = [m for box in boxes for m in mails(box)]
    step = max(1, len(every) // most)
    return [p for archive in archives for p in pages(archive)], every[::step][:most], skipped


def main() -> int:
    """Print the table; 1 if a figure is not as it must be."""
    parser = argparse.ArgumentParser(prog="bench.content", description="Markings found, falsely found, and how fast.")
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--mails", type=int, default=10_000, help="how many mails to read at most")
    options = parser.parse_args()
    released, posted, skipped = gather(options.paths, options.mails) if options.paths else (made_up(), [], [])
    rows = [measure("pages", released, own, has(_DETERMINED), has(_OWN_MARK)) for own in ("us-eo13526", "") if released]
    rows += [measure("mails", posted, own, never, never) for own in ("uk-gscp", "us-eo13526", "") if posted]
    if options.format == "json":
        print(json.dumps({"markings": [asdict(r) for r in rows], "skipped": skipped}, indent=1))
    else:
        show(rows, skipped)
    return 0 if all(r.found >= 0.98 * r.to_find and r.false <= 0.005 * max(r.others, 1) for r in rows) else 1


def has(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether a text has what the pattern looks for."""
    return lambda text: pattern.search(text) is not None


def never(_: str) -> bool:
    """Nothing is there to be found."""
    return False


def show(rows: Sequence[Row], skipped: Sequence[str]) -> None:
    """The table for people, ids below it."""
    print("markings")
    heads = ("corpus", "own scheme", "texts", "MB", "MB/s", "limit", "texts/s", "to find", "found", "others", "false", "aside")
    lines = [(r.corpus, r.own_scheme or "(none)", r.texts, r.mb, r.mb_s, r.limit_mb_s, r.texts_s, r.to_find,
              share(r.found, r.to_find),
              r.others, share(r.false, r.others), len(r.set_aside)) for r in rows]  # fmt: skip
    for line in (heads, *lines):
        print("  ".join(f"{cell:>12}" for cell in line))
    for row in rows:
        for what, ids in (("missed", row.missed_ids), ("false", row.false_ids), ("set aside", row.set_aside)):
            if ids:
                print(f"{row.corpus}, {row.own_scheme or '(none)'}: {what}: {' '.join(ids)}")
        print(f"{row.corpus}, {row.own_scheme or '(none)'}: " + ", ".join(f"{k}: {n}" for k, n in row.by_marking.items()))
    for path in skipped:
        print(f"skipped, neither pages nor mbox: {path}", file=sys.stderr)


def share(part: int, whole: int) -> str:
    """`299 (99.7 %)`."""
    return f"{part} ({100 * part / whole:.1f} %)" if whole else str(part)


if __name__ == "__main__":
    sys.exit(main())
