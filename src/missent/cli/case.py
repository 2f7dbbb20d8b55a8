"""`missent case`: exposures under assessment, from found to closed."""

import json
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from missent.cases.states import Step
from missent.cli.exits import Exit
from missent.cli.site import Site, user
from missent.errors import ConfigError

if TYPE_CHECKING:
    from missent.cases.model import Case
    from missent.store.cases import By

_ABOUT = click.option("--rcpt", "globs", multiple=True, metavar="GLOB", help="Only exposures to these; default all.")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why, in your own words; kept with the case.")


@click.group()
def case() -> None:
    """Exposures under assessment: who answers for them, the 72 hours, what was decided and why, and the evidence.

    Each exposure goes from found to assessed, contained, notified, closed. Every step is an event of the audit chain.
    """


@case.command("open")
@click.argument("file", required=False, metavar="[EXPOSURES]", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, metavar="TEXT", help="What it is about.")
@click.option("--owner", metavar="NAME", help="Who answers for it; default you.")
@click.option(
    "--aware", metavar="TIME", help="When somebody became aware (2023-07-19T10:00+00:00); default now. 72 hours run from it."
)
@click.pass_obj
def open_(site: Site, file: Path | None, title: str, owner: str | None, aware: str | None) -> int:
    """Open a case, with the exposures of a file that `missent scan --exposures` wrote."""
    cases = site.store().cases
    by = _by()
    id_ = cases.open(title, owner or user(), _moment(aware) if aware else by.at, by)
    if file:
        cases.add(id_, _exposures(file), by)
    click.echo(json.dumps({"schema": "missent.case/1", "id": id_}) if site.format == "json" else id_)
    return Exit.OK


@case.command()
@click.argument("id_", metavar="CASE")
@click.argument("file", metavar="EXPOSURES", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def add(site: Site, id_: str, file: Path) -> int:
    """Add the exposures of a file; those the case has are left alone."""
    added = site.store().cases.add(id_, _exposures(file), _by())
    click.echo(f"{added} exposures added", err=True)
    return Exit.OK if added else Exit.NOTHING


@case.command()
@click.argument("id_", metavar="CASE")
@click.argument("text", metavar="TEXT")
@click.option(
    "--step",
    type=click.Choice([Step.ASSESS.value, Step.NOTIFY.value, Step.REOPEN.value]),
    help="The decision this is the reason of.",
)
@click.option("--affected", type=click.IntRange(0), metavar="N", help="People whose data was in the messages.")
@_ABOUT
@click.pass_obj
def note(site: Site, id_: str, text: str, step: str | None, affected: int | None, globs: tuple[str, ...]) -> int:
    """Write something down: a remark, an assessment, that the authority was notified, how many people are affected."""
    cases = site.store().cases
    if step:
        moved = cases.step(id_, Step(step), _by(text), _chosen(globs))
        click.echo(f"{moved} exposures: {step}", err=True)
    if affected is not None or not step:
        cases.note(id_, _by(text), affected)
    return Exit.OK


@case.command()
@click.argument("id_", metavar="CASE")
@_REASON
@_ABOUT
@click.pass_obj
def contain(site: Site, id_: str, reason: str, globs: tuple[str, ...]) -> int:
    """Ask the wrong recipients to delete the messages: a letter each, sent by the running node; not where it was refused."""
    moved = site.store().cases.step(id_, Step.CONTAIN, _by(reason), _chosen(globs))
    waiting = sum(letter.state == "waiting" for letter in site.store().cases.get(id_).letters)
    click.echo(f"{moved} exposures contained; {waiting} letters wait for `missent serve`", err=True)
    return Exit.OK if moved else Exit.NOTHING


@case.command()
@click.argument("id_", metavar="CASE")
@_REASON
@_ABOUT
@click.pass_obj
def close(site: Site, id_: str, reason: str, globs: tuple[str, ...]) -> int:
    """Close exposures that were assessed, contained or notified."""
    moved = site.store().cases.step(id_, Step.CLOSE, _by(reason), _chosen(globs))
    click.echo(f"{moved} exposures closed", err=True)
    return Exit.OK if moved else Exit.NOTHING


@case.command("list")
@click.pass_obj
def list_(site: Site) -> int:
    """All cases: state, exposures, the clock."""
    cases, now = site.store().cases, datetime.now(UTC)
    found = [cases.get(id_) for id_ in cases.ids()]
    for each in found if site.format == "plain" else ():
        click.echo(
            f"{each.id}  {each.state:<9}  {len(each.entries):>5} exposures  {each.deadline.word(now):<24}  {_line(each.title)}"
        )
    if site.format == "json":
        click.echo(json.dumps([_brief(each, now) for each in found]))
    return Exit.OK if found else Exit.NOTHING


@case.command()
@click.argument("id_", metavar="CASE")
@click.pass_obj
def show(site: Site, id_: str) -> int:
    """One case: its exposures, letters and notes."""
    found, now = site.store().cases.get(id_), datetime.now(UTC)
    if site.format == "json":
        click.echo(json.dumps(as_dict(found, now)))
        return Exit.OK
    affected = "not counted" if found.affected is None else f"{found.affected:,}"
    click.echo(
        f"{found.id}  {_line(found.title)}\n"
        f"owner {_line(found.owner)}; {found.state}; {found.deadline.word(now)}; people affected: {affected}"
    )
    for entry in found.entries:
        click.echo(
            f"  {entry.state:<9}  {entry.exposure['date'] or '-':<20}  "
            f"{_line(entry.rcpt)}  accepted: {entry.exposure['accepted']}"
        )
    for letter in found.letters:
        click.echo(f"  letter {letter.state} {letter.changed:%Y-%m-%d %H:%M}  {_line(letter.rcpt)}  {_line(letter.reply)}")
    for each in found.notes:
        click.echo(f"  {each.at:%Y-%m-%d %H:%M}  {each.actor}  {each.kind}: {_line(each.text)}")
    return Exit.OK


@case.command()
@click.argument("id_", metavar="CASE")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.pass_obj
def export(site: Site, id_: str, file: Path) -> int:
    """Write a bundle of evidence: messages, log lines, verdicts, the chain, a manifest. `missent audit verify` checks it."""
    from missent.cli.case_bundle import write_bundle

    missing = write_bundle(site, id_, file, _by())
    for where in missing:
        click.echo(f"not in the bundle, its original is gone: {where}", err=True)
    return Exit.UNREAD if missing else Exit.OK


def as_dict(found: "Case", now: datetime) -> dict[str, Any]:
    """`missent.case/1`."""
    entries = [{"state": entry.state, "exposure": dict(entry.exposure)} for entry in found.entries]
    notes = [{"at": n.at.isoformat(), "actor": n.actor, "kind": n.kind, "text": n.text} for n in found.notes]
    letters = [{"rcpt": x.rcpt, "state": x.state, "changed": x.changed.isoformat(), "reply": x.reply} for x in found.letters]
    return {"schema": "missent.case/1", **_brief(found, now), "entries": entries, "notes": notes, "letters": letters}


def _brief(found: "Case", now: datetime) -> dict[str, Any]:
    clock = {"aware": found.deadline.aware.isoformat(), "due": found.deadline.due.isoformat(), "says": found.deadline.word(now)}
    head = {"id": found.id, "title": found.title, "owner": found.owner, "state": found.state}
    return head | {"exposures": len(found.entries), "affected": found.affected, "clock": clock}


def _by(reason: str = "") -> "By":
    from missent.store.cases import By

    return By(f"cli:{user()}", datetime.now(UTC), reason)


def _chosen(globs: tuple[str, ...]) -> Any:
    return lambda entry: not globs or any(fnmatchcase(entry.rcpt, glob.lower()) for glob in globs)


def _exposures(file: Path) -> list[dict[str, Any]]:
    try:
        found = [json.loads(line) for line in file.read_text().splitlines()]
        if all(each["schema"] == "missent.exposure/1" and each["rcpt"] for each in found):
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise ConfigError(f"{file}: expected lines of missent.exposure/1, as `missent scan --exposures` writes them")


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--aware is {text!r}, expected a time such as 2023-07-19T10:00+00:00") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
