"""The command line: one file per command; the only room that prints or exits."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from missent import __version__
from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.errors import ConfigError, MissentError

COMMANDS = {
    "demo": ("demo", "The whole system on an embedded default, with a made-up ministry: see the main job done."),
    "check": ("check", "Judge one message, or bare addresses."),
    "serve": ("serve", "The gateway, the sender's pages and the console."),
    "doctor": ("doctor", "Examine a running set-up, and try it with a canary."),
    "learn": ("learn", "Learn from past mail who writes to whom."),
    "model": ("model", "The recipient model: train, evaluate, inspect."),
    "scan": ("scan", "The investigation: every past message that went to the wrong people."),
    "case": ("case", "Exposures under assessment: states, the 72 hours, the bundle of evidence."),
    "hold": ("hold", "The queue of held copies, from a terminal."),
    "policy": ("policy", "A policy's rules: show, test, explain, replay, apply."),
    "register": ("register", "Partners, restricted suffixes, exceptions."),
    "audit": ("audit", "The chain of evidence: verify, export."),
}
"""Command -> (module in this room, one line of help). The table keeps `missent --help` from importing them all."""


class _Commands(click.Group):
    """Loads a command's module when it is asked for, and gives each leaf `--format` and `--config`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"missent.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        _add_common(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


def _add_common(command: click.Command) -> None:
    command.help = (command.help or "").replace("\\b\n", "\b\n")  # docstrings with `\b` are raw; click looks for the character
    if isinstance(command, click.Group):
        for leaf in command.commands.values():
            _add_common(leaf)
        return
    if any(p.name == "site_format" for p in command.params):
        return
    command.params += [
        click.Option(
            ["--format", "site_format"],
            type=click.Choice(["plain", "json"]),
            expose_value=False,
            callback=_set_format,
            help="How results are printed; plain by default.",
        ),
        click.Option(
            ["--config", "site_config"],
            metavar="FILE",
            expose_value=False,
            is_eager=True,
            callback=_set_config,
            help="Settings; default missent.toml here, then in the user's config folder.",
        ),
    ]


def _set_format(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.find_root().obj.format = value


def _set_config(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.find_root().obj.config = value


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="missent")
def missent() -> None:
    """Keep e-mail from reaching the wrong people, and find out what happened when it already has.

    Begin with `missent demo`, then `missent check --to jane.doe@army.ml`.

    Exit codes: 0 nothing to stop, all of it read; 10 warn; 11 hold; 12 block; 1 failed; 2 usage or configuration;
    3 nothing to examine; 4 nothing found, but something could not be read.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; errors are one line on stderr."""
    with Site() as site:
        try:
            code = missent.main(arguments, "missent", standalone_mode=False, obj=site)
            return int(code or 0)
        except click.UsageError as error:
            verb = error.ctx.command_path if error.ctx else "missent"
            return _say(f"{verb}: {_lower(error.format_message())}: see `{verb} --help`", Exit.USAGE)
        except click.exceptions.Exit as stop:
            return stop.exit_code
        except (click.Abort, KeyboardInterrupt):
            return _say("missent: interrupted", Exit.FAILED)
        except ConfigError as error:
            return _say(f"missent: {error}", Exit.USAGE)
        except (MissentError, OSError) as error:
            return _say(f"missent: {error}", Exit.FAILED)


def _lower(text: str) -> str:
    text = text.replace("\n", " ").rstrip(".")
    return text[:1].lower() + text[1:]


def _say(line: str, code: Exit) -> int:
    click.echo(line, err=True)
    return int(code)


def main() -> None:
    """The `missent` command."""
    sys.exit(run())
