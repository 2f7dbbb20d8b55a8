"""The filters measured: how each is started in a throw-away folder, and how Postfix is told of it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.mailpath.message import HELD, RCPT, SENDER, STRANGER


@dataclass(frozen=True)
class Place:
    """What a filter needs to know: its folder, the port it may listen on, where mail goes back to Postfix, its helpers."""

    home: Path
    port: int
    back: int
    workers: int

    def socket(self, name: str) -> Path:
        """Where a milter listens."""
        return self.home / f"{name}.sock"


@dataclass(frozen=True)
class Filter:
    """One row of the table.

    Attributes:
        name: what the table calls it.
        process: which program stands behind it: rows may share one. "" is none.
        milter: it is one; else it is an SMTP proxy before the queue.
        sender, rcpt: whom the messages are from and to.
        held: nothing is delivered, so accepting alone is timed, of the filter and of Postfix alone.
    """

    name: str
    process: str = ""
    milter: bool = True
    sender: str = SENDER
    rcpt: str = RCPT
    held: bool = False

    def options(self, place: Place) -> str:
        """Smtpd's options."""
        if not self.process:
            return ""
        if self.milter:
            return f"-o smtpd_milters=unix:{place.socket(self.process)}"
        return f"-o smtpd_proxy_filter=127.0.0.1:{place.port}"


ALONE = Filter("Postfix alone")
NOTHING = Filter("a milter that does nothing", "nothing")
MISSENT = Filter("missent", "missent")
HOLDING = Filter("missent, every message held", "holding", sender=STRANGER, rcpt=HELD, held=True)
RELAY = Filter("missent as relay (smtpd_proxy_filter)", "relay", milter=False)
RSPAMD = Filter("rspamd (self-scan, no network)", "rspamd")
OPENDKIM = Filter("OpenDKIM (verify)", "opendkim")
AMAVIS = Filter("amavis before the queue (no virus or spam scanner)", "amavis", milter=False)
FILTERS = (NOTHING, MISSENT, HOLDING, RELAY, RSPAMD, OPENDKIM, AMAVIS)

MISSENT_TOML = """
own_domains = ["mod.example"]
observe = false
store = "sqlite:///{home}/missent.db"
{serve}
[relay]
listen = "127.0.0.1:{port}"
next_hop = "127.0.0.1:{back}"
[milter]
listen = "unix:{socket}"
socket_mode = "0666"
[console]
listen = "127.0.0.1:0"
[public]
listen = "127.0.0.1:0"
"""

_OFF = (
    *(
        "rbl",
        "surbl",
        "spf",
        "dkim",
        "dmarc",
        "arc",
        "asn",
        "fuzzy_check",
        "mx_check",
        "greylist",
        "ratelimit",
        "history_redis",
    ),
    *("replies", "reputation", "neural", "url_redirector", "rspamd_update"),
)
"""rspamd's modules that ask the network, a Redis or a database."""

RSPAMD_LOCAL = {
    "options.inc": 'dns {{ timeout = 0s; retransmits = 0; nameserver = ["127.0.0.1:9"]; }}\n'
    'control_socket = "{home}/control.sock";\nhistory_file = null;\nlocal_networks = [];\n',
    **{f"worker-{worker}.inc": "enabled = false;\n" for worker in ("normal", "controller", "fuzzy")},
    "worker-proxy.inc": 'milter = yes;\nself_scan = true;\ncount = 1;\nbind_socket = "{socket} mode=0666";\n'
    'upstream "local" {{ self_scan = yes; default = yes; }}\n',
    "logging.inc": 'type = "file";\nfilename = "{home}/rspamd.log";\nlevel = "warning";\n',
    "classifier-bayes.conf": "enabled = false;\n",
    "phishing.conf": "openphish_enabled = false;\nphishtank_enabled = false;\n",
    **{f"{module}.conf": "enabled = false;\n" for module in _OFF},
}

OPENDKIM_CONF = """
Mode v
Socket local:{socket}
UMask 0000
Syslog no
InternalHosts 192.0.2.1
On-Default accept
"""

AMAVIS_CONF = """
use strict;
$max_servers = 10; $daemon_user = 'amavis'; $daemon_group = 'amavis';
$mydomain = 'mod.example'; $myhostname = 'mx.mod.example';
$MYHOME = '{home}'; $TEMPBASE = '{home}'; $ENV{{TMPDIR}} = '{home}'; $QUARANTINEDIR = undef;
$db_home = '{home}'; $lock_file = '{home}/amavis.lock'; $pid_file = '{home}/amavis.pid'; $helpers_home = '{home}';
$enable_db = 0; $enable_global_cache = 0; $enable_zmq = 0; $nanny_details_level = 0;
$inet_socket_bind = '127.0.0.1'; $inet_socket_port = {port}; @inet_acl = qw(127.0.0.1);
$forward_method = 'smtp:[127.0.0.1]:{back}'; $notify_method = $forward_method;
@bypass_virus_checks_maps = (1); @bypass_spam_checks_maps = (1);
$enable_dkim_verification = 0; $enable_dkim_signing = 0; $log_level = 0; $do_syslog = 0; $logfile = '{home}/amavis.log';
1;
"""


def _nothing(place: Place) -> list[str]:
    return [sys.executable, "-m", "bench.mailpath.nothing", str(place.socket("nothing"))]


def _missent(place: Place) -> list[str]:
    config = place.home / "missent.toml"
    where = {"home": place.home, "port": place.port, "back": place.back, "socket": place.socket(place.home.name)}
    config.write_text(MISSENT_TOML.format(serve=f"[serve]\nworkers = {place.workers}" if place.workers > 1 else "", **where))
    return [sys.executable, "-m", "missent", "serve", "--config", str(config)]


def _rspamd(place: Place) -> list[str]:
    folder = place.home / "rspamd" / "local.d"
    folder.mkdir(parents=True)
    for name, text in RSPAMD_LOCAL.items():
        (folder / name).write_text(text.format(home=place.home, socket=place.socket("rspamd")))
    places = {"LOCAL_CONFDIR": folder.parent, "DBDIR": place.home, "RUNDIR": place.home, "LOGDIR": place.home}
    shutil.chown(place.home, "_rspamd")
    command = ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", "/etc/rspamd/rspamd.conf"]
    return command + [f"--var={name}={path}" for name, path in places.items()]


def _opendkim(place: Place) -> list[str]:
    config = place.home / "opendkim.conf"
    config.write_text(OPENDKIM_CONF.format(socket=place.socket("opendkim")))
    return ["opendkim", "-f", "-x", str(config)]


def _amavis(place: Place) -> list[str]:
    config = place.home / "amavis.conf"
    work = place.home / "work"  # it refuses a configuration in a folder that it may write to
    work.mkdir()
    shutil.chown(work, "amavis")
    config.write_text(AMAVIS_CONF.format(home=work, port=place.port, back=place.back))
    return ["amavisd", "-c", str(config), "foreground"]


PROGRAMS: dict[str, tuple[str, Callable[[Place], list[str]]]] = {
    "nothing": ("", _nothing),
    "missent": ("", _missent),
    "holding": ("", _missent),
    "relay": ("", _missent),
    "rspamd": ("rspamd", _rspamd),
    "opendkim": ("opendkim", _opendkim),
    "amavis": ("amavisd", _amavis),
}
"""By `Filter.process`: the program it needs installed, and its command line."""


def start(process: str, place: Place) -> subprocess.Popen[bytes]:
    """Start one in its folder; its words go to a file there."""
    place.home.mkdir(mode=0o755)
    command = PROGRAMS[process][1](place)
    with (place.home / "said").open("wb") as said:
        return subprocess.Popen(command, stdout=said, stderr=said, cwd=Path.cwd())


def missing(process: str) -> bool:
    """Whether its program is not installed."""
    program = PROGRAMS[process][0] if process else ""
    return bool(program) and shutil.which(program) is None
