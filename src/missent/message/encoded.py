"""Encoded-words in header text (RFC 2047), decoded once, linearly, up to a budget.

A subject or display name is what a person sees; decoding it is never needed to know where a message goes. So a bomb of
encoded-words costs at most the budget, and what is beyond stays as written and is said to be so.
"""

import binascii
import re

from missent.message.charsets import decode

_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_ONLY_SPACE = re.compile(r"\s*\Z")


class Decoder:
    """Decodes header text within a budget of octets.

    Attributes:
        left: octets of encoded-words that may still be decoded.
        exceeded: whether something was left encoded.
        trusted: whether every text was in the character set it claimed.
    """

    def __init__(self, budget: int) -> None:
        self.left = budget
        self.exceeded = False
        self.trusted = True

    def text(self, written: str) -> str:
        """The words meant; unchanged if there are none. Adjacent words of one set are joined before they are decoded,
        since senders split characters between them.
        """
        if "=?" not in written:
            return written
        if len(written) > self.left:
            self.exceeded = True
            return written
        self.left -= len(written)
        return self._decode(written)

    def raw(self, value: bytes) -> str:
        """Octets of a header to text: ASCII or UTF-8 (RFC 6532), else the usual 8-bit guess."""
        if value.isascii():
            return value.decode("ascii")
        text, trusted = decode(value)
        self.trusted &= trusted
        return text

    def _decode(self, written: str) -> str:
        out: list[str] = []
        run: list[bytes] = []
        charset, at = "", 0
        for word in _WORD.finditer(written):
            between = written[at : word.start()]
            apart = not _ONLY_SPACE.match(between)
            if run and (apart or word[1].lower() != charset):
                out.append(self._join(run, charset))
                run = []
            if apart or at == 0:
                out.append(between)
            charset, at = word[1].lower(), word.end()
            run.append(_payload(word[2], word[3]))
        if run:
            out.append(self._join(run, charset))
        return "".join([*out, written[at:]])

    def _join(self, run: list[bytes], charset: str) -> str:
        text, trusted = decode(b"".join(run), charset)
        self.trusted &= trusted
        return text


def _payload(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    data = data.rstrip(b"=")
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data
