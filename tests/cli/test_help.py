"""What `--help` shows of every command."""

import click
import pytest

from missent.cli import COMMANDS
from missent.cli import missent as group


def _leaves(command, path):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _leaves(command.get_command(context, name), [*path, name])
    else:
        yield pytest.param(command, id=" ".join(path))


@pytest.mark.parametrize("command", list(_leaves(group, [])))
def test_help_says_something_and_shows_no_markup(command):
    shown = command.get_help(click.Context(command, info_name="missent"))
    assert command.help.strip()[0].isupper()
    assert "\\b" not in shown
    assert "--config" in shown


def test_examples_keep_their_lines():
    shown = group.get_command(click.Context(group), "check").get_help(click.Context(group))
    assert "\n  missent check draft.eml\n" in shown


def test_every_command_is_listed(missent):
    shown = missent("--help").out
    for name, (_, line) in COMMANDS.items():
        assert name in shown
        assert line.split()[0] in shown
