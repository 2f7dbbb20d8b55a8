"""How well the wrong recipient is found: the published protocol, and the decision online.

`python -m bench.recipients PATH [--format plain|json] [--online [--train MAILS…]] [--ablation] [--published TSV]`

PATH is a folder of mailboxes, one `surname-initial.mbox[.gz]` a person. Without options the protocol of Carvalho and Cohen
(2007) is run: Prec@1 per user and averages, ours beside random, cosine, knn-30 and their "all" re-implemented, with unseen
leaks at rates .1 and .2; then what judging costs. `--online` runs the decision over the stream of all mail instead, beginning
with the packaged model; if that was made from a mailbox in PATH, with one made from other mailboxes there.
`leak_tables.tsv` in PATH, or the file given, adds what was published. `--mistyped TSV` names domains that were really
mistyped in this mail: what went there was no right mail, so it is not counted as a false prompt. Seeds are fixed: the same
mail gives the same figures.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bench.recipients_baselines import baselines
from bench.recipients_corpus import Box, boxes
from bench.recipients_cost import cost
from bench.recipients_intervals import Outcomes, average, less, pooled
from bench.recipients_online import BUDGETS, Shot, by_model_alone, online, recalls
from bench.recipients_protocol import ALPHAS, Prepared, address_book, learn, ours, prepare, split
from missent.recipients.model.evaluating import interval
from missent.recipients.model.explaining import KINDS

DEVELOPMENT = frozenset({"rapp-b", "hernandez-j", "pereira-s", "dickson-s", "lavorato-j", "hyatt-k"})
SEED = 1
Measured = dict[str, dict[str, list[float]]]
"""Method -> user -> a figure per test mail."""


def protocol(found: list[Box], *, ablation: bool) -> Measured:
    """Run every method on the same leaks."""
    strangers = sorted({a for b in found for a in address_book(b.sent, b.received)})
    cuts = [split(b, strangers, SEED) for b in found]
    measured: Measured = {}
    for cut in cuts:
        for method, mails in baselines(cut, strangers, ALPHAS, SEED).items():
            measured.setdefault(method, {})[cut.user] = _means(mails)
    ready = [prepare(cut, strangers, SEED) for cut in cuts]
    for alpha in ALPHAS:
        measured[f"ours {alpha:g}"] = _ours(ready, alpha)
    if ablation:
        for group, names in KINDS.items():
            measured[f"ours 0 without {group}"] = _ours(ready, 0.0, names)
    return measured


def _ours(ready: list[Prepared], alpha: float, without: tuple[str, ...] = ()) -> dict[str, list[float]]:
    trees = learn(ready, alpha, without)
    return {user.split.user: _means(ours(user, trees, alpha, without)) for user in ready}


def _means(mails: dict[int, list[float]]) -> list[float]:
    return [sum(v) / len(v) for _, v in sorted(mails.items())]


def summary(measured: Measured) -> dict[str, Any]:
    """Averages and intervals by method, of the development users, the rest, and all."""
    users = list(next(iter(measured.values())))
    sets = {
        "development": [u for u in users if u in DEVELOPMENT],
        "others": [u for u in users if u not in DEVELOPMENT],
        "all": users,
    }
    answer: dict[str, Any] = {}
    for name, members in sets.items():
        if members:
            answer[name] = {m: _figures({u: by[u] for u in members}) for m, by in measured.items()}
            for alpha in ALPHAS:
                both = ({u: measured[f"{who} {alpha:g}"][u] for u in members} for who in ("ours", "all"))
                answer[name][f"ours - all {alpha:g}"] = _figures(less(*both))
    return answer


def _figures(by_user: Outcomes) -> dict[str, Any]:
    return {
        "average": average(by_user), "interval": interval(by_user),
        "pooled": pooled(by_user), "pooled_interval": interval(by_user, pool=True),
    }  # fmt: skip


def decisions(found: list[Box], wrong: frozenset[str], sent: list[int]) -> dict[str, Any]:
    """Recall per kind and budget with intervals, prompts on right mails, the learning curve, prompts by person."""
    return decided(online(found, SEED, wrong, sent))


def decided(shots: list[Shot]) -> dict[str, Any]:
    """The same from the shots."""
    alone = by_model_alone(shots)
    places = {
        "either": shots,
        "beside": [s for s in shots if not s.instead],
        "instead": [s for s in shots if s.instead],
    }
    answer: dict[str, Any] = {place: {str(b): _recalled(some, b) for b in BUDGETS} for place, some in places.items()}
    answer["by the model alone"] = {str(b): _recalled(alone, b) for b in BUDGETS}
    steps = ((0, 100), (100, 300), (300, 1000), (1000, 10**9))
    answer["curve"] = {f"{low}+ mails": _recalled([s for s in shots if low <= s.mails < high], 2) for low, high in steps}
    weeks = ((4, 8), (8, 16), (16, 32), (32, 64), (64, 10**9))
    for low, high in weeks:
        answer["curve"][f"{low}+ weeks"] = _recalled([s for s in shots if low <= s.days / 7 < high], 2)
    right = {user: recalls((s for s in shots if s.user == user), 2).get("", [False]) for user in {s.user for s in shots}}
    answer["people"] = {user: [sum(prompts), len(prompts)] for user, prompts in sorted(right.items())}
    return answer


def _recalled(shots: list[Shot], budget: int) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for kind in sorted(recalls(shots, budget)):
        by_user: dict[str, list[float]] = {}
        for user in {s.user for s in shots}:
            found = recalls((s for s in shots if s.user == user), budget).get(kind, [])
            if found:
                by_user[user] = [float(f) for f in found]
        ordered = dict(sorted(by_user.items()))
        rows[kind or "right mails prompted"] = {
            "share": pooled(ordered), "interval": interval(ordered, pool=True), "mails": sum(map(len, ordered.values())),
        }  # fmt: skip
    return rows


def published(path: Path) -> list[list[str]]:
    """The published table, without its comment."""
    return [line.split("\t") for line in path.read_text().splitlines() if line and not line.startswith("#")]


def mistyped(path: Path) -> frozenset[str]:
    """The first column of a table: domains that were really mistyped."""
    return frozenset(row[0] for row in published(path))


def _print_protocol(measured: Measured, figures: dict[str, Any]) -> None:
    methods = [m for m in measured if "without" not in m]
    print(f"{'Prec@1':<14}{'mails':>6}" + "".join(f"{m:>10}" for m in methods))
    for user, mails in measured["random"].items():
        print(
            f"{user:<14}{len(mails):>6}" + "".join(f"{sum(measured[m][user]) / len(measured[m][user]):>10.3f}" for m in methods)
        )
    for name, rows in figures.items():
        print(f"\n{name + ' users':<26}{'average':>8}{'95 %':>16}{'pooled':>10}{'95 %':>16}")
        for method, row in rows.items():
            print(
                f"{method:<26}{row['average']:>8.3f}{_span(row['interval'])}{row['pooled']:>10.3f}{_span(row['pooled_interval'])}"
            )


def _print_decisions(answer: dict[str, Any]) -> None:
    for place in ("either", "beside", "instead", "by the model alone"):
        for budget, rows in answer[place].items():
            print(f"\nslips {place}, {budget} false prompts per 1,000: share found, 95 %, mails")
            _print_rows(rows)
    for step, rows in answer["curve"].items():
        print(f"\nafter {step}, 2 false prompts per 1,000")
        _print_rows(rows)
    print("\nright mails prompted, of how many, by person")
    for user, (prompts, mails) in answer["people"].items():
        print(f"  {user:<22}{prompts:>8}{mails:>8}")


def _print_rows(rows: dict[str, Any]) -> None:
    for kind, row in rows.items():
        print(f"  {kind:<22}{row['share']:>8.4f}{_span(row['interval'], 4)}{row['mails']:>8}")


def _span(interval_: tuple[float, float], digits: int = 3) -> str:
    return f"{f'{interval_[0]:.{digits}f}..{interval_[1]:.{digits}f}':>16}"


def main() -> int:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--online", action="store_true", help="the decision over the stream instead of the protocol")
    parser.add_argument(
        "--train", type=int, nargs="*", default=[], metavar="MAILS", help="sent mails after which a site trains"
    )
    parser.add_argument("--ablation", action="store_true", help="each group of features left out in turn")
    parser.add_argument("--published", type=Path, help="table of published figures")
    parser.add_argument("--mistyped", type=Path, help="table of domains really mistyped: mail to them is left out, online")
    given = parser.parse_args()
    found = boxes(given.path)
    if not found:
        print(f"no mailboxes in {given.path}", file=sys.stderr)
        return 2
    if given.online:
        wrong = mistyped(given.mistyped) if given.mistyped else frozenset[str]()
        answer: dict[str, Any] = {"online": decisions(found, wrong, given.train)}
    else:
        measured = protocol(found, ablation=given.ablation)
        tsv = given.published or given.path / "leak_tables.tsv"
        answer = {"prec@1": measured, "summary": summary(measured), "published": published(tsv) if tsv.exists() else []}
        answer["cost"] = cost()
    if given.format == "json":
        print(json.dumps(answer))
    elif given.online:
        _print_decisions(answer["online"])
    else:
        _print_protocol(measured, answer["summary"])
        for row in answer["published"]:
            print("published " + " ".join(f"{cell:>9}" for cell in row))
        print("\n" + "\n".join(f"{name:<44}{value:>14.3f}" for name, value in answer["cost"].items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
