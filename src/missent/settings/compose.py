"""`[compose]`."""

from dataclasses import dataclass

from missent.settings.values import LOOPBACK, host_port, network


@dataclass(frozen=True, slots=True)
class ComposeSettings:
    """The API for compose windows: a draft is judged before it is sent, and nothing of it is kept.

    Attributes:
        listen: host:port of `/v1/judge`; "" is off. Beyond loopback `tls_certificate` and `tls_key` are needed.
        tokens: file of who may ask, a line each: `sha256:<digest of a token> <address or *@domain>`.
        allowed_clients: networks that may ask.
        origins: web origins whose pages may ask, such as an Office add-in's `https://addin.mod.example`.
        tls_certificate, tls_key: files that make it speak HTTPS.
        per_minute: drafts judged for one token.
        max_size: octets of one draft.
    """

    listen: str = ""
    tokens: str = "compose.tokens"
    allowed_clients: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    origins: tuple[str, ...] = ()
    tls_certificate: str | None = None
    tls_key: str | None = None
    per_minute: int = 120
    max_size: int = 1_000_000

    def __post_init__(self) -> None:
        for one in self.allowed_clients:
            network(one)
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("keys `tls_certificate` and `tls_key` are expected together")
        if self.per_minute < 1 or self.max_size < 1:
            raise ValueError("keys `per_minute` and `max_size` are expected to be more than 0")
        if self.listen and host_port(self.listen, "listen")[0] not in LOOPBACK and self.tls_key is None:
            raise ValueError(
                f"key `listen` is {self.listen!r}: drafts cross a network only with `tls_certificate` and `tls_key`"
            )
