"""`missent hold`: the queue of held copies, from a terminal."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from missent.cli.exits import Exit
from missent.cli.site import Site, user
from missent.errors import HoldError
from missent.holds.book import Decision
from missent.nouns.hold import HeldCopy, Hold, State, Step
from missent.nouns.posting import Progress

_copies = click.option("--copy", "numbers", type=int, multiple=True, metavar="NUMBER", help="Only this copy; default all held.")
_reason = click.option("--reason", default="", help="Why; kept with the copy.")


@click.group()
def hold() -> None:
    """The queue of held copies, from a terminal.

    A release lets a copy go to the recipient as addressed; a return sends it back. Both are events of the audit chain.
    """


@hold.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), default="held", help="Default: held.")
@click.option("--all", "every", is_flag=True, help="Whatever their state.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many, newest first.")
@click.pass_obj
def list_(site: Site, state: str, every: bool, limit: int) -> int:
    """Print holds, newest first."""
    found = site.store().holds.find(None if every else State(state), limit)
    if site.format == "json":
        click.echo(json.dumps([_as_dict(kept) for kept in found]))
        return Exit.OK
    for kept in found:
        click.echo(_line(kept))
    if not found:
        click.echo(f"no holds{'' if every else ' with a copy ' + state}", err=True)
    return Exit.OK


@hold.command()
@click.argument("hold_id", metavar="HOLD")
@click.pass_obj
def show(site: Site, hold_id: str) -> int:
    """Print one HOLD with its copies and why they were held; the look is recorded."""
    kept = _get(site, hold_id)
    site.store().holds.view(kept.id, _actor(), _now())
    leaving = site.store().outbox.about([kept.id])
    if site.format == "json":
        click.echo(json.dumps({**_as_dict(kept), "delivery": [_row_dict(row) for row in leaving]}))
        return Exit.OK
    click.echo(_line(kept))
    click.echo(f"  Message-ID {_shown(kept.message_id) or 'none'}, {kept.size} octets, policy {kept.policy[:19]}")
    if not kept.asks_sender:
        click.echo("  its sender cannot be asked: a reviewer decides, and nothing is sent back")
    for copy in kept.copies:
        _show_copy(copy)
    for row in leaving:
        _show_row(row)
    return Exit.OK


@hold.command()
@click.argument("hold_id", metavar="HOLD")
@_copies
@_reason
@click.pass_obj
def release(site: Site, hold_id: str, numbers: tuple[int, ...], reason: str) -> int:
    """Let the held copies of a HOLD go to their recipients, as addressed."""
    return _decide(site, hold_id, numbers, Step.RELEASE, reason)


@hold.command("return")
@click.argument("hold_id", metavar="HOLD")
@_copies
@_reason
@click.pass_obj
def return_(site: Site, hold_id: str, numbers: tuple[int, ...], reason: str) -> int:
    """Send the held copies of a HOLD back: the sender is told, if one may be written to."""
    return _decide(site, hold_id, numbers, Step.RETURN, reason)


def _decide(site: Site, hold_id: str, numbers: tuple[int, ...], step: Step, reason: str) -> int:
    kept = _get(site, hold_id)
    wanted = numbers or tuple(copy.id for copy in kept.copies if copy.state is State.HELD)
    if not wanted:
        raise HoldError(f"hold {kept.id} has no held copy any more: see `missent hold show {kept.id}`")
    book = site.store().holds
    moved = [book.decide(Decision(kept.id, number, step, _actor(), _now(), reason=reason)) for number in wanted]
    if site.format == "json":
        click.echo(json.dumps([_copy_dict(copy) for copy in moved]))
    else:
        for copy in moved:
            click.echo(f"{copy.id}  {copy.state.value}  {_shown(copy.rcpt.spec)}")
    return Exit.OK


def _get(site: Site, hold_id: str) -> Hold:
    kept = site.store().holds.get(hold_id)
    if kept is None:
        raise HoldError(f"there is no hold {hold_id!r}: see `missent hold list --all`")
    return kept


def _show_copy(copy: HeldCopy) -> None:
    from missent.words.findings import explain

    to = f", meant for {_shown(copy.corrected_to)}" if copy.corrected_to else ""
    by = f" by {copy.decided_by}" if copy.decided_by else ""
    click.echo(f"  {copy.id}  {_shown(copy.rcpt.spec)}: {copy.state.value}{by}{to}")
    waits = f"for the {copy.decide} to decide until {copy.expires:%Y-%m-%d %H:%M} UTC"
    click.echo(f"      rule {copy.rule}, " + ("let go with a warning" if copy.state is State.WARNED else waits))
    for finding in copy.findings:
        click.echo(f"      {finding.id}: {_shown(explain(finding))}")
    for said, what in ((copy.suggestion, "probably meant"), (copy.reason, "reason"), (copy.reply, "next hop said")):
        if said:
            click.echo(f"      {what}: {_shown(said)}")


def _show_row(row: Progress) -> None:
    """How far something that has to leave has come."""
    tries = f"{row.attempts} {'try' if row.attempts == 1 else 'tries'}"
    done = f"done {row.finished:%Y-%m-%d %H:%M} UTC" if row.finished else f"next {row.due:%Y-%m-%d %H:%M} UTC"
    said = f", next hop said {_shown(row.reply)}" if row.reply else ""
    about = ", ".join(map(str, row.copy_ids))
    click.echo(f"  {row.parcel.value} ({about}): {'failed, ' if row.failed else ''}{tries}, {done}{said}")


def _line(kept: Hold) -> str:
    sender = _shown(kept.mail_from.spec) if kept.mail_from else "<>"
    copies = ", ".join(f"{_shown(copy.rcpt.spec)} {copy.state.value}" for copy in kept.copies)
    return f"{kept.id}  {kept.created:%Y-%m-%d %H:%M}  {sender} -> {copies}"


def _as_dict(kept: Hold) -> dict[str, Any]:
    return {
        "schema": "missent.hold/1",
        "id": kept.id,
        "created": kept.created.isoformat(),
        "from": kept.mail_from.spec if kept.mail_from else "",
        "message_id": kept.message_id,
        "size": kept.size,
        "asks_sender": kept.asks_sender,
        "policy": kept.policy,
        "copies": [_copy_dict(copy) for copy in kept.copies],
    }


def _copy_dict(copy: HeldCopy) -> dict[str, Any]:
    return {
        "id": copy.id,
        "rcpt": copy.rcpt.spec,
        "state": copy.state.value,
        "rule": copy.rule,
        "decide": copy.decide,
        "expires": copy.expires.isoformat(),
        "findings": [finding.id for finding in copy.findings],
        "suggestion": copy.suggestion,
        "corrected_to": copy.corrected_to,
        "decided_by": copy.decided_by,
        "reason": copy.reason,
        "reply": copy.reply,
    }


def _row_dict(row: Progress) -> dict[str, Any]:
    return {
        "parcel": row.parcel.value,
        "copies": row.copy_ids,
        "attempts": row.attempts,
        "due": row.due.isoformat(),
        "finished": row.finished.isoformat() if row.finished else None,
        "failed": row.failed,
        "reply": row.reply,
    }


def _shown(text: str) -> str:
    """Text of strangers on a terminal: nothing that moves its cursor."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _actor() -> str:
    return f"cli:{user()}"


def _now() -> datetime:
    return datetime.now(UTC)
