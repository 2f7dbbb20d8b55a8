"""`forgotten-attachment`: the text says that something is attached, and nothing is.

Knows: phrases in ten languages by which people announce a file, in the new text; whether the message has any part that is
no text.
Matters: the second mail, sent in haste with the file, is where the wrong file or recipient slips in.
Does not say: that a file was meant: "attached" also means a garage. Silent for forwards and where a link stands in the
text. It is true whoever receives the message, so it stands for all. Automatic mail is not looked at.
Cost when wrong: a line in the record (`low`).
"""

import re
from collections.abc import Iterator

from missent.checks.company import machine
from missent.checks.context import Context
from missent.checks.forwards import forwards
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "forgotten-attachment"
_LONGEST = 20_000
_SAYS = re.compile(
    r"""\b(?:
    (?:please|pls|kindly|you[ ]will|you'll)[ ](?:find|see|review)[ ](?:the[ ])?(?:attached|enclosed)
  | (?:see|find|review|read)[ ](?:the[ ]|my[ ]|our[ ])?attach(?:ed|ment)
  | (?:i|we|i've|we've|have|am|are)[ ](?:have[ ])?(?:attached|attaching|enclosed|enclosing)\b
  | (?:is|are)[ ](?:attached|enclosed)\b(?![ ]to[ ](?!this|the[ ]e-?mail|the[ ]message))
  | attached[ ](?:is|are|please|herewith|you[ ]will|you'll|hereto|for[ ]your)
  | in[ ]the[ ]attach(?:ed|ment)
  | im[ ]anhang | in[ ]der[ ]anlage | anbei | (?:angehängt|beigefügt)\w*
  | ci-joint\w* | en[ ]pi[èe]ces?[ ]jointes?
  | (?:le|te|os)[ ]adjunto | adjunto[ ](?:el|la|los|encontrar\w*) | archivos?[ ]adjuntos?
  | (?:segue|seguem|envio)[ ]em[ ]anexo | em[ ]anexo
  | in[ ]allegato | (?:ti|le|vi)[ ]allego
  | (?:in[ ]de|als)[ ]bijlage | bijgevoegd\w*
  | w[ ]załączniku | w[ ]załączeniu | bifogad\w* | bifogar | vedhæftet\w* | vedlagt\w*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = (
    *("attach", "enclos", "anhang", "anlage", "anbei", "angehängt", "beigefügt", "ci-joint", "jointe", "adjunt", "anexo"),
    *("allegat", "allego", "bijlage", "bijgevoegd", "załącz", "bifog", "vedhæft", "vedlagt"),
)
"""One of them stands in whatever `_SAYS` finds: looked for first, since the expression takes a millisecond for a page."""
_NOT = re.compile(r"(?:\bno|\bnot|n't|\bwithout|\bkeine?n?|\bnicht|\bsans|\bsin|\bsenza)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """At most one finding, about the message."""
    opened = context.seen.opened
    if message is None or machine(message, envelope) or opened.attachments or opened.skipped or message.nested:
        return
    if message.inspected.skipped or any(not part.kind.startswith("text/") for part in message.parts):
        return
    if forwards(message.subject):
        return
    text = "\n".join(piece.text[:_LONGEST] for piece in opened.pieces if piece.where == "body")
    if _announces(text) and not _LINK.search(text):
        yield Finding(ID, Severity.LOW, 0.5, evidence={"where": "body"})


def _announces(text: str) -> bool:
    flat = " ".join(text.split())
    low = flat.casefold()
    if not any(word in low for word in _WORDS):
        return False
    return any(not _NOT.search(flat, max(0, said.start() - 40), said.start()) for said in _SAYS.finditer(flat))
