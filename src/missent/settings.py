"""`missent.toml`: what this installation is. Everything has a default; no file at all works."""

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path

from missent import tables
from missent.errors import ConfigError
from missent.nouns.address import canonical_domain

FILE = "missent.toml"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_FIELD = re.compile(r"[!-9;-~]{1,70}: [!-~]([ -~]{0,400}[!-~])?")
"""A header field on one line (RFC 5322 2.2), ASCII."""


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
        _one_of("next_hop_tls", self.next_hop_tls, ("off", "opportunistic", "required"))
        for network in self.allowed_clients:
            _network(network)
        host_port(self.listen, "listen")
        host_port(self.next_hop, "next_hop")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("keys `tls_certificate` and `tls_key` are expected together")


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


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """The console for reviewers: loopback only, until accounts exist."""

    listen: str = "127.0.0.1:10080"

    def __post_init__(self) -> None:
        host, _ = host_port(self.listen, "listen")
        if host not in LOOPBACK:
            raise ValueError(f"key `listen` is {self.listen!r}, expected a loopback address: the console has no accounts yet")


@dataclass(frozen=True, slots=True)
class PublicSettings:
    """The sender's pages.

    Attributes:
        listen: host:port; nothing but `/h/<token>` is served there.
        url: how senders reach it, `https://…`; links are made from it, never from a Host header. "" means no link.
    """

    listen: str = "127.0.0.1:10081"
    url: str = ""

    def __post_init__(self) -> None:
        host_port(self.listen, "listen")
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValueError(f"key `url` is {self.url!r}, expected https://…")


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
        for network in self.allowed_clients:
            _network(network)
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("keys `tls_certificate` and `tls_key` are expected together")
        if self.per_minute < 1 or self.max_size < 1:
            raise ValueError("keys `per_minute` and `max_size` are expected to be more than 0")
        if self.listen and host_port(self.listen, "listen")[0] not in LOOPBACK and self.tls_key is None:
            raise ValueError(
                f"key `listen` is {self.listen!r}: drafts cross a network only with `tls_certificate` and `tls_key`"
            )


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    """A tenant of a mail service (Exchange Online, Google Workspace) that hands us its outgoing mail: `[[connectors]]`.

    Attributes:
        certificate: a name in the service's verified client certificate, or `sha256:<hex>` of that certificate.
        header: field that the service puts on our tenant's mail and on nobody else's.
        value: of that field, upper and lower case alike.
    """

    certificate: str
    header: str
    value: str

    def __post_init__(self) -> None:
        for key in ("certificate", "header", "value"):
            if not getattr(self, key).strip():
                raise ValueError(f"key `{key}` of [[connectors]] is empty: without it every tenant of the service is ours")
        if not self.header.isascii() or any(c in ": \t" for c in self.header):
            raise ValueError(f"key `header` is {self.header!r}, expected the name of a header field")


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The processes of `missent serve`.

    Attributes:
        workers: processes that take mail. 1: the one that does everything. More share the relay's and the milter's sockets
            and use as many cores; console, pages and delivery stay in the first process.
    """

    workers: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= 64:
            raise ValueError(f"key `workers` is {self.workers}, expected 1 to 64")


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """Health and metrics for supervisors and Prometheus; they tell nothing about anybody's mail.

    Attributes:
        listen: host:port of `/healthz`, `/readyz` and `/metrics`; "" is off.
    """

    listen: str = ""

    def __post_init__(self) -> None:
        if self.listen:
            host_port(self.listen, "listen")


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Opening what messages carry. What is beyond a limit is said to be unread; the message is judged all the same.

    Attributes:
        workers: processes that open attachments, started when first needed; 0 opens none.
        ocr: read the text of images with tesseract, if it is installed; a second or two a page.
        max_file: octets of one file.
        max_unpacked: octets unpacked from one message's files.
        max_ratio: how many times its packed size one file may unpack to, once it is above 10 MB.
        max_files: files within a message's files.
        max_depth: files within files.
        max_text: characters of text taken from one message.
        max_memory: octets of memory one worker may use.
        cpu_seconds: processor time for one message's attachments.
        seconds: time by the clock for them; below `relay.judge_timeout`.
    """

    workers: int = 2
    ocr: bool = False
    max_file: int = 100_000_000
    max_unpacked: int = 300_000_000
    max_ratio: int = 150
    max_files: int = 2000
    max_depth: int = 8
    max_text: int = 30_000_000
    max_memory: int = 450_000_000
    cpu_seconds: float = 3.5
    seconds: float = 10.0

    def __post_init__(self) -> None:
        if not 0 <= self.workers <= 256:
            raise ValueError(f"key `workers` is {self.workers}, expected 0 to 256")
        for key in ("max_file", "max_files", "max_text", "cpu_seconds", "seconds"):
            if getattr(self, key) <= 0:
                raise ValueError(f"key `{key}` is {getattr(self, key)}, expected more than 0")


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What an investigation of past mail knows of this organisation.

    Attributes:
        own_relays: smarthosts and filters that take our outgoing mail, by name, `*.name`, address or network; that of
            `relay.next_hop` counts without being named. What they accept says nothing of the recipient.
        log_zone: zone of times in logs that name none, such as `Europe/London`.
        full_report_users: system users who may ask for a report in full; nobody is kept from it while it is empty.
    """

    own_relays: tuple[str, ...] = ()
    log_zone: str = "UTC"
    full_report_users: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for relay in self.own_relays:
            if "/" in relay:
                _network(relay)
            elif not re.fullmatch(r"(\*\.)?[^\s*@]+", relay):
                raise ValueError(f"key `own_relays` holds {relay!r}, expected a host, *.domain, an address or a network")
        from zoneinfo import ZoneInfo  # late: every command reads settings, few ask for a zone

        try:
            ZoneInfo(self.log_zone)
        except (ValueError, OSError, LookupError):
            raise ValueError(f"key `log_zone` is {self.log_zone!r}, expected a zone such as Europe/London") from None


@dataclass(frozen=True, slots=True)
class Settings:
    """All of `missent.toml`.

    Attributes:
        own_domains: the organisation's own mail domains.
        own_networks: networks whose clients may use `own_domains` as reverse-path; default `relay.allowed_clients`.
        authserv_id: name our own mail server puts into Authentication-Results (RFC 8601); "" believes none.
        connectors: tenants of mail services that hand us their outgoing mail.
        processed_header: `Name: value` put on every message handed on, by which a mail service's rule knows that it has
            been here; a long random value. "" adds none.
        log_addresses: `full`, or `domain` where those who read the log may not know people (`@army.ml`).
        log_level: the least grave events written to the log: `debug`, `info` (the line per message), `warning`, `error`.
        observe: judge and record, but deliver everything; `serve` says so at start.
        store: SQLAlchemy URL; "" takes `missent.db` beside the file, else in the user's data folder.
        policy: file of rules; "" takes the packaged default.
        patterns: file of the organisation's own words and patterns, see docs/content.md; "" for none.
        key_file: secrets for links and the audit chain; "" takes `missent.key` beside the store.
        heads_file: where heads of the audit chain are logged; "" takes `missent.heads` beside the key.
        postmaster: From address of notices; "" takes `postmaster@` the first own domain.
        path: the file it was read from.
    """

    own_domains: tuple[str, ...] = ()
    own_scheme: str = ""
    own_networks: tuple[str, ...] = ()
    authserv_id: str = ""
    observe: bool = True
    connectors: tuple[ConnectorSettings, ...] = ()
    processed_header: str = ""
    log_addresses: str = "full"
    log_level: str = "info"
    store: str = ""
    policy: str = ""
    patterns: str = ""
    key_file: str = ""
    heads_file: str = ""
    postmaster: str = ""
    relay: RelaySettings = field(default_factory=RelaySettings)
    milter: MilterSettings = field(default_factory=MilterSettings)
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
    public: PublicSettings = field(default_factory=PublicSettings)
    compose: ComposeSettings = field(default_factory=ComposeSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    scan: ScanSettings = field(default_factory=ScanSettings)
    path: Path | None = None

    def __post_init__(self) -> None:
        if self.reading.seconds >= self.relay.judge_timeout:
            raise ValueError(f"key `seconds` of `reading` is {self.reading.seconds}, expected less than `relay.judge_timeout`")
        for network in self.own_networks:
            _network(network)
        _one_of("log_addresses", self.log_addresses, ("full", "domain"))
        _one_of("log_level", self.log_level, ("debug", "info", "warning", "error"))
        if self.processed_header and not _FIELD.fullmatch(self.processed_header):
            raise ValueError(f"key `processed_header` is {self.processed_header!r}, expected `X-Name: value` in one line")
        for domain in self.own_domains:
            if "@" in domain or not domain.strip("."):
                raise ValueError(f"key `own_domains` holds {domain!r}, expected domains such as mod.example")

    @property
    def own(self) -> frozenset[str]:
        """Own domains in canonical form."""
        return frozenset(canonical_domain(d) for d in self.own_domains)


def read(path: Path) -> Settings:
    """Read one settings file. Raises ConfigError: one line with file, key, what was expected."""
    table = tables.load(path)
    if "path" in table:
        raise ConfigError(f"{path}: unknown key `path`, the nearest known key is `policy`")
    return tables.shape({**table, "path": path}, Settings, str(path))


def host_port(text: str, key: str = "address") -> tuple[str, int]:
    """Split `host:port` or `[::1]:port`. Raises ValueError naming the key."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535 or not host:
        raise ValueError(f"key `{key}` is {text!r}, expected host:port")
    return host.strip("[]"), int(port)


def _network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"network {text!r}: {error}") from None


def _one_of(key: str, value: str, words: tuple[str, ...]) -> None:
    if value not in words:
        raise ValueError(f"key `{key}` is {value!r}, expected {', '.join(words[:-1])} or {words[-1]}")
