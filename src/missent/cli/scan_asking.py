"""What `missent scan` is asked, from its options: each checked, so that a slip in a question is no answer of "none"."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from missent.nouns.address import canonical_domain

if TYPE_CHECKING:
    from missent.archive.scan.questions import Questions

_DOMAIN = re.compile(r"[^\s@,;<>]+")
_ADDRESS = re.compile(r"[^\s,;<>]*[@*?\]][^\s,;<>]*")


def questions(options: Mapping[str, Any]) -> "Questions":
    """Globs in lower case, days as moments. Raises click.UsageError naming the option that cannot be meant."""
    from missent.archive.scan.questions import Questions

    since, until = day(options["since"], "--since"), day(options["until"], "--until")
    if since and until and since >= until:
        raise click.UsageError(
            f"--since {options['since']} is not before --until {options['until']}: no mail lies between them"
        )
    return Questions(
        domains=_globs("--domain", options["domains"], _DOMAIN, "a domain such as army.ml or '*.ml'"),
        rcpts=_globs("--rcpt", options["rcpts"], _ADDRESS, "an address such as jane@army.ml or 'jane*'"),
        senders=_globs("--from", options["senders"], re.compile(r"[^\s,;<>]+"), "an address or a domain"),
        since=since,
        until=until,
        marking=str(options["marking"]),
    )


def day(text: object, option: str) -> datetime | None:
    """A day or moment as an option gives it, UTC. Raises click.UsageError naming the option."""
    if not text:
        return None
    try:
        day = datetime.fromisoformat(str(text))
    except ValueError:
        raise click.UsageError(f"{option} is {text!r}, expected a day such as 2023-01-31") from None
    return day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)


def _globs(option: str, given: Iterable[str], form: re.Pattern[str], expected: str) -> tuple[str, ...]:
    """Domains within are made canonical (`Ä.example` is written `xn--4ca.example` in mail), globs only lower case."""
    for glob in given:
        if not form.fullmatch(glob):
            raise click.UsageError(f"{option} is {glob!r}, expected {expected}")
    return tuple(_canonical(glob.lower()) for glob in given)


def _canonical(glob: str) -> str:
    local, at, domain = glob.rpartition("@")
    if not domain or any(c in "*?[]" for c in domain):
        return glob
    return local + at + canonical_domain(domain)
