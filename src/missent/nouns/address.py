"""An e-mail address as missent compares it, and as it was written."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """One address (RFC 5321 4.1.2 Mailbox, with RFC 6531), compared without its display name.

    Attributes:
        local: local part as written, unquoted.
        domain: lower-case, without trailing dot, IDNA A-label where it can be encoded, else as written; "" if absent.
        name: display name (RFC 5322 3.4), decoded; not part of the address's identity.
        written: the text it was read from, to be handed on unchanged; "" when made from parts.
    """

    local: str
    domain: str
    name: str = field(default="", compare=False)
    written: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str, name: str = "") -> "Address":
        """Read an addr-spec without judging it: whatever stands behind the last `@` is the domain.

        Never raises: an address without `@` has an empty domain, and `cannot-exist` speaks of it.
        """
        local, at, domain = text.strip().rpartition("@")
        if not at:
            local, domain = domain, ""
        if len(local) > 1 and local[0] == local[-1] == '"':
            local = local[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        return cls(local, canonical_domain(domain), name, text)

    @property
    def spec(self) -> str:
        """`local@domain`, for people and for comparing with what was typed."""
        return f"{self.local}@{self.domain}" if self.domain else self.local

    @property
    def key(self) -> str:
        """Case-folded `spec`: one person's mailbox is one key.

        RFC 5321 2.4 leaves the local part's case to the receiving host; no host in the field tells them apart.
        """
        return f"{self.local.casefold()}@{self.domain}"

    def at(self, domain: str) -> "Address":
        """The same local part and name at another domain."""
        return Address(self.local, domain, self.name)


def canonical_domain(text: str) -> str:
    """Lower-case, no trailing dot, A-labels (RFC 5891); text that IDNA refuses is only lower-cased."""
    domain = text.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    import idna  # costs 20 ms to load; nearly all domains are ASCII

    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain
