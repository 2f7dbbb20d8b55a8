"""A real Postfix from a throw-away configuration, in front of a next hop that keeps what it gets.

Started as root only: its daemons change their user. The queue is made by hand and `master` runs as our child: ready in
0.1 s, where `postfix start` takes two.
"""

import asyncio
import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from missent.delivery.stream import Stream
from missent.smtp.data import stuffed
from missent.smtp.reply import Reply, ReplyReader

MASTER = Path("/usr/lib/postfix/sbin/master")

MAIN = """
compatibility_level = 3.6
queue_directory = {d}/spool
data_directory = {d}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {d}/mail.log
maillog_file_prefixes = {d}
myhostname = mx.own.example
mydestination =
local_transport = error:no local mail here
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_delay_reject = no
smtpd_tls_security_level = none
smtp_tls_security_level = none
relayhost = [127.0.0.1]:{next_hop}
smtp_host_lookup = native
append_dot_mydomain = no
biff = no
milter_default_action = tempfail
smtp_line_length_limit = 0
always_add_missing_headers = no
local_header_rewrite_clients =
"""

SERVICES = """
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
proxymap  unix  - - n -     - proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")


def _why_not() -> str:
    if not MASTER.exists():
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix starts as root only"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = _why_not()
    for item in items:
        if reason and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Postfix:
    """A running Postfix; `ports` are its listeners in the order they were asked for."""

    folder: Path
    ports: list[int]

    def log(self) -> str:
        return (self.folder / "mail.log").read_text()

    def waiting(self) -> int:
        """Messages in any of its queues."""
        queues = (self.folder / "spool" / name for name in ("incoming", "active", "deferred", "hold", "maildrop"))
        return sum(1 for queue in queues for path in queue.rglob("*") if path.is_file())


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def free_port() -> Callable[[], int]:
    return _free_port


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that Postfix's users can enter: pytest's own is closed to them."""
    made = Path(tempfile.mkdtemp(prefix="missent-postfix-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def postfix(folder: Path) -> Iterator[Callable[..., Postfix]]:
    """Start one: `postfix(next_hop_port, "smtpd options of a listener", …)`."""
    running: list[subprocess.Popen[bytes]] = []

    def start(next_hop: int, *listeners: str) -> Postfix:
        ports = [_free_port() for _ in listeners]
        home = folder / f"postfix{len(running)}"
        home.mkdir(mode=0o755)
        _configure(home, next_hop, dict(zip(ports, listeners, strict=True)))
        running.append(
            subprocess.Popen(
                [MASTER, "-d", "-c", home / "etc"],
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        _await_banner(ports[0])
        return Postfix(home, ports)

    yield start
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def _configure(folder: Path, next_hop: int, listeners: dict[int, str]) -> None:
    user = pwd.getpwnam("postfix")
    postdrop = grp.getgrnam("postdrop").gr_gid
    (folder / "etc").mkdir()
    (folder / "etc" / "main.cf").write_text(MAIN.format(d=folder, next_hop=next_hop))
    inets = "".join(f"127.0.0.1:{port} inet n - n - - smtpd\n  {options}\n" for port, options in listeners.items())
    (folder / "etc" / "master.cf").write_text(inets + SERVICES)
    for name in ("main.cf", "master.cf"):  # Postfix waits two seconds for a file that may still be written
        os.utime(folder / "etc" / name, (time.time() - 60, time.time() - 60))
    (folder / "data").mkdir(mode=0o700)
    os.chown(folder / "data", user.pw_uid, 0)
    spool = folder / "spool"
    spool.mkdir(mode=0o755)
    for name, mode, uid, gid in (
        *((name, 0o700, user.pw_uid, 0) for name in QUEUES),
        ("maildrop", 0o730, user.pw_uid, postdrop),
        ("public", 0o710, user.pw_uid, postdrop),
        ("pid", 0o755, 0, 0),
    ):
        (spool / name).mkdir()
        os.chown(spool / name, uid, gid)
        (spool / name).chmod(mode)


def _await_banner(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as one:
            if one.recv(100).startswith(b"220"):
                return
        time.sleep(0.02)
    raise TimeoutError("Postfix does not answer")


class Client:
    """A client that says exactly what it is told to."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.replies = ReplyReader()

    async def hear(self) -> Reply:
        while (reply := self.replies.next()) is None:
            data = await self.stream.read()
            if not data:
                raise ConnectionError("Postfix hung up")
            self.replies.receive(data)
        return reply

    async def say(self, line: str | bytes) -> str:
        self.stream.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return str(await self.hear())

    async def mail(self, *rcpts: str, message: bytes, sender: str = "<me@own.example>") -> str:
        """One message to the end: the last reply. Paths are given as they are said."""
        assert (await self.say(f"MAIL FROM:{sender}")).startswith("250")
        for rcpt in rcpts:
            await self.say(f"RCPT TO:{rcpt}")
        reply = await self.say("DATA")
        if not reply.startswith("354"):
            return reply
        self.stream.write(stuffed(message))
        return str(await self.hear())


@pytest.fixture
def client() -> Callable[[int], contextlib.AbstractAsyncContextManager[Client]]:
    @contextlib.asynccontextmanager
    async def connected(port: int, ip: str = "") -> AsyncIterator[Client]:
        _, stream = await asyncio.get_running_loop().create_connection(Stream, "127.0.0.1", port)
        try:
            talking = Client(stream)
            await talking.hear()
            if ip:
                await talking.say("EHLO client.example")
                assert (await talking.say(f"XCLIENT ADDR={ip} NAME=stranger.example")).startswith("220")
            await talking.say("EHLO client.example")
            yield talking
        finally:
            stream.abort()
            await asyncio.sleep(0)

    return connected
