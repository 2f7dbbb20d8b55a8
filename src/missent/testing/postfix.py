"""A real Postfix from a throw-away configuration, for tests and benchmarks; needs Postfix installed, and root.

The queue is made by hand and `master` runs as our child: ready in 0.1 s, where `postfix start` takes two.
"""

import contextlib
import grp
import os
import pwd
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from missent.testing.ports import free_port

MASTER = Path("/usr/lib/postfix/sbin/master")
SASLPASSWD = Path("/usr/sbin/saslpasswd2")

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
tls_random_source = dev:/dev/urandom
smtp_tls_security_level = none
relayhost = [127.0.0.1]:{next_hop}
smtp_host_lookup = native
append_dot_mydomain = no
biff = no
milter_default_action = tempfail
smtp_line_length_limit = 0
always_add_missing_headers = no
in_flow_delay = 0
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
tlsmgr    unix  - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
"""

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")


def why_not() -> str:
    """Why it cannot be had here; "" if it can."""
    if not MASTER.exists():
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix starts as root only"


def why_no_accounts() -> str:
    """Why it cannot have accounts here; "" if it can."""
    return why_not() or ("" if SASLPASSWD.exists() else "saslpasswd2 (Debian: sasl2-bin) is not installed")


def accounts(home: Path, realm: str, passwords: dict[str, str]) -> str:
    """Give it accounts (SASL PLAIN, kept by Cyrus SASL in a file); the smtpd options of a listener that takes mail
    from them, and from others for `realm` only.

    To be called between the making of its folder and its start.
    """
    folder = home / "etc" / "sasl"  # where Debian's Postfix looks, whatever its settings say
    folder.mkdir(mode=0o755, parents=True)
    database = folder / "sasldb2"
    for user, password in passwords.items():
        command = [str(SASLPASSWD), "-p", "-c", "-f", str(database), "-u", realm, user]
        subprocess.run(command, input=password.encode(), check=True, capture_output=True)  # noqa: S603
    os.chown(database, pwd.getpwnam("postfix").pw_uid, 0)
    (folder / "smtpd.conf").write_text(
        f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN\nsasldb_path: {database}\n"
    )
    return (
        f"-o smtpd_sasl_auth_enable=yes -o cyrus_sasl_config_path={folder} -o smtpd_sasl_local_domain={realm}"
        f" -o smtpd_relay_restrictions=permit_sasl_authenticated,check_recipient_access,inline:{{{realm}=OK}},reject"
    )


@dataclass
class Postfix:
    """A running Postfix; `ports` are its listeners in the order they were asked for."""

    home: Path
    ports: list[int]
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, home: Path, next_hop: int, *listeners: str, first_port: int = 0) -> Self:
        """Start one in an empty folder that other users can enter. `listeners`: smtpd's options of each; `first_port`: that
        of the first, where somebody had to know it before.

        Raises TimeoutError if it does not answer.
        """
        ports = [free_port() for _ in listeners]
        if first_port:
            ports[0] = first_port
        _configure(home, next_hop, dict(zip(ports, listeners, strict=True)))
        running = cls(home, ports, _master(home))
        running._await()
        return running

    def again(self) -> None:
        """Start it after `end`, with the queue it had. Raises TimeoutError if it does not answer."""
        self.process = _master(self.home)
        self._await()

    def end(self) -> None:
        """Kill it with all its daemons."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)

    def _await(self) -> None:
        try:
            for port in self.ports:
                _await_banner(port)
        except TimeoutError:
            self.end()
            raise

    def log(self) -> str:
        """Its log so far."""
        return (self.home / "mail.log").read_text()

    def waiting(self) -> int:
        """Messages in any of its queues."""
        queues = (self.home / "spool" / name for name in ("incoming", "active", "deferred", "hold", "maildrop"))
        return sum(1 for queue in queues for path in queue.rglob("*") if path.is_file())


def _master(home: Path) -> "subprocess.Popen[bytes]":
    command = [str(MASTER), "-d", "-c", str(home / "etc")]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, start_new_session=True, stdout=quiet, stderr=quiet)  # noqa: S603


def _configure(home: Path, next_hop: int, listeners: dict[int, str]) -> None:
    user = pwd.getpwnam("postfix")
    postdrop = grp.getgrnam("postdrop").gr_gid
    (home / "etc").mkdir(exist_ok=True)
    (home / "etc" / "main.cf").write_text(MAIN.format(d=home, next_hop=next_hop))
    inets = "".join(f"127.0.0.1:{port} inet n - n - - smtpd\n  {options}\n" for port, options in listeners.items())
    (home / "etc" / "master.cf").write_text(inets + SERVICES)
    for name in ("main.cf", "master.cf"):  # Postfix waits two seconds for a file that may still be written
        os.utime(home / "etc" / name, (time.time() - 60, time.time() - 60))
    (home / "data").mkdir(mode=0o700)
    os.chown(home / "data", user.pw_uid, 0)
    spool = home / "spool"
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
