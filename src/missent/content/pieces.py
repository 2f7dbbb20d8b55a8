"""Text of a message with its place: where a text stands decides what it can mean.

A banner in a body and the same words in a field that a classification product wrote weigh differently, and history that
is merely quoted must be told from what the sender wrote. Pages are told apart by form feeds (U+000C), as text extractors
write them, so that a banner repeated on each page is seen as one.
"""

import re
from dataclasses import dataclass

PAGE_BREAK = "\f"
_SUFFIX = re.compile(r"/((?:subject|name|quoted|body)$|(?:header|property):.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text and where it stands.

    Attributes:
        where: `subject`, `header:<name>`, `body`, `quoted` or `attachment:<part path>`. What belongs to an attachment
            rather than being its text is told by a suffix: `/name`, `/property:<name>`, `/subject`, `/header:<name>`
            (the last two of a nested message), `/quoted`.
        text: the decoded text; pages end with a form feed. A header's value is unfolded and decoded.
    """

    where: str
    text: str

    @property
    def step(self) -> str:
        """The last step of `where` with its name, as `header:x-classification`; all of it if it has one step."""
        suffix = _SUFFIX.search(self.where)
        return suffix[1] if suffix else self.where

    @property
    def kind(self) -> str:
        """The last step without its name: `subject`, `header`, `body`, `quoted`, `attachment`, `name` or `property`."""
        return self.step.partition(":")[0]

    @property
    def name(self) -> str:
        """Name of a header field or property in lower case, "" for any other kind."""
        kind, _, name = self.step.partition(":")
        return name.strip().lower() if kind in ("header", "property") else ""


def owner(where: str) -> str:
    """What a place belongs to: an attachment's `where`, or "" for the message itself."""
    suffix = _SUFFIX.search(where)
    return where[: suffix.start()] if suffix else ""
