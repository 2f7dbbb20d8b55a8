"""A small made-up company and a year of its mail: who writes to whom about what, for trying what depends on history.

Eight people of `mill.example` in four circles. Each circle has its subjects, its words and its people inside and outside;
Steven Harris of the gas company and Steve Harris of the golf club know the same sender, John and Jon Smith are colleagues.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import NamedTuple

OWN = "mill.example"
START = datetime(2023, 1, 2, 8, tzinfo=UTC)
ANNA, BEN, CHLOE, DAN = f"anna.may@{OWN}", f"ben.holt@{OWN}", f"chloe.reed@{OWN}", f"dan.pike@{OWN}"
JOHN, JON, EVE, FAY = f"john.smith@{OWN}", f"jon.smith@{OWN}", f"eve.lane@{OWN}", f"fay.dean@{OWN}"
STEVEN, JO, KIM = "steven.harris@northgas-supply.com", "jo.wood@northgas-supply.com", "kim.bell@northgas-supply.com"
STEVE, LEE = "steve.harris@fairway-club.org", "lee.field@fairway-club.org"
BANK, LAW = "maria.olsen@oldbank-trust.com", "piers.grant@grantlaw-partners.com"


class Circle(NamedTuple):
    """Some people and what they write about; the first of `inside` and of `outside` write most."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    subjects: tuple[str, ...]
    words: str


CIRCLES = (
    Circle(
        (ANNA, BEN),
        (STEVEN, JO, KIM),
        ("Pipeline capacity", "Turbine outage", "Nominations for next week"),
        "pipeline capacity turbine outage nominations compressor pressure metering valve shippers imbalance tariff",
    ),
    Circle(
        (ANNA, DAN),
        (STEVE, LEE),
        ("Saturday round", "Club evening", "Tee times"),
        "golf club tee handicap round fairway bunker caddie weather trophy dinner greens",
    ),
    Circle(
        (CHLOE, JOHN, EVE),
        (BANK,),
        ("Payroll run", "Overdraft", "Quarterly accounts"),
        "payroll salary overdraft account ledger transfer invoice interest balance audit budget",
    ),
    Circle(
        (FAY, JON, EVE),
        (LAW,),
        ("Lease of the warehouse", "Trade mark", "Draft contract"),
        "lease warehouse clause contract draft trademark counsel notice landlord tenant liability signature",
    ),
)
"""Who deals with whom about what."""


class Letter(NamedTuple):
    """One mail of the year."""

    at: datetime
    sender: str
    rcpts: tuple[str, ...]
    raw: bytes


def as_mbox(letters: Iterable[Letter]) -> bytes:
    """Letters in the order of time, as one mailbox."""
    return b"".join(b"From x %s\n%s\n" % (f"{one.at:%a %b %d %H:%M:%S %Y}".encode(), one.raw) for one in sorted(letters))


def year(seed: int = 1, weeks: int = 52, start: datetime = START) -> Iterator[Letter]:
    """Threads of each circle, four a week: a question and its answers. `start`: whole seconds, UTC."""
    random = Random(seed)  # noqa: S311 - made-up mail, no secret
    for week in range(weeks):
        for place, circle in enumerate(CIRCLES):
            for number in range(4):
                at = start + timedelta(
                    weeks=week, days=random.randrange(5), hours=random.randrange(8), minutes=random.randrange(60)
                )
                yield from _thread(random, circle, at, f"{week}.{place}.{number}")


def letter(sender: str, rcpts: tuple[str, ...], subject: str, text: str, more: dict[str, str] | None = None) -> bytes:
    """One mail as octets."""
    fields = {"From": sender, "To": ", ".join(rcpts), "Subject": subject} | (more or {})
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode() + f"\n{text}\n".encode()


def _thread(random: Random, circle: Circle, at: datetime, name: str) -> Iterator[Letter]:
    everybody = (*circle.inside, *circle.outside)
    author = random.choice(circle.inside)
    others = [a for a in everybody if a != author and (a in (circle.inside[0], circle.outside[0]) or random.random() < 0.6)]
    subject = random.choice(circle.subjects)
    people, ids = [author, *others], [f"{name}.0@{OWN}"]
    for turn in range(random.choice((1, 2, 2, 3))):
        sender = author if turn != 1 else random.choice(others)
        rcpts = tuple(a for a in people if a != sender)
        fields = {"Date": format_datetime(at), "Message-ID": f"<{ids[-1]}>"}
        if turn:
            fields["In-Reply-To"] = f"<{ids[-2]}>"
        raw = letter(sender, rcpts, f"Re: {subject}" if turn else subject, _text(random, circle, sender, rcpts), fields)
        yield Letter(at, sender, rcpts, raw)
        at += timedelta(hours=1 + random.randrange(20))
        ids.append(f"{name}.{turn + 1}@{OWN}")


def _text(random: Random, circle: Circle, sender: str, rcpts: tuple[str, ...]) -> str:
    words = circle.words.split()
    said = " ".join(random.sample(words, 5))
    number, last = random.randrange(1000), random.choice(words)
    return f"{first_name(rcpts[0])},\n\n{said} {number}.\n{last} as agreed.\n\n{first_name(sender)}"


def first_name(address: str) -> str:
    """`Anna` of anna.may@…."""
    return address.partition(".")[0].capitalize()
