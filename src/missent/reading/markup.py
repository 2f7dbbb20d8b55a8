"""The text of an HTML part as a person reads it, in one pass and without a parser: tags out, blocks on lines of their own."""

import re
from html import unescape

_BLOCKS = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|footer|form|h[1-6]|header|hr|li|ol|p|pre|section|table|title|tr|ul"
)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAK = re.compile(rf"<\s*/?\s*(?:{_BLOCKS})\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"<\s*/?\s*t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>?")
_EDGES = re.compile(r" *\n *")


def text_of(html: str) -> str:
    """Text with a line a block and blanks single. Linear in the length; scripts, styles and comments are left out."""
    text = _SPACE.sub(" ", _UNSEEN.sub(" ", html))
    text = _TAG.sub("", _CELL.sub("\t", _BREAK.sub("\n", text)))
    return _EDGES.sub("\n", unescape(text).replace("\N{NO-BREAK SPACE}", " ")).strip()
