"""`[milter]`."""

from dataclasses import dataclass

from missent.settings.values import host_port


@dataclass(frozen=True, slots=True)
class MilterSettings:
    """The milter beside a mail server such as Postfix.

    Attributes:
        listen: `unix:/path` (faster) or `inet:host:port` (loopback or a network of your own: it has no accounts); "" is off.
        socket_mode: octal mode of the UNIX socket; who can connect can ask and hold.
        socket_group: group of the UNIX socket, e.g. `postfix`; "" leaves it.
        max_size: octets of one message; keep it above the mail server's own limit.
        max_recipients: per transaction; more get 452 4.5.3.
        max_connections: at once; above the mail server's own limit of clients.
    """

    listen: str = ""
    socket_mode: str = "0660"
    socket_group: str = ""
    max_size: int = 50_000_000
    max_recipients: int = 1000
    max_connections: int = 500

    def __post_init__(self) -> None:
        kind, _, where = self.listen.partition(":")
        if kind == "inet":
            host_port(where, "listen")
        elif self.listen and not (kind == "unix" and where.startswith("/")):
            raise ValueError(f"key `listen` is {self.listen!r}, expected unix:/path, inet:host:port or nothing")
        if not self.socket_mode.isdigit() or not set(self.socket_mode) <= set("01234567") or len(self.socket_mode) > 4:
            raise ValueError(f"key `socket_mode` is {self.socket_mode!r}, expected an octal mode such as 0660")
