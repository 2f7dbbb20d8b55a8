"""A draft as a compose window tells of it, and the message it would be."""

import json
from dataclasses import dataclass

from missent import tables
from missent.errors import ConfigError

MOST_RECIPIENTS = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is writing. Only `sender` and recipients are needed; what is not told is not judged.

    Attributes:
        sender: whose mail it will be.
        to, cc, bcc: recipients, `a@b.example` or `Name <a@b.example>`.
        subject: as it stands now.
        body: its text, quoted history included.
        attachments: names of attached files; the files themselves are read in the mail path.
        in_reply_to: Message-ID of the mail it answers.
        references: Message-IDs of the thread, oldest first.
    """

    sender: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    attachments: tuple[str, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()

    @property
    def wordless(self) -> bool:
        """Whether nothing but addresses is told."""
        return not (self.subject or self.body or self.attachments or self.in_reply_to or self.references)

    def as_octets(self) -> bytes:
        """The message it would be, without its files."""
        told = {
            "From": self.sender,
            "To": ", ".join(map(_line, self.to)),
            "Cc": ", ".join(map(_line, self.cc)),
            "Bcc": ", ".join(map(_line, self.bcc)),
            "Subject": self.subject,
            "In-Reply-To": _bracketed(self.in_reply_to),
            "References": " ".join(map(_bracketed, self.references)),
            "Content-Type": "text/plain; charset=utf-8",
        }
        head = "".join(f"{name}: {_line(value)}\r\n" for name, value in told.items() if value)
        return f"{head}\r\n{self.body}".encode("utf-8", "replace")


def read_draft(octets: bytes) -> Draft:
    """The draft in a JSON object. Raises ValueError saying which key is wrong and what was expected."""
    try:
        told = json.loads(octets)
    except (ValueError, RecursionError):
        raise ValueError("not valid JSON") from None
    if not isinstance(told, dict):
        raise ValueError("expected a JSON object")  # noqa: TRY004 - it is the client's value
    try:
        draft = tables.shape(told, Draft, "draft")
    except ConfigError as error:
        raise ValueError(str(error)[:300]) from None
    if len(draft.to) + len(draft.cc) + len(draft.bcc) > MOST_RECIPIENTS:
        raise ValueError(f"draft: more than {MOST_RECIPIENTS:,} recipients")
    return draft


def _line(text: str) -> str:
    """A text that cannot begin a field of its own."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _bracketed(message_id: str) -> str:
    bare = message_id.strip().strip("<>")
    return f"<{bare}>" if bare else ""
