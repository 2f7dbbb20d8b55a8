"""A real Dovecot from a throw-away configuration, over TLS, for one made-up user; needs Dovecot installed, and root."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trustme

from missent.testing.postfix import free_port

DOVECOT = Path("/usr/sbin/dovecot")

CONFIG = """
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{d}/cert.pem
ssl_key = <{d}/key.pem
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
mail_location = maildir:{d}/mail/%u
passdb {{
  driver = static
  args = password=canary-password
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={d}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def why_not() -> str:
    """Why it cannot be had here; "" if it can."""
    if not DOVECOT.exists():
        return "Dovecot is not installed"
    return "" if os.geteuid() == 0 else "Dovecot starts as root only"


@dataclass
class Dovecot:
    """A running server; `ca` is the file of the certificate to trust."""

    home: Path
    port: int
    ca: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, home: Path) -> Self:
        """Start one in an empty folder that other users can enter. Raises TimeoutError if it does not answer."""
        port, authority = free_port(), trustme.CA()
        certificate = authority.issue_cert("localhost")
        certificate.private_key_pem.write_to_path(home / "key.pem")
        for part in certificate.cert_chain_pems:
            part.write_to_path(home / "cert.pem", append=True)
        authority.cert_pem.write_to_path(home / "ca.pem")
        (home / "mail").mkdir(mode=0o777)
        (home / "mail").chmod(0o777)
        (home / "dovecot.conf").write_text(CONFIG.format(d=home, port=port))
        command = [str(DOVECOT), "-F", "-c", str(home / "dovecot.conf")]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, start_new_session=True, stdout=quiet, stderr=quiet)
        running = cls(home, port, home / "ca.pem", process)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
                return running
            time.sleep(0.05)
        running.end()
        raise TimeoutError("Dovecot does not answer: " + (home / "dovecot.log").read_text()[-300:])

    def end(self) -> None:
        """Stop it with all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
