"""Public suffixes: where a domain stops being somebody's and becomes the registry's.

`army.ml` and `army.mil` differ in the suffix, `us.army.mil` and `army.mil` are one owner's. Rules and algorithm are those
of the Public Suffix List (publicsuffix.org), private section included, because different people own names under it.
"""

from typing import NamedTuple

from missent.recipients.book import Book, Mark
from missent.recipients.glyphs import fold


class Split(NamedTuple):
    """A domain taken apart for comparing; look-alike letters are folded in all parts but `host`.

    Attributes:
        host: the domain as given (canonical).
        head: all that stands left of the public suffix, dots kept; never empty unless the host is.
        suffix: the public suffix; "" for a single label.
        letters: head and suffix without dots and hyphens.
    """

    host: str
    head: str
    suffix: str
    letters: str


def split(book: Book, domain: str) -> Split:
    """Take a domain apart; a domain that is itself a suffix has its first label for a head."""
    if "xn--" not in domain and domain.isascii():
        text, ending = domain, suffix(book, domain)
        at = len(domain) - len(ending) - 1
    else:
        text = fold(domain)
        ending = ".".join(text.split(".")[-suffix(book, domain).count(".") - 1 :])
        at = len(text) - len(ending) - 1
    letters = text.replace(".", "").replace("-", "")
    if at <= 0:
        head, _, ending = text.partition(".")
        return Split(domain, head, ending, letters)
    return Split(domain, text[:at], ending, letters)


def suffix(book: Book, domain: str) -> str:
    """The public suffix of a domain: its longest rule, else its last label ("*" prevails, the list's rule 2)."""
    best = previous = domain
    start = len(domain)
    first = True
    while start > 0:
        start = domain.rfind(".", 0, start)
        name = domain[start + 1 :]
        marks = book.marks(name)
        if marks & Mark.EXCEPTION:
            return previous
        if marks & Mark.WILDCARD:  # whose root nobody can register either
            best = domain[domain.rfind(".", 0, max(start, 0)) + 1 :]
        elif marks & Mark.RULE or first:
            best = name
        first = False
        if not marks & Mark.ABOVE:
            break
        previous = name
    return best


def registrable(book: Book, domain: str) -> str | None:
    """The suffix and one label more; None if the domain is itself a suffix."""
    end = len(domain) - len(suffix(book, domain)) - 1
    if end <= 0:
        return None
    return domain[domain.rfind(".", 0, end) + 1 :]
