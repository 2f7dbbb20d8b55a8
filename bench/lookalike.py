"""How well and how fast lookalikes are found: `python -m bench.lookalike [PATH] [--format plain|json]`.

Without a path: 50,000 made-up names are known; slips are dnstwist's of some of them, a missing dot, and wrong suffixes.
Beside ours stands a peer that compares letter by letter with everything (rapidfuzz, one edit), and as limit a plain set.
PATH is a folder with `typos/*.tsv` and `enron/*.mbox.gz`: see `bench.real_slips`.
"""

import argparse
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from missent.checks.context import Context
from missent.checks.lookalike_domain import look
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.recipients.book import Mark, packaged
from missent.recipients.names import Names

KNOWN, SAMPLE, SLIPS, ASKED = 50_000, 120, 300, 8_000
SUFFIXES = ["com"] * 10 + ["net", "org", "org", "co.uk", "co.uk", "de", "fr", "eu", "com.au", "nl", "it", "info"]
WRONG = ["com", "net", "org", "co", "cm", "uk", "ml", "ru", "io", "info"]

Rows = list[dict[str, object]]


def made_up(count: int, chance: random.Random) -> list[str]:
    """Names such as organisations have: parts of real labels put together, each label once."""
    labels = sorted({name.removesuffix(".gov") for name in packaged().named(Mark.LISTED) if name.endswith(".gov")})
    names: dict[str, str] = {}
    while len(names) < count:
        one, other = chance.choice(labels), chance.choice(labels)
        label = (one[: chance.randint(2, 7)] + other[-chance.randint(2, 8) :]).strip("-")
        if len(label) > 3 or chance.random() < 0.1:
            names.setdefault(label, f"{label}.{chance.choice(SUFFIXES)}")
    return sorted(names.values())


def slips(known: str, chance: random.Random) -> list[tuple[str, str]]:
    """(family, wrong domain) of one known name, at most SLIPS."""
    import dnstwist

    fuzzer = dnstwist.Fuzzer(known, tld_dictionary=list(WRONG))
    fuzzer.generate()
    made = sorted((p["fuzzer"], p["domain"]) for p in fuzzer.domains if p["fuzzer"] != "*original")
    made.append(("missing dot", known.replace(".", "", 1)))
    return chance.sample(made, min(len(made), SLIPS))


def families(names: Names, known: list[str], chance: random.Random) -> Rows:
    """Recall, and share of right suggestions, by dnstwist's family."""
    made, found, right = Counter[str](), Counter[str](), Counter[str]()
    for name in chance.sample(known, SAMPLE):
        for family, wrong in slips(name, chance):
            if names.kind(wrong):
                continue
            resembled = names.resembling(wrong)
            for group in (family, "all"):
                made[group] += 1
                found[group] += any(r.known == name for r in resembled)
                right[group] += bool(resembled) and resembled[0].meant == name
    return [
        {
            "measure": f"slips: {family}",
            "n": made[family],
            "found": found[family] / made[family],
            "right": right[family] / made[family],
        }
        for family in sorted(made, key=lambda f: (f == "all", f))
    ]


def accused(names: Names, domains: Iterable[str]) -> tuple[int, int]:
    """How many unknown domains there are, and how many are accused without any evidence but their name."""
    asked = wrong = 0
    for domain in domains:
        if names.kind(domain):
            continue
        asked += 1
        if resembled := names.resembling(domain):
            context = Context(datetime.now(UTC), frozenset(("mod.example",)), names, resembling={domain: resembled})
            wrong += any(look(None, Envelope(None, (Recipient(Address("a", domain)),)), context))
    return asked, wrong


def a_second(ask: Callable[[str], object], domains: list[str], times: int = 3) -> float:
    """Questions answered a second of processor time, the best of some runs."""
    best = 0.0
    for _ in range(times):
        start = time.process_time()
        for domain in domains:
            ask(domain)
        best = max(best, len(domains) / (time.process_time() - start))
    return best


def figures() -> Rows:
    """Everything that needs no path."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    chance = random.Random(1)
    known = made_up(KNOWN, chance)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    names = Names(own=["mod.example"], registered=known)
    names.build()
    built = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    unrelated = sorted({*packaged().named(Mark.FREE_MAIL), *packaged().named(Mark.DISPOSABLE)})
    asked = chance.sample(unrelated, ASKED)
    few = Names(own=["mod.example"], registered=["arms-maker.com", "travel-agent.net"])
    number, wrong = accused(few, unrelated)
    rows: Rows = [{"measure": "index of 50,000: seconds, MB", "n": KNOWN, "seconds": built, "MB": grown}]
    rows.append({"measure": "asked a second", "n": ASKED, "per second": a_second(names.resembling, asked)})
    rows.append({"measure": "peer: rapidfuzz, one edit", "n": 50, "per second": a_second(
        lambda d: process.extract(d, known, scorer=OSA.distance, score_cutoff=1, limit=5), asked[:50], 1)})  # fmt: skip
    rows.append({"measure": "limit: a set", "n": ASKED, "per second": a_second(set(known).__contains__, asked)})
    rows.append({"measure": "unrelated, accused by packaged names", "n": number, "accused": wrong / number})
    return rows + families(names, known, chance)


def table(rows: Rows) -> Iterator[str]:
    """Rows as aligned text; a share as a percentage."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [columns, *([_cell(column, row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        yield "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True)))


def _cell(column: str, value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2%}" if column in ("found", "right", "accused") else f"{value:,.{0 if value > 100 else 2}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.lookalike", description=__doc__)
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    options = parser.parse_args()
    if options.path:
        from bench.real_slips import real_slips

        rows = real_slips(options.path)
    else:
        rows = figures()
    print(json.dumps(rows, indent=1) if options.format == "json" else "\n".join(table(rows)))


if __name__ == "__main__":
    main()
