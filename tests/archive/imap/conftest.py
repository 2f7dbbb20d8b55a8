"""A real Dovecot for the tests of this folder."""

import shutil
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import imapclient
import pytest
from tests.cli.conftest import missent

from .dovecot import Dovecot

__all__ = ["missent"]


@pytest.fixture(scope="package")
def dovecot() -> Iterator[Dovecot]:
    home = Path(tempfile.mkdtemp(prefix="missent-dovecot-"))
    home.chmod(0o755)
    running = Dovecot.start(home)
    yield running
    running.end()
    shutil.rmtree(home, ignore_errors=True)


def client(dovecot: Dovecot, user: str) -> imapclient.IMAPClient:
    context = ssl.create_default_context(cafile=str(dovecot.ca))
    one = imapclient.IMAPClient("localhost", dovecot.port, ssl_context=context)
    one.login(user, "canary-password")
    return one
