"""One message out of an archive, and where it stood."""

from types import MappingProxyType
from typing import NamedTuple

from missent.nouns.envelope import Envelope


class Item(NamedTuple):
    """A message as it was archived.

    Attributes:
        raw: the message without the archive's own marks (mbox separator and quoting).
        where: the source and the offset in it, `a.mbox:81234`; of a message that is a file of its own, the file.
        resume: where reading that source goes on behind this message.
        envelope: reverse-path and recipients where the archive kept them (a journal report); they decide, not the header.
    """

    raw: bytes
    where: str
    resume: int
    envelope: Envelope | None = None


REASONS = MappingProxyType(
    {
        "broken-table": "a table of an Outlook file is broken: messages, folders or recipients in it could not be read",
        "cannot-be-opened": "the file cannot be opened",
        "damaged-attachment": "an attachment of a message in an Outlook file is damaged",
        "damaged-bzip2": "the packed file is damaged from here on",
        "damaged-container": "a tar or zip is damaged: what stands behind the damage could not be read",
        "damaged-gzip": "the packed file is damaged from here on",
        "damaged-message": "a message of an Outlook file is damaged",
        "damaged-pst": "the Outlook file is damaged at its root",
        "damaged-xz": "the packed file is damaged from here on",
        "damaged-zstd": "the packed file is damaged from here on",
        "date-not-understood": "a log line's date is in no form that is known",
        "embedded-message": "a message attached to a message in a PST that could not be opened: damage, or an OST of today",
        "encrypted-member": "a member of a zip is encrypted",
        "imap-renumbered": "the folder was numbered anew since it was listed (its UIDVALIDITY is another)",
        "journal-not-understood": "a journal report without a readable envelope or mail; it was read as a message itself",
        "killed-its-reader": "three times the process that read it died there; it was passed over",
        "line-not-understood": "a log line is in no form that is known",
        "line-too-long": "a line is longer than log lines are",
        "log-not-joined": "a mail server's log, which holds no messages; it is joined with those of other sources",
        "not-a-known-type": "the content is of no known kind of archive",
        "reader-not-installed": "reading it takes the extra `archive`, which is not installed",
        "recipient-without-address": "a recipient of whom the Outlook file keeps a directory's entry or a name, and no address",
        "too-deep-inside": "a container within containers within a container",
        "too-large": "a message longer than the limit of memory; its beginning was read, with its recipients",
        "too-much-inside": "more comes out of a container than its size lets expect of mail",
        "truncated-bzip2": "the packed file ends too early",
        "truncated-gzip": "the packed file ends too early",
        "truncated-xz": "the packed file ends too early",
        "truncated-zstd": "the packed file ends too early",
        "unknown-attachment": "an attachment that is no file and no message, such as a drawing",
        "went-away": "it could not be read on from here: its disk, share or server went away",
    }
)
"""Why something of an archive could not be read: reason id -> what happened, in English; beside those of a message."""

ALONE = frozenset(
    (
        "damaged-attachment",
        "damaged-message",
        "embedded-message",
        "encrypted-member",
        "imap-renumbered",
        "journal-not-understood",
        "recipient-without-address",
        "too-deep-inside",
        "too-large",
        "unknown-attachment",
    )
)
"""Reasons that cost one message or a piece of one, and nothing that stands behind it."""

OF_A_FILE = frozenset(("cannot-be-opened", "not-a-known-type", "reader-not-installed"))
"""Reasons that cost one file; of a container's member (a `where` with `!`) no more than that member."""
