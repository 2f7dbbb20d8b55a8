"""Why something of a message could not be read: the closed table of reason ids.

What was not read is never a pass: every id here becomes a `not-inspected` finding, and the words people see are made from
these sentences. The table grows with what can be read; an id never changes its meaning.
"""

from types import MappingProxyType

REASONS = MappingProxyType(
    {
        "no-header-end": "no empty line ends the header; the rest was taken as text",
        "header-too-large": "the header is longer than the limit; beyond it only addresses were read",
        "too-many-recipients": "more recipients stand in the header than the limit; the rest was not read",
        "encoded-too-long": "more encoded-words than the limit; the rest was left encoded",
        "bad-charset": "the character set is unknown, or the text is not in it",
        "nul-bytes": "NUL octets, which mail programs cut or drop differently",
        "missing-boundary": "a multipart whose parts cannot be told apart",
        "too-deep": "parts nested deeper than the limit",
        "too-many-parts": "more parts than the limit; the rest was not read",
        "bad-transfer-encoding": "the content is encoded in a way mail does not define, or damaged",
        "encrypted": "encrypted content",
        "signed-opaque": "signed content in a form that hides it (S/MIME signed-data)",
        "partial": "a piece of a message sent in several (message/partial)",
        "not-opened": "a file of a kind that is not opened",
        "too-large": "more text or octets than the limit; the rest was not read",
        "external": "the content lies elsewhere (message/external-body)",
    }
)
"""Reason id -> what happened, in English."""
