"""The names missent knows, and which of them a domain resembles."""

import re
from collections.abc import Iterable

from missent.recipients import suffixes
from missent.recipients.book import Book, Mark, packaged
from missent.recipients.families import share
from missent.recipients.lookalikes import Lookalikes
from missent.recipients.standing import Kind, Resemblance

MOST = 5
"""How many names one domain is said to resemble."""

LONGEST = 253
"""Characters of a domain (RFC 1035 2.3.4, less the root's); what is longer is nobody's and resembles nothing."""

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
_RANK = tuple(Kind)


class Names:
    """Own, registered, packaged and established domains with their lookalike index.

    Domains given and taken are canonical (`missent.nouns.address.canonical_domain`). The index of the names given is
    built after a few questions or by `build`; what is packaged is mapped, not built.
    """

    def __init__(
        self,
        own: Iterable[str] = (),
        registered: Iterable[str] = (),
        established: Iterable[str] = (),
        book: Book | None = None,
    ) -> None:
        self._book = book or packaged()
        self._kinds: dict[str, tuple[Kind, ...]] = {}
        self._index: Lookalikes | None = None
        for domains, kind in ((own, Kind.OWN), (registered, Kind.REGISTERED), (established, Kind.ESTABLISHED)):
            for domain in domains:
                self.add(domain, kind)

    def add(self, domain: str, kind: Kind) -> None:
        """Make a domain known without rebuilding; a stronger kind goes before a weaker one."""
        kinds = self._kinds.get(domain, ())
        if not domain or kind in kinds:
            return
        self._kinds[domain] = tuple(sorted((*kinds, kind), key=_RANK.index))
        if self._index:
            self._index.add(domain)

    def remove(self, domain: str, kind: Kind) -> None:
        """Take that kind of standing from a domain; others it has remain."""
        kinds = tuple(k for k in self._kinds.pop(domain, ()) if k is not kind)
        if kinds:
            self._kinds[domain] = kinds
        elif self._index:
            self._index.discard(domain)

    def all(self, kind: Kind) -> frozenset[str]:
        """Those given as of this kind."""
        return frozenset(domain for domain, kinds in self._kinds.items() if kind in kinds)

    def kind(self, domain: str) -> Kind | None:
        """The domain's strongest standing; subdomains of own domains are own. None if it has none."""
        kinds = self._kinds.get(domain)
        if kinds and kinds[0].protected:
            return kinds[0]
        if len(domain) > LONGEST:
            return None
        above = domain
        while above := above.partition(".")[2]:
            if Kind.OWN in self._kinds.get(above, ()):
                return Kind.OWN
        if self._book.marks(domain) & Mark.LISTED:
            return Kind.PACKAGED
        return kinds[0] if kinds else None

    def resembling(self, domain: str) -> tuple[Resemblance, ...]:
        """What a domain without protected standing resembles, most likely first, at most five."""
        kind = self.kind(domain)
        if not domain or len(domain) > LONGEST or (kind and kind.protected):
            return ()
        like = self._built().like(domain)
        if not like:
            return ()
        owner, owned_by = self._owner(domain)
        found = []
        for one in like:
            known_as = self.kind(one.known) or Kind.ESTABLISHED
            below = owner and (one.known == owner or one.known.endswith("." + owner))
            if owned_by and not below and (owned_by.protected or not known_as.protected):
                continue  # a host of somebody known is theirs, whatever else it resembles
            found.append(Resemblance(one.known, one.meant, known_as, one.family, share(one.weight)))
        return tuple(found[:MOST])

    def build(self) -> None:
        """File all names given now: some 40 µs each, which else the fourth question pays. A server does so at start."""
        self._built().file()

    def _built(self) -> Lookalikes:
        if self._index is None:
            self._index = Lookalikes(self._book, self._kinds)
        return self._index

    def _owner(self, domain: str) -> tuple[str, Kind | None]:
        """The nearest known domain above this one, and its standing."""
        above = domain
        while above := above.partition(".")[2]:
            if kind := self.kind(above):
                return above, kind
        return "", None

    def registrable(self, domain: str) -> str | None:
        """The part one registers under a public suffix (Public Suffix List); None if the domain is itself a suffix."""
        return suffixes.registrable(self._book, domain)

    def can_exist(self, domain: str) -> bool:
        """Whether its syntax is that of a host name (RFC 1123 2.1, RFC 5890) and its top level is in the root zone."""
        labels = domain.split(".")
        if len(labels) < 2 or len(domain) > LONGEST or not all(map(_LABEL.fullmatch, labels)):
            return False
        return bool(self._book.marks(labels[-1]) & Mark.ROOT)

    def free_mail(self, domain: str) -> bool:
        """Whether anybody can have a mailbox there."""
        return bool(self._book.marks(domain) & Mark.FREE_MAIL)

    def disposable(self, domain: str) -> bool:
        """Whether mailboxes there are throw-away."""
        return bool(self._book.marks(domain) & Mark.DISPOSABLE)
