"""Planted truth for `python -m bench.scan --planted N`: found, missed and false by kind, and what each exposure had to say."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from missent.archive.scan import running
from missent.archive.scan.examining import Bench
from missent.archive.scan.exposure import Exposure
from missent.archive.scan.pool import here
from missent.archive.scan.state import State
from missent.policy.reading import default_policy
from missent.testing.planted import OWN, Planted, plant
from missent.testing.planted_kinds import KINDS, REGISTER, SCHEME

Rows = list[dict[str, object]]


def truth(folder: Path, each: int) -> Rows:
    """Found and missed by kind of planted exposure; false are exposures that were not planted."""
    archive = plant(seed=7, each=each, ordinary=100 * each, more=KINDS)
    archive.write(folder / "planted")
    state = State(folder / "truth")
    bench = Bench(frozenset([OWN]), default_policy(), REGISTER, own_scheme=SCHEME)
    running.scan(running.Request((folder / "planted",), bench, content=True), state, here, lambda *_: None)
    found = {(e.message_id.strip("<>"), e.rcpt): e for e in running.exposures(state)}
    planted = {(p.message_id, p.rcpt): p for p in archive.planted}
    kinds = Counter(p.kind for p in planted.values())
    got = Counter(planted[key].kind for key in planted.keys() & found.keys())
    rows: Rows = [
        {"kind": kind, "planted": kinds[kind], "found": got[kind], "missed": kinds[kind] - got[kind]} for kind in kinds
    ]
    rows += _said([(p, found[key]) for key, p in planted.items() if key in found])
    false = found.keys() - planted.keys()
    established = [key for key in false if key[1].rpartition("@")[2] in archive.silent]
    rows.append({"kind": "false", "planted": 0, "found": len(false), "missed": 0})
    rows.append({"kind": "false: an established domain", "planted": 0, "found": len(established), "missed": 0})
    return rows


def _said(pairs: list[tuple[Planted, Exposure]]) -> Rows:
    """Whether what was found says what it had to."""
    return [
        _row("aftermath linked", (p.after in [a.kind for a in e.aftermath] for p, e in pairs if p.after)),
        _row("accepted as logged", (e.accepted == p.accepted for p, e in pairs if p.accepted)),
        _row("for the right reason", (p.finding in e.findings for p, e in pairs if p.finding)),
        _row("category of content", (p.category in e.categories for p, e in pairs if p.category)),
        _row("address that was meant", (e.meant == p.meant for p, e in pairs if p.meant)),
    ]


def _row(kind: str, right: Iterable[bool]) -> dict[str, object]:
    answers = list(right)
    return {"kind": kind, "planted": len(answers), "found": sum(answers), "missed": len(answers) - sum(answers)}
