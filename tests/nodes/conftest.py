"""Two real `missent serve` processes on one store, SQLite and PostgreSQL alike, and people who use both."""

import contextlib
import smtplib
import urllib.error

import pytest

from missent.demo.post import press
from missent.store import open_store
from missent.store.keys import load
from missent.testing.postfix import free_port
from missent.testing.process import Served
from missent.testing.threaded import ThreadedNextHop

SETTINGS = """
own_domains = ["mod.example"]
observe = false
store = "{store}"
key_file = "{folder}/missent.key"
[relay]
listen = "127.0.0.1:{relay}"
next_hop = "127.0.0.1:{next_hop}"
[console]
listen = "127.0.0.1:{console}"
[public]
listen = "127.0.0.1:{public}"
"""

MAIL = "From: anna@mod.example\r\nTo: {to}\r\nSubject: x\r\nMessage-ID: <{id}@mod.example>\r\n\r\nHello {id}\r\n"


class Node(Served):
    """One node, used as people use it."""

    console = 0

    def send(self, id_, *rcpts, text="", times=1):
        """Send one message with so many lines more; "" if it was taken, else what was said, or that nobody was there."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as smtp:
                refused = smtp.sendmail("anna@mod.example", rcpts, MAIL.format(to=", ".join(rcpts), id=id_) + text * times)
        except smtplib.SMTPRecipientsRefused as error:
            return str(error.recipients)
        except (OSError, smtplib.SMTPException) as error:
            return f"{type(error).__name__} {error}"
        return str(refused) if refused else ""

    def release(self, hold_id):
        """Press *release* in its console; whether it answered."""
        try:
            return press(f"http://127.0.0.1:{self.console}/holds/{hold_id}", "release")
        except (OSError, urllib.error.URLError):
            return False


class Hop(ThreadedNextHop):
    """Counts."""

    def got(self, rcpt):
        """How often a recipient got something."""
        return len(self.inbox(rcpt))


@pytest.fixture
def hop():
    running = Hop()
    yield running
    running.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/missent.db"
    postgres = request.getfixturevalue("little" if request.param == "little" else "postgres")
    return postgres.url(postgres.new())


@pytest.fixture
def nodes(tmp_path, store_url, hop):
    """`nodes(2)` makes so many, not yet started."""
    made = []

    def make(count):
        for number in range(len(made), len(made) + count):
            ports = {name: free_port() for name in ("relay", "console", "public")}
            folder = tmp_path / f"node{number}"
            folder.mkdir()
            config = folder / "missent.toml"
            config.write_text(SETTINGS.format(store=store_url, folder=tmp_path, next_hop=hop.hop.port, **ports))
            made.append(Node(config, ports["relay"]))
            made[-1].console = ports["console"]
        return made[-count:]

    yield make
    for node in made:
        node.end()


@pytest.fixture
def opened(tmp_path, store_url):
    """`with opened() as store`: what the nodes see."""

    @contextlib.contextmanager
    def opening():
        with open_store(store_url, load(tmp_path / "missent.key"), patience=20, own={"mod.example"}) as store:
            yield store

    return opening
