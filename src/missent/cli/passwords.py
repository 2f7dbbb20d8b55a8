"""The password of an IMAP account, asked on a terminal where neither file nor environment has it; no option takes it."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

_NAMES = ("MISSENT_IMAP_PASSWORD", "MISSENT_IMAP_TOKEN")


def ask_password(paths: Iterable[Path]) -> None:
    """Ask once, if any of these is an account; all processes of this command then have it in their environment."""
    from missent.archive.imap import account_of

    told = any(os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in _NAMES)
    if not told and sys.stdin.isatty() and any(map(account_of, paths)):
        os.environ[_NAMES[0]] = click.prompt("password of the account", hide_input=True, err=True)
