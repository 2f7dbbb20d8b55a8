"""Messages a second through a real Postfix: alone, and with each filter that may stand in its path.

`python -m bench.mailpath [--format plain|json] [--pairs N] [--messages N] [--size S] [--only NAME]… [--workers N] [--memory N]`

Needs root, Postfix and its `smtp-source` and `smtp-sink`; rspamd, OpenDKIM and amavis where they are installed (Debian:
`rspamd opendkim amavisd-new`). One Postfix serves all, each filter on a listener of its own. Every run of a filter follows
its own run without one (a pair), filters in a new order each round; ratios are medians over the pairs, until the sink has
the last message. missent is `missent serve`: every message is parsed, judged with the packaged policy, logged, and told to
history; "held" means that each is kept durably and asked about, and there accepting is timed, for Postfix alone as well.
The milter that does nothing shares missent's protocol layer. Peers do other work: the ratios say what this place costs
with them, not how fast they do the same. Equal work varies by a tenth on a busy machine.
"""

import argparse
import json
import signal
import sys

from bench.mailpath import measures, message
from bench.mailpath.filters import FILTERS, MISSENT
from bench.mailpath.measures import Row
from bench.mailpath.stand import SESSIONS, Stand, stand
from missent.testing.postfix import why_not

SIZES = {"5 kB": message.small, "46 kB": message.large}


def main() -> None:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever loses patience: what was started is ended all the same
    if reason := why_not():
        sys.exit(f"bench.mailpath: {reason}")
    sizes = {name: make() for name, make in SIZES.items() if not given.size or name.startswith(given.size)}
    wanted = [one for one in FILTERS if not given.only or any(word.lower() in one.name.lower() for word in given.only)]
    with stand(sizes, wanted, given.workers) as standing:
        found = _measure(standing, list(sizes), given)
    print(json.dumps(found) if given.format == "json" else _table(found))


def _measure(standing: Stand, sizes: list[str], given: argparse.Namespace) -> dict[str, list[Row]]:
    rows: list[Row] = []
    waits: list[Row] = []
    grown: list[Row] = []
    for size in sizes:
        rows += measures.throughput(standing, size, given.pairs, given.messages, _told)
        own = next((row for row in rows if row["filter"] == MISSENT.name and row["size"] == size), None)
        if own and given.latency:
            _told(f"{size}: latency at half load")
            waits.append(measures.latency(standing, size, own["per_s"] / 2, given.messages, 3))
    if given.memory and MISSENT in standing.filters:
        grown.append(measures.memory(standing, sizes[0], given.memory, _told))
    skipped: list[Row] = [{"filter": name, "skipped": why} for name, why in standing.skipped.items()]
    return {"throughput": rows, "latency": waits, "memory": grown, "skipped": skipped}


def _told(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _table(found: dict[str, list[Row]]) -> str:
    lines = [f"through Postfix, {SESSIONS} sessions, one message each; of_alone: messages a second, Postfix alone being 1"]
    for rows in found.values():
        if rows:
            lines += ["", *_columns(rows)]
    return "\n".join(lines)


def _columns(rows: list[Row]) -> list[str]:
    texts = [list(rows[0]), *(["" if value is None else str(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in texts]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.mailpath", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--size", help="only this: 5 or 46", default="")
    parser.add_argument("--only", action="append", default=[], help="only filters with this in their name; may be repeated")
    parser.add_argument("--workers", type=int, default=1, help="missent's gateway processes")
    parser.add_argument("--no-latency", dest="latency", action="store_false")
    parser.add_argument("--memory", type=int, nargs="?", const=100_000, default=0, help="also memory after so many messages")
    return parser.parse_args()


if __name__ == "__main__":
    main()
