"""Address lists, read exactly and in linear time from the octets of To, Cc, Bcc, From.

Parsers made for reading mail are forgiving by losing things: a second `To`, what follows a `;`, a group, a route, the rest
of the list behind one stray quote. Here a lost recipient is a leak nobody looked at, so this reader loses nothing that
carries an `@`: RFC 5322 3.4 and its obsolete forms (4.4), and beyond them what mail programs write and accept. Where the
syntax is broken it reads on, preferring an address too many to one too few. Each address keeps the span it stands in, so
that a corrected copy replaces it and nothing else.

A display name in quotes or a comment is never an address, whatever it looks like. `Smith, John <j@x>` is one person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from missent.message.encoded import Decoder
from missent.nouns.address import Address

_TOKENS = r"""[ \t\r\n\0]*+(?:
  (?P<word>  =\?[^?\s]++\?[bBqQ]\?[^?\s]*+\?= )
 |(?P<atom>  [^ \t\r\n\0"(),:;<>\[\]]++ )
 |(?P<literal> \[[^\[\]\s]*+\] )
 |(?P<mark>  [(),:;<>\[\]] )
"""
_QUOTED = r"""|(?P<quoted> "[^"\\]*+(?:\\.[^"\\]*+)*+(?P<closed>"|\\?\Z) ))"""
_STRAY = r"""|(?P<stray> " ))"""
_FLAGS = re.ASCII | re.VERBOSE | re.DOTALL
_WITH_QUOTES = re.compile(_TOKENS + _QUOTED, _FLAGS)
_WITHOUT_QUOTES = re.compile(_TOKENS + _STRAY, _FLAGS)
_PARENTHESES = re.compile(r"[()]|\\.", re.DOTALL)
_SIMPLE = re.compile(
    rb"""[ \t\r\n]*+ (?:
      (?: "([A-Za-z0-9 _'.,-]*+)" | ([A-Za-z0-9 _'.=?*+/&!-]*+) ) [ \t\r\n]*+ <([\w.+=-]++@[A-Za-z0-9.-]++)>
    | ([\w.+=-]++@[A-Za-z0-9.-]++)
    ) [ \t\r\n]*+ (?:,|\Z)""",
    re.VERBOSE,
)
_NOBODY = re.compile(r"undisclosed|unlisted|recipient list|recipients?$", re.IGNORECASE)


LONGEST = 1000
"""Octets up to which words are taken for pieces of one address; SMTP allows 320 (RFC 5321 4.5.3.1)."""


@dataclass(slots=True)
class Allowance:
    """How much may still be read of a message's address fields together; words bound the time junk can take.

    Attributes:
        recipients: addresses.
        words: words and punctuation marks.
        exceeded: whether something was left unread.
    """

    recipients: int
    words: int
    exceeded: bool = False

    @classmethod
    def of(cls, recipients: int) -> "Allowance":
        """For so many addresses, each with a name of several words."""
        return cls(recipients, 200 + 8 * recipients)


class Mailbox(NamedTuple):
    """One address as written.

    Attributes:
        spec: addr-spec without brackets, comments and folds, one character an octet.
        name: display name as written, unquoted, one character an octet.
        start, end: octets of the addr-spec within the field's value.
    """

    spec: str
    name: str
    start: int
    end: int


class _Piece(NamedTuple):
    text: str
    start: int
    end: int
    quoted: bool


def mailboxes(value: bytes, allowance: Allowance) -> list[Mailbox]:
    """Every mailbox of an address list, in order, duplicates kept; groups give their members."""
    boxes = _simple(value) or _Reader(value.decode("latin-1"), allowance).read()
    if len(boxes) > allowance.recipients:
        allowance.exceeded = True
        boxes = boxes[: allowance.recipients]
    allowance.recipients -= len(boxes)
    return boxes


def addresses(value: bytes, decoder: Decoder, allowance: Allowance) -> list[Address]:
    """The addresses of a list, decoded for people."""
    return [_address(box, decoder) for box in mailboxes(value, allowance)]


def _address(box: Mailbox, decoder: Decoder) -> Address:
    spec, name = box.spec, box.name
    if not spec.isascii():
        spec = decoder.raw(spec.encode("latin-1"))
    if name and not name.isascii():
        name = decoder.raw(name.encode("latin-1"))
    return Address.parse(spec, decoder.text(name))


def _simple(value: bytes) -> list[Mailbox]:
    """The fast way for the plain lists most mail has; nothing at all if any part of this one is not plain."""
    boxes: list[Mailbox] = []
    at = 0
    while at < len(value):
        match = _SIMPLE.match(value, at)
        if not match:
            return []
        group = match.lastindex or 0
        name = match[1] or match[2] or b""
        boxes.append(Mailbox(match[group].decode(), name.decode().strip(), *match.span(group)))
        at = match.end()
    return boxes


class _Reader:
    """Reads one list; the state is what has been seen since the last address was given out."""

    def __init__(self, text: str, allowance: Allowance) -> None:
        self.text = text
        self.allowance = allowance
        self.boxes: list[Mailbox] = []
        self.pieces: list[_Piece] = []
        self.names: list[_Piece] = []  # words before a comma that may be the first half of `Smith, John <…>`
        self.comment = ""
        self.angle = False  # between `<` and `>`
        self.angled = False  # behind `>`, before the next comma

    def read(self) -> list[Mailbox]:
        for kind, start, end in self._tokens():
            if kind == "comment":
                self.comment = self.text[start + 1 : end - 1]
            elif kind == "mark":
                self._mark(self.text[start])
            else:
                self._add(_Piece(self.text[start:end], start, end, kind == "quoted"), literal=kind == "literal")
        self._close()
        self._flush(last=True)
        return self.boxes

    def _tokens(self) -> Iterator[tuple[str, int, int]]:
        """Kind and span of what matters. A quote or parenthesis that is never closed is read as a space, once for all:
        what stands behind it has none that is closed either, so no octet is looked at more than twice.
        """
        text, at = self.text, 0
        tokens, comments = _WITH_QUOTES, True
        while (match := tokens.match(text, at)) and self._allowed():
            kind = match.lastgroup or ""
            start, at = match.span(kind)
            if kind == "quoted" and match["closed"] != '"':
                tokens, kind, at = _WITHOUT_QUOTES, "stray", start + 1
            elif kind == "mark" and text[start] == "(" and comments:
                closed = _comment_end(text, start)
                comments = closed > 0
                kind, at = ("comment", closed) if closed else (kind, at)
            if kind != "stray":
                yield kind, start, at

    def _allowed(self) -> bool:
        self.allowance.words -= 1
        if self.allowance.words >= 0 and len(self.boxes) <= self.allowance.recipients:
            return True
        self.allowance.exceeded = True
        return False

    def _add(self, piece: _Piece, *, literal: bool) -> None:
        if self.pieces and self._belongs(self.pieces[-1], piece):
            last = self.pieces.pop()
            piece = _Piece(last.text + piece.text, last.start, piece.end, quoted=False)
        elif literal:  # brackets that hold no domain are decoration: `[mailto:a@b]`
            inner = piece.text[1:-1].removeprefix("mailto:")
            piece = _Piece(inner, piece.end - 1 - len(inner), piece.end - 1, quoted=False)
        if piece.text:
            self.pieces.append(piece)

    def _belongs(self, last: _Piece, piece: _Piece) -> bool:
        """Whether two words are one addr-spec: RFC 5322 4.4 allows spaces and comments around `@` and dots."""
        if len(last.text) > LONGEST:
            return False
        if piece.text[0] == "@":
            return not (self.angle and "@" in last.text)
        if last.quoted:
            return piece.text[0] == "." and "@" in piece.text
        if last.text[-1] == "@":
            return True
        dotted = last.text[-1] == "." or piece.text[0] == "."
        return dotted and (self.angle or ("@" in last.text and "@" not in piece.text))

    def _mark(self, mark: str) -> None:
        if mark in ",;":
            self._separate(mark)
        elif mark == ":":
            self._colon()
        elif mark == "<":
            self._open()
        elif mark == ">":
            self._close()

    def _separate(self, mark: str) -> None:
        if self.angle and self.pieces and self.pieces[0].text[0] == "@":
            return  # within a route: `<@a,@b:user@c>`
        self._close()
        self._flush(last=mark == ";")

    def _colon(self) -> None:
        """What stands before it is a group's name, a route or a scheme such as `mailto`, unless it is an address."""
        if self.pieces and any(_is_spec(piece) and piece.text[0] != "@" for piece in self.pieces):
            self._close()
            self._flush(last=True)
        else:
            self.pieces = []
        self.names = []

    def _open(self) -> None:
        if self.angle:
            self._close()
        if self.angled:
            self._flush(last=True)
        self.names += self.pieces
        self.pieces = []
        self.angle = True

    def _close(self) -> None:
        """End of `<…>`: whatever is inside is the address."""
        if not self.angle:
            return
        self.angle, self.angled = False, True
        inside, self.pieces = self.pieces, []
        specs = [piece for piece in inside if _is_spec(piece)]
        if len(specs) == 1 or (inside and not specs):
            specs = [_Piece("".join(p.text for p in inside), inside[0].start, inside[-1].end, quoted=False)]
        for spec in specs:
            self._give(spec, self.names)
        self.names = []

    def _flush(self, *, last: bool) -> None:
        """A separator: what was gathered is bare addresses, or words that wait for an address to name."""
        pieces, self.pieces = self.pieces, []
        specs = [piece for piece in pieces if _is_spec(piece)] or [p for p in pieces if p.quoted and "@" in p.text]
        if self.angled:
            words: list[_Piece] = []
        elif specs or last:
            self._give_lone(self.names)
            words = [piece for piece in pieces if piece not in specs] if specs else []
            self.names = []
            if not specs:
                self._give_lone(pieces)
        else:
            self.names += [*pieces, _Piece(",", 0, 0, quoted=False)] if pieces else []
            return
        for spec in specs:
            self._give(spec, words)
        self.angled, self.comment = False, ""

    def _give_lone(self, pieces: list[_Piece]) -> None:
        """Single words between commas are mailboxes of this host; phrases are names of nobody in particular."""
        entry: list[_Piece] = []
        for piece in [*pieces, _Piece(",", 0, 0, quoted=False)]:
            if piece.text != ",":
                entry.append(piece)
                continue
            if len(entry) == 1 and not entry[0].text.startswith("=?"):
                self._give(entry[0], [])
            entry = []

    def _give(self, spec: _Piece, names: list[_Piece]) -> None:
        text, start, end = spec.text, spec.start, spec.end
        if text.startswith("'") and text.endswith("'") and len(text) > 2:
            text, start, end = text[1:-1], start + 1, end - 1
        if spec.quoted and "@" in text:
            text, start, end = text[1:-1], start + 1, end - 1
        if "@" not in text and (not text.strip("\"'") or _NOBODY.search(text)):
            return
        self.boxes.append(Mailbox(text, _name(names) or self.comment.strip(), start, end))


def _is_spec(piece: _Piece) -> bool:
    return "@" in piece.text and not piece.quoted and len(piece.text) > 1


def _name(pieces: list[_Piece]) -> str:
    words = [_unquote(piece.text) if piece.quoted else piece.text for piece in pieces]
    return " ".join(words).replace(" ,", ",").strip(" ,")


def _unquote(text: str) -> str:
    inner = text[1:-1]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if "\\" in inner else inner


def _comment_end(text: str, start: int) -> int:
    """Offset behind the comment that opens at `start` (nested ones within it); 0 if it never closes."""
    depth = 0
    for match in _PARENTHESES.finditer(text, start):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if not depth:
                return match.end()
    return 0
