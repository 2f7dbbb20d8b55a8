"""HTML as a person sees it, and what stands in it that nobody sees.

Parsed as browsers parse it (lexbor). The tree is walked without recursion, so depth costs nothing but memory. Text
within what marks a reply's history (`blockquote type=cite`, the wrappers of the common programs) is given a `>` before
each line, so that history is told from new text in one place (`missent.reading.quoting`).
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from missent.reading.data_urls import data_url

_BLOCKS_WORDS = """
    address article aside blockquote body br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header
    hr li main nav ol option p pre section table tr ul title caption
"""
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_CELLS = frozenset(("td", "th"))
_NEVER = frozenset(("script", "style", "template", "noscript", "noembed", "iframe", "object", "svg", "math"))
_SAID = ("alt", "title", "aria-label", "placeholder", "content", "summary")
_SOURCES = ("src", "href", "data", "poster", "background")
_TELLING = frozenset((*_SAID, *_SOURCES, "type", "class", "hidden", "color"))
"""Attributes other than styles that are looked at; most elements of real mail have none of them."""
_UNSEEN = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])"
    r"|opacity\s*:\s*0(?:\.0+)?(?![.\d])|(?<!-)(?:max-)?(?:height|width)\s*:\s*0(?![.\d%])[^;]*;.*overflow\s*:\s*hidden"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}"
)
_WHITE = re.compile(r"(?i)(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))")
_COLOURED = re.compile(r"(?i)background(?:-color|-image)?\s*:|\bbgcolor\b")
_CITED = re.compile(r"(?i)gmail_quote|yahoo_quoted|protonmail_quote|moz-cite|zmail_extra|tutanota_quote|quoted-text")
_LONGEST_STYLE = 2000  # the expressions above look ahead within it
_SPACES = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")  # a single space is what it is to become
_CONDITION = re.compile(r"(?i)\s*\[(?:if|endif)|\s*<!\[endif")
_MARKUP = re.compile(r"<[^<>]*+>")


@dataclass(slots=True)
class Page:
    """What one HTML text holds.

    Attributes:
        seen: visible text, one line per block; history with `>` before its lines.
        unseen: text that styles or attributes hide.
        comments: what people wrote into comments (conditional markup of mail programs apart).
        said: `alt`, `title` and other texts of elements, in order, each once.
        inline: files that stand in data URLs, with the media type they claim.
    """

    seen: str = ""
    unseen: str = ""
    comments: list[str] = field(default_factory=list)
    said: dict[str, None] = field(default_factory=dict)
    inline: list[tuple[str, bytes]] = field(default_factory=list)


def read(html: str) -> Page:
    """Read one HTML text, whatever is wrong with it."""
    page, walk = Page(), _Walk()
    tree: Any = LexborHTMLParser(html.replace("\0", ""))
    node = tree.root
    while node is not None and node.prev is not None:
        node = node.prev  # what stands before the root is a comment
    above: list[tuple[Any, str]] = []
    while node is not None:
        tag = node.tag
        if tag == "-text":
            walk.text(node.text_lexbor())
        elif walk.enter(node, tag, page) and (child := node.first_child) is not None:
            above.append((node, tag))
            node = child
            continue
        else:
            walk.leave(node, tag)
        while (following := node.next) is None and above:
            node, tag = above.pop()
            walk.leave(node, tag)
        node = following
    page.seen, page.unseen = "".join(walk.seen).strip(), "".join(walk.unseen).strip()
    return page


class _Walk:
    """One walk over a tree: what is hidden, what is history, and the text so far."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.unseen: list[str] = []
        self._hiding: Any = None
        self._cited: list[Any] = []
        self._coloured = False

    def enter(self, node: Any, tag: str, page: Page) -> bool:
        """Take one node that is not text; False if nothing within it is."""
        if tag in ("-comment", "!--", "_comment"):
            _comment(node.html or "", page)
            return False
        if tag in _NEVER:
            return False
        attributes = node.attributes
        if attributes:
            self._attributes(node, tag, attributes, page)
        if tag in _BLOCKS:
            self._break("\n")
        elif tag in _CELLS:
            self._break("\t")
        return True

    def leave(self, node: Any, tag: str) -> None:
        """All within a node is done."""
        if self._hiding is not None and node == self._hiding:
            self._hiding = None
        if self._cited and node == self._cited[-1]:
            self._cited.pop()
        if tag in _BLOCKS:
            self._break("\n")

    def _attributes(self, node: Any, tag: str, attributes: dict[str, str | None], page: Page) -> None:
        style = (attributes.get("style") or "")[:_LONGEST_STYLE]
        self._coloured = self._coloured or _styled(style).coloured or "bgcolor" in attributes
        if self._hiding is None and self._hides(tag, style, attributes):
            self._hiding = node
        if _TELLING.isdisjoint(attributes):
            return
        kind = attributes.get("type") or ""
        if (tag == "blockquote" and kind.lower() == "cite") or _CITED.search(attributes.get("class") or ""):
            self._cited.append(node)
        for name in _SAID:
            if (said := attributes.get(name)) and (name != "content" or tag != "meta" or " " in said.strip()):
                page.said[said.strip()[:2000]] = None
        if tag == "input" and kind.lower() in ("hidden", "text") and (value := attributes.get("value")):
            page.said[value.strip()[:2000]] = None
        for name in _SOURCES:
            if (source := attributes.get(name)) and (found := data_url(source)):
                page.inline.append(found)

    def _hides(self, tag: str, style: str, attributes: dict[str, str | None]) -> bool:
        if "hidden" in attributes and tag != "input":
            return True
        if not style and tag != "font":
            return False
        styled = _styled(style)
        white = styled.white or (tag == "font" and (attributes.get("color") or "").lower() in ("white", "#ffffff"))
        return styled.unseen or (white and not self._coloured)

    def text(self, text: str) -> None:
        """Take one text."""
        if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
            text = _SPACES.sub(" ", text)
        out = self.unseen if self._hiding is not None else self.seen
        if not out or out[-1][-1:] in ("\n", "\t", " "):
            text = text.lstrip(" ")
            if text and out and out[-1].endswith("\n") and self._cited and out is self.seen:
                text = "> " + text
        if text:
            out.append(text)

    def _break(self, mark: str) -> None:
        for out in (self.seen, self.unseen):
            if out and (last := out[-1][-1:]) != "\n" and last != mark:
                out.append(mark)


class _Styled(NamedTuple):
    """What a style does to text."""

    coloured: bool
    white: bool
    unseen: bool


def _styled(style: str) -> _Styled:
    """Looked up: a page repeats few styles, on every paragraph. A long one is not kept."""
    return _kept(style) if len(style) <= 500 else _of(style)


def _of(style: str) -> _Styled:
    return _Styled(bool(_COLOURED.search(style)), bool(_WHITE.search(style)), bool(_UNSEEN.search(style)))


_kept = lru_cache(maxsize=1000)(_of)


def _comment(html: str, page: Page) -> None:
    inside = html.removeprefix("<!--").removesuffix("-->")
    if _CONDITION.match(inside) or not inside:
        return
    text = " ".join(_MARKUP.sub(" ", inside).split())
    if " " in text and "{" not in text:  # styles are kept from old browsers in comments
        page.comments.append(text)
