"""`missent.toml`: what this installation is, a file for each section. Everything has a default; no file at all works."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from missent import tables
from missent.errors import ConfigError
from missent.nouns.address import canonical_domain
from missent.settings.compose import ComposeSettings
from missent.settings.connectors import ConnectorSettings
from missent.settings.console import ConsoleSettings
from missent.settings.health import HealthSettings
from missent.settings.milter import MilterSettings
from missent.settings.public import PublicSettings
from missent.settings.reading import ReadingSettings
from missent.settings.relay import RelaySettings
from missent.settings.scan import ScanSettings
from missent.settings.serve import ServeSettings
from missent.settings.values import host_port, network, one_of

__all__ = [
    "FILE",
    "ComposeSettings",
    "ConnectorSettings",
    "ConsoleSettings",
    "HealthSettings",
    "MilterSettings",
    "PublicSettings",
    "ReadingSettings",
    "RelaySettings",
    "ScanSettings",
    "ServeSettings",
    "Settings",
    "host_port",
    "read",
]

FILE = "missent.toml"
_FIELD = re.compile(r"[!-9;-~]{1,70}: [!-~]([ -~]{0,400}[!-~])?")
"""A header field on one line (RFC 5322 2.2), ASCII."""


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
        for one in self.own_networks:
            network(one)
        one_of("log_addresses", self.log_addresses, ("full", "domain"))
        one_of("log_level", self.log_level, ("debug", "info", "warning", "error"))
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
