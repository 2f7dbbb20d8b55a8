"""Every listener knocked at, and the next hop: whether it answers, and as what it should be."""

import contextlib
import http.client
import smtplib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from missent.doctor.told import Told, amiss, doubtful, well
from missent.milter.flags import VERSION
from missent.settings import ComposeSettings, RelaySettings, Settings, host_port

PATIENCE = 10.0
"""Seconds a door may take to answer."""

_WANTED = ("8BITMIME", "SMTPUTF8", "DSN", "SIZE")
_ASK = struct.pack("!IcIII", 13, b"O", VERSION, 0x1FF, 0x1FFFFF)
"""SMFIC_OPTNEG of a mail server that allows everything."""


def examine(settings: Settings) -> Iterator[Told]:
    """Knock at every door the settings name."""
    yield _guarded("relay", settings.relay.listen, lambda: _relay(settings.relay))
    if settings.milter.listen:
        yield _guarded("milter", settings.milter.listen, lambda: _milter(settings.milter.listen))
    yield _guarded("next hop", settings.relay.next_hop, lambda: _next_hop(settings.relay))
    yield _guarded("console", settings.console.listen, lambda: _page("console", settings.console.listen, "/", 200))
    yield _guarded(
        "sender's pages", settings.public.listen, lambda: _page("sender's pages", settings.public.listen, "/h/x", 404)
    )
    if settings.compose.listen:
        yield _guarded("compose windows", settings.compose.listen, lambda: _windows(settings.compose))
    if settings.health.listen:
        yield _guarded("health", settings.health.listen, lambda: _page("health", settings.health.listen, "/readyz", 200))


def _guarded(part: str, where: str, look: Callable[[], Told]) -> Told:
    try:
        return look()
    except ssl.SSLError as error:
        return amiss(
            part, f"{where}: TLS failed: {error.reason or 'unknown'}", "Look at the certificate, `next_hop_tls`, `next_hop_ca`."
        )
    except (OSError, smtplib.SMTPException, http.client.HTTPException) as error:
        kind = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        return amiss(part, f"nothing that fits answers on {where}: {kind}", _MEND.get(part, _MEND[""]))


_MEND = {
    "milter": "Is `missent serve` running, and may you connect? A chroot sees the socket elsewhere: docs/milter.md.",
    "": "Is `missent serve` running with these settings? `systemctl status missent`, and its log.",
    "next hop": "Start it, or change `[relay] next_hop`: released copies and letters wait until it answers.",
}


def _relay(settings: RelaySettings) -> Told:
    host, port = host_port(settings.listen, "listen")
    with smtplib.SMTP(timeout=PATIENCE) as smtp:
        code, banner = smtp.connect(_reachable(host), port)
        if code == 554:
            return doubtful(
                "relay", f"{settings.listen} does not take mail from here", "Run doctor on a host in `allowed_clients`."
            )
        smtp.ehlo()
        if b"missent" not in banner:
            return amiss("relay", f"somebody else answers on {settings.listen}", "Free the port, or change `[relay] listen`.")
        return well("relay", f"takes mail on {settings.listen}{', offers STARTTLS' if smtp.has_extn('starttls') else ''}")


def _next_hop(settings: RelaySettings) -> Told:
    host, port = host_port(settings.next_hop, "next_hop")
    with smtplib.SMTP(host, port, timeout=PATIENCE) as smtp:
        smtp.ehlo()
        said = smtp.has_extn("starttls") and settings.next_hop_tls != "off"
        if settings.next_hop_tls == "required":
            smtp.starttls(context=ssl.create_default_context(cafile=settings.next_hop_ca))
            smtp.ehlo()
        lacking = [word for word in _WANTED if not smtp.has_extn(word.lower())]
    if lacking:
        advice = "What a sender asked for in these cannot be passed on; SMTPUTF8 addresses are refused."
        return doubtful("next hop", f"{settings.next_hop} answers, without {', '.join(lacking)}", advice)
    return well("next hop", f"{settings.next_hop} answers{' with TLS' if said else ''}")


def _milter(listen: str) -> Told:
    with contextlib.closing(_connected(listen)) as one:
        one.settimeout(PATIENCE)
        one.sendall(_ASK)
        answer = one.recv(17)
    if answer[4:5] != b"O":
        return amiss("milter", f"somebody else answers on {listen}", "Free the socket, or change `[milter] listen`.")
    return _within_reach(listen, f"speaks version {struct.unpack('!I', answer[5:9])[0]} on {listen}")


def _within_reach(listen: str, said: str) -> Told:
    """Whether those can connect who should, and nobody else."""
    kind, _, where = listen.partition(":")
    if kind == "unix":
        if not Path(where).stat().st_mode & 0o022:
            advice = '`[milter] socket_group = "postfix"`, else Postfix answers its clients 451.'
            return doubtful("milter", f"{said}, which its owner alone may write to", advice)
        return well("milter", said)
    if host_port(where, "listen")[0] in ("127.0.0.1", "::1", "localhost"):
        return well("milter", said)
    return doubtful("milter", f"{said}: whoever reaches it can ask and hold", "Let a firewall pass your mail server only.")


def _connected(listen: str) -> socket.socket:
    kind, _, where = listen.partition(":")
    if kind == "inet":
        host, port = host_port(where, "listen")
        return socket.create_connection((_reachable(host), port), PATIENCE)
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    one.settimeout(PATIENCE)
    one.connect(where)
    return one


def _page(part: str, listen: str, path: str, expected: int) -> Told:
    return _guarded(part, listen, lambda: _asked(part, listen, path, expected))


def _asked(part: str, listen: str, path: str, expected: int) -> Told:
    host, port = host_port(listen, "listen")
    with contextlib.closing(http.client.HTTPConnection(_reachable(host), port, timeout=PATIENCE)) as asked:
        asked.request("GET", path)
        answer = asked.getresponse()
    if answer.status != expected:
        return amiss(part, f"{listen} answers {answer.status} where {expected} was expected", _MEND[""])
    return well(part, f"answers on {listen}")


def _windows(settings: ComposeSettings) -> Told:
    """Whether the API for compose windows is there; its certificate is not looked at, for it bears a name, not this address."""
    host, port = host_port(settings.listen, "listen")
    untrusting = ssl._create_unverified_context() if settings.tls_key else None  # noqa: S323, SLF001
    door = (
        http.client.HTTPSConnection(_reachable(host), port, timeout=PATIENCE, context=untrusting)
        if settings.tls_key
        else http.client.HTTPConnection(_reachable(host), port, timeout=PATIENCE)
    )
    with contextlib.closing(door) as asked:
        asked.request("GET", "/v1/openapi.json")
        status = asked.getresponse().status
    if status != 200:
        return amiss("compose windows", f"{settings.listen} answers {status} where 200 was expected", _MEND[""])
    return well("compose windows", f"ask on {settings.listen}{' with TLS' if settings.tls_key else ''}")


def _reachable(host: str) -> str:
    """Where to knock at a listener on every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is what was set
