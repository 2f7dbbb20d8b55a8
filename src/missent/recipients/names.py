"""The names missent knows, and which of them a domain resembles."""

from collections.abc import Iterable

from missent.recipients.standing import Kind, Resemblance


class Names:
    """Own, registered, packaged and established domains with their lookalike index.

    Domains given and taken are canonical (`missent.nouns.address.canonical_domain`).
    """

    def __init__(self, own: Iterable[str] = (), registered: Iterable[str] = (), established: Iterable[str] = ()) -> None:
        raise NotImplementedError

    def add(self, domain: str, kind: Kind) -> None:
        """Make a domain known without rebuilding; a stronger kind replaces a weaker one."""
        raise NotImplementedError

    def remove(self, domain: str, kind: Kind) -> None:
        """Take that kind of standing from a domain."""
        raise NotImplementedError

    def kind(self, domain: str) -> Kind | None:
        """The domain's strongest standing; subdomains of own domains are own. None if it has none."""
        raise NotImplementedError

    def resembling(self, domain: str) -> tuple[Resemblance, ...]:
        """What a domain without protected standing resembles, most likely first, at most five."""
        raise NotImplementedError

    def registrable(self, domain: str) -> str | None:
        """The part one registers under a public suffix (Public Suffix List); None if the domain is itself a suffix."""
        raise NotImplementedError

    def can_exist(self, domain: str) -> bool:
        """Whether its syntax is that of a host name (RFC 1123 2.1, RFC 5890) and its top level is in the root zone."""
        raise NotImplementedError

    def free_mail(self, domain: str) -> bool:
        """Whether anybody can have a mailbox there."""
        raise NotImplementedError

    def disposable(self, domain: str) -> bool:
        """Whether mailboxes there are throw-away."""
        raise NotImplementedError
