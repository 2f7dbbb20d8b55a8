"""`missent check`: judge one message, or bare addresses."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import click

from missent.cli import exits
from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.content.opened import NOTHING_OPENED, Opened
from missent.errors import ConfigError
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.verdict import Verdict


@click.command()
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--from", "sender", metavar="ADDRESS", help="Reverse-path; default the message's From.")
@click.option("--to", "rcpts", metavar="ADDRESS", multiple=True, help="Recipient; may be repeated. Default To, Cc and Bcc.")
@click.pass_obj
def check(site: Site, file: str | None, sender: str | None, rcpts: tuple[str, ...]) -> int:
    r"""Judge one message, or bare addresses, without sending anything.

    \b
    missent check --to jane.doe@army.ml
    missent check draft.eml
    missent check - --from me@mod.example --to jane.doe@army.ml < draft.eml

    Exits 0 if nothing is to be stopped, 10 for warn, 11 for hold, 12 for block, 3 if there is nothing to examine, 4 if
    nothing was found but something could not be read.
    """
    if file is None and not rcpts:
        return _nothing("give a FILE, `-` for standard input, or --to ADDRESS")
    message, opened = _open(site, _read(file)) if file is not None else (None, NOTHING_OPENED)
    envelope = _envelope(message, sender, rcpts)
    if message is not None and not message.size:
        return _nothing(f"{file} is empty")
    if not envelope.rcpts and not (message and message.inspected.skipped):
        return _nothing(f"{file} names no recipient: give --to ADDRESS")
    now = datetime.now(UTC)
    at = min(message.date, now) if message and message.date else now

    from missent.cli import knowing

    if envelope.mail_from is not None and site.has_store and find_spec("numpy") is None:
        click.echo("missent check: the recipient model is silent without NumPy: pip install missent[ml]", err=True)
    judging = knowing.judging(site)
    verdict = judging.judge(message, envelope, at, opened) if message else judging.judge_addresses(envelope, at)
    return _say(site, file or "address", verdict, {f"attachment:{a.path}": a.name for a in opened.attachments})


def _say(site: Site, what: str, verdict: Verdict, names: Mapping[str, str]) -> int:
    from missent.words.verdict import as_dict, as_plain

    if site.format == "json":
        import json

        click.echo(json.dumps(as_dict(verdict), ensure_ascii=False))
    else:
        click.echo("\n".join(as_plain(verdict, what, names)))
    return int(exits.of_verdict(verdict))


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        hint = f"; to judge an address: missent check --to {file}" if "@" in file else ""
        raise ConfigError(f"check: {file}: cannot be read: {error.strerror}{hint}") from None


def _open(site: Site, raw: bytes) -> tuple[Message, Opened]:
    from missent.message.reading import read
    from missent.reading.opener import Opener

    message = read(raw)
    with Opener(site.settings.reading) as opener:
        return message, opener.open(raw, message)


def _envelope(message: Message | None, sender: str | None, rcpts: tuple[str, ...]) -> Envelope:
    author = message.from_[0] if message and message.from_ else None
    mail_from = Address.parse(sender) if sender else author
    to = tuple(Address.parse(r) for r in rcpts) or (message.rcpts if message else ())
    return Envelope(mail_from, tuple(Recipient(a) for a in to), client=Client(own=True))


def _nothing(why: str) -> int:
    click.echo(f"missent check: nothing to examine: {why}", err=True)
    return int(Exit.NOTHING)
