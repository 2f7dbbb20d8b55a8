"""`[relay]`."""

from dataclasses import dataclass

from missent.settings.values import host_port, network, one_of


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The SMTP relay.

    Attributes:
        listen: host:port of the relay.
        hostname: how it calls itself in its banner and Received line; "" takes the machine's name.
        next_hop: host:port that judged mail is handed to.
        next_hop_tls: `off`, `opportunistic` (STARTTLS if offered) or `required` (certificate verified).
        next_hop_ca: file of certificates to trust for the next hop instead of the system's.
        sign_released: whether released copies and our letters carry a `Missent-Pass`, by which missent lets them by if they
            come back to it.
        allowed_clients: networks that may send.
        allowed_certificates: SHA-256 fingerprints (hex) of client certificates that may send.
        client_ca: file of certificates that client certificates must lead to, besides the system's; may hold the client's own.
        tls_certificate, tls_key: files that make it offer STARTTLS.
        max_size: octets of one message; announced by SIZE (RFC 1870).
        max_recipients: per transaction; more get 452 4.5.3.
        max_connections: at once; more get 421.
        command_timeout, data_timeout: seconds a client may take for a line, for a whole message.
        judge_timeout: seconds a verdict may take before the message is held as `check-failed`.
    """

    listen: str = "127.0.0.1:10025"
    hostname: str = ""
    next_hop: str = "127.0.0.1:10026"
    next_hop_tls: str = "opportunistic"
    next_hop_ca: str | None = None
    sign_released: bool = True
    allowed_clients: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    allowed_certificates: tuple[str, ...] = ()
    client_ca: str | None = None
    tls_certificate: str | None = None
    tls_key: str | None = None
    max_size: int = 50_000_000
    max_recipients: int = 1000
    max_connections: int = 200
    command_timeout: float = 300.0
    data_timeout: float = 600.0
    judge_timeout: float = 30.0

    def __post_init__(self) -> None:
        one_of("next_hop_tls", self.next_hop_tls, ("off", "opportunistic", "required"))
        for one in self.allowed_clients:
            network(one)
        host_port(self.listen, "listen")
        host_port(self.next_hop, "next_hop")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("keys `tls_certificate` and `tls_key` are expected together")
