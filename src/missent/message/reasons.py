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
        "not-opened": "a file, where opening files is switched off",
        "not-a-known-type": "a file of a kind that nothing here reads",
        "encrypted-archive": "an archive, or a file in it, that needs a password",
        "encrypted-document": "a document that needs a password or a licence",
        "encrypted-message": "an encrypted message as a file",
        "image": "a picture, or a page that is only one, large enough to hold text",
        "damaged": "a file that is broken, or not what it begins like",
        "too-large": "a file larger than the limit, or more unpacked than the limit; the rest was not read",
        "too-much-text": "more text than the limit; the rest was not read",
        "too-compressed": "a file that unpacks to far more than files do: a bomb, or as good as one",
        "xml-entities": "XML that defines entities of its own, which no document needs and bombs are made of",
        "not-tame": "HTML of a shape that takes parsers too long; it was read without one, hidden text not told apart",
        "reader-crashed": "a file at which the process that opens files died",
        "reader-too-slow": "the time for a message's files was up",
        "reader-out-of-memory": "a file that takes more memory to open than the limit",
        "reader-not-installed": "a file whose reader is not installed (extra `content`, tesseract, libarchive)",
        "external": "the content lies elsewhere (message/external-body)",
    }
)
"""Reason id -> what happened, in English."""
