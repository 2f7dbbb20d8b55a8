"""What became of thousands of numbered messages while missent was killed again and again: delivered, held or returned.

`python -m bench.crash [--messages N] [--kills N] [--store sqlite|postgresql] [--front F] [--kill K] [--workers N]
[--seed N]`

Clients send through a real Postfix that asks `missent serve`, as its milter or as a proxy before its queue; every second
message has a copy to a wrong address. A reviewer releases a third of those and returns a third. missent's own mail (released
copies, questions, reports) goes back through the same Postfix, and through its milter. missent, or PostgreSQL or Postfix itself
(`--kill`), is killed (SIGKILL) at random moments under load and started again. At the end each message is accounted for:
**lost** is one of which a recipient's copy is nowhere; **leaked** is one that reached a wrong address although nobody let it
go; copies delivered twice, and held twice, are counted. Needs root and Postfix.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.crash_stage import GOOD, WRONG, Clients, Counting, Killer, Pace, Reviewer, Victim, node, rcpts_of
from missent.nouns.hold import HeldCopy, State
from missent.nouns.posting import Parcel
from missent.store import open_store
from missent.store.keys import load
from missent.store.opened import Store
from missent.testing.ports import free_port
from missent.testing.postfix import Postfix, why_not
from missent.testing.postgres import Postgres
from missent.testing.process import Served

SESSIONS = 8
_QUIET = 180.0
_ON_THE_WAY = {State.CONFIRMED, State.CORRECTED, State.RELEASED, State.SENDING, State.FAILED}


FRONTS = {"milter": "-o smtpd_milters=unix:{home}/milter.sock", "smtpd_proxy_filter": "-o smtpd_proxy_filter=127.0.0.1:{relay}"}
"""Where Postfix asks missent. Released copies come back through the milter itself, but behind the relay."""


@dataclass(frozen=True, slots=True)
class Play:
    """What is played: see the command's options."""

    messages: int = 1000
    kills: int = 10
    store: str = "sqlite"
    front: str = "milter"
    kill: str = "missent"
    workers: int = 1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Account:
    """What became of them.

    Attributes:
        copies: recipients of all messages together; each is delivered, held or returned, or `lost`.
        released: copies a reviewer let go and their recipients got.
        reports: delivery reports that reached the sender, at least one for each copy returned.
        unfinished: copies still on their way when patience ended.
        leaked: copies at a wrong address that nobody let go.
        twice: copies delivered more than once. held_twice: copies that stand in two holds.
        chain_faults: faults of the audit chain.
        deferrals: replies 4yz the clients heard.
    """

    messages: int
    kills: int
    copies: int
    delivered: int
    released: int
    held: int
    returned: int
    reports: int
    unfinished: int
    lost: int
    leaked: int
    twice: int
    held_twice: int
    chain_faults: int
    deferrals: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether every copy is where it should be."""
        amiss = self.lost or self.leaked or self.unfinished or self.chain_faults
        return not amiss and self.reports >= self.returned


def run(play: Play) -> Account:
    """Play it once. Raises TimeoutError if missent does not come up again."""
    started = time.monotonic()
    counting, pace = Counting(), Pace(play.messages, play.kills)
    with _home() as home, _store(home, play.store) as (url, database):
        relay = free_port()
        asked = FRONTS[play.front].format(home=home, relay=relay)
        postfix = Postfix.start(home / "postfix", counting.hop.port, asked, "-o smtpd_milters=")
        behind = postfix.ports[0 if play.front == "milter" else 1]
        served = node(home, url, (relay, behind), play.workers)
        try:
            served.start()
            with open_store(url, load(home / "missent.key"), patience=30, own={"mod.example"}) as opened:
                victim = _victims(served, database, postfix)[play.kill]
                clients = _play(victim, opened, Clients(postfix.ports[0], pace), play.seed)
                _settle(opened, postfix, counting)
                deferrals = sum(clients.deferred.values())
                return _account(opened, counting, pace, deferrals, time.monotonic() - started)
        finally:
            served.end()
            postfix.end()
            counting.end()


def _victims(served: Served, database: Postgres | None, postfix: Postfix) -> dict[str, Victim]:
    found = {"missent": Victim(served.end, lambda: served.start(60)), "postfix": Victim(postfix.end, postfix.again)}
    return found if database is None else found | {"postgresql": Victim(database.kill, database.revive)}


def _play(victim: Victim, opened: Store, clients: Clients, seed: int) -> Clients:
    killer, reviewer = Killer(victim, clients.pace, seed), Reviewer(opened)
    killer.start()
    reviewer.start()
    asyncio.run(clients.run(SESSIONS))
    killer.join()
    reviewer.stop()
    reviewer.once()
    if killer.fault is not None:
        raise killer.fault
    return clients


def _settle(opened: Store, postfix: Postfix, counting: Counting) -> None:
    """Wait until nothing is on its way any more: reminders are due in days."""
    until = time.monotonic() + _QUIET
    while time.monotonic() < until:
        before = sum(counting.delivered.values()) + sum(counting.letters.values())
        time.sleep(3)
        after = sum(counting.delivered.values()) + sum(counting.letters.values())
        moving = any(opened.holds.find(state, limit=1) for state in _ON_THE_WAY)
        if before == after and not moving and not postfix.waiting() and not _reports_due(opened):
            return


def _reports_due(opened: Store) -> bool:
    """Whether a report is still to be sent: one that a kill caught on its way waits for its lease."""
    rows = opened.outbox.about([hold.id for hold in opened.holds.find(limit=1_000_000)])
    return any(row.finished is None and row.parcel is Parcel.DSN for row in rows)


def _account(opened: Store, counting: Counting, pace: Pace, deferrals: int, seconds: float) -> Account:
    held = _copies(opened)
    fates = Counter(_fate(number, rcpt, counting, held) for number in range(pace.messages) for rcpt in rcpts_of(number))
    return Account(
        pace.messages,
        pace.kills,
        sum(len(rcpts_of(number)) for number in range(pace.messages)),
        fates["delivered"],
        fates["released"],
        fates["held"],
        fates["returned"],
        counting.letters["report"],
        fates["unfinished"],
        fates["lost"],
        fates["leaked"],
        sum(count - 1 for count in counting.delivered.values() if count > 1),
        sum(len(copies) > 1 for copies in held.values()),
        len(opened.audit.verify().faults),
        deferrals,
        round(seconds, 1),
    )


def _copies(opened: Store) -> dict[int, list[HeldCopy]]:
    """Copies of the wrong address by message."""
    found: dict[int, list[HeldCopy]] = defaultdict(list)
    for hold in opened.holds.find(limit=1_000_000):
        number, _, domain = hold.message_id.partition("@")
        if domain == "mod.example" and number.isdigit():
            found[int(number)] += [copy for copy in hold.copies if copy.rcpt.spec == WRONG]
    return found


def _fate(number: int, rcpt: str, counting: Counting, held: dict[int, list[HeldCopy]]) -> str:
    came = counting.delivered[number, rcpt]
    if rcpt == GOOD:
        return "delivered" if came else "lost"
    states = {copy.state for copy in held[number]}
    if came:
        return "released" if State.SENT in states else "leaked"
    if states & _ON_THE_WAY:
        return "unfinished"
    if State.SENT in states or not states:
        return "lost"
    return "held" if State.HELD in states else "returned"


@contextmanager
def _home() -> Iterator[Path]:
    """A folder that Postfix's users can enter."""
    home = Path(tempfile.mkdtemp(prefix="missent-crash-"))
    home.chmod(0o755)
    (home / "postfix").mkdir(mode=0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _store(home: Path, kind: str) -> Iterator[tuple[str, Postgres | None]]:
    """Its URL, and its server where it has one."""
    if kind == "sqlite":
        yield f"sqlite:///{home}/missent.db", None
        return
    server = Postgres.start(settings="")  # what it says is written has to survive
    try:
        yield server.url(server.new()), server
    finally:
        server.end()


def main() -> int:
    """Run it and print the account."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--front", choices=list(FRONTS), default="milter", help="where Postfix asks missent")
    parser.add_argument("--kill", choices=["missent", "postgresql", "postfix"], default="missent", help="what is killed")
    parser.add_argument("--workers", type=int, default=1, help="processes of missent that take mail")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=["plain", "json"], default="plain")
    given = parser.parse_args()
    if reason := why_not():
        print(f"skipped: {reason}", file=sys.stderr)
        return 3
    if given.kill == "postgresql" and given.store != "postgresql":
        parser.error("--kill postgresql needs --store postgresql")
    account = run(Play(given.messages, given.kills, given.store, given.front, given.kill, given.workers, given.seed))
    if given.format == "json":
        print(json.dumps(asdict(account)))
    else:
        print("\n".join(f"{name.replace('_', ' '):14} {value:>9}" for name, value in asdict(account).items()))
    return 0 if account.good else 1


if __name__ == "__main__":
    sys.exit(main())
