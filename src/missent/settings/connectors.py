"""`[[connectors]]`."""

from dataclasses import dataclass


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
