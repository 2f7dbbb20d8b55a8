"""The ministry's register and three months of past mail, made from `world.toml`: the same every time but for the dates."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from importlib import resources
from typing import Any

from missent.content.markings import ceilings
from missent.nouns.action import Action
from missent.recipients.register import Clearance, Partner, Register, Restriction

DAYS = 90


@dataclass(frozen=True, slots=True)
class World:
    """What `world.toml` says."""

    own_domain: str
    register: Register
    correspondence: tuple[dict[str, Any], ...]


def world() -> World:
    """Read the packaged world."""
    table = tomllib.loads(resources.files("missent.demo").joinpath("world.toml").read_text())
    register = Register(
        tuple(Partner(p["domain"], p["name"]) for p in table["partner"]),
        tuple(Restriction(r["suffix"], Action.of(r["action"]), r["reason"]) for r in table["restriction"]),
        clearances={p["domain"]: _clearance(p) for p in table["partner"] if "ceilings" in p},
    )
    return World(table["own_domain"], register, tuple(table["correspondence"]))


def _clearance(partner: dict[str, Any]) -> Clearance:
    return Clearance(partner["domain"], tuple(sorted(map(ceilings.read, partner["ceilings"]))), (partner["country"],))


def past_mail(of: World, until: datetime) -> Iterator[bytes]:
    """An mbox of the ministry's mail over the last DAYS days, oldest first within each pair; every second is answered."""
    dice = random.Random(20230728)  # noqa: S311 — a story, not a secret
    number = 0
    for writer in of.correspondence:
        for address, name, monthly in writer["to"]:
            mails = monthly * DAYS // 30
            for n in range(mails):
                number += 1
                sent = until - timedelta(days=DAYS * (mails - n) / mails, minutes=dice.randrange(600))
                here, there = (writer["name"], writer["from"]), (name, address)
                yield _mbox_entry(here, there, sent, number, None)
                if n % 2:
                    yield _mbox_entry(there, here, sent + timedelta(minutes=20 + dice.randrange(300)), number + 100_000, number)


def _mbox_entry(writer: tuple[str, str], reader: tuple[str, str], at: datetime, number: int, answers: int | None) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{writer[0]} <{writer[1]}>"
    mail["To"] = f"{reader[0]} <{reader[1]}>"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<demo.{number}@mod.example>"
    if answers:
        mail["In-Reply-To"] = f"<demo.{answers}@mod.example>"
    mail["Subject"] = f"{'Re: ' if answers else ''}Demonstration {number % 100_000}"
    mail.set_content("A made-up message of a made-up ministry.\n")
    return b"From demo@mod.example " + at.strftime("%a %b %d %H:%M:%S %Y").encode() + b"\n" + mail.as_bytes() + b"\n"
