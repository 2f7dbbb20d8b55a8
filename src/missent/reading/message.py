"""A message's own texts (subject, fields that say a marking, body apart from quoted history) and the files it carries.

The same for the message that is judged, for one nested in its MIME tree, and for one found in an archive or .msg file:
only the place before each `where` differs.
"""

from missent.content.markings import fields
from missent.content.opened import Attachment
from missent.content.pieces import Piece
from missent.message.decoding import content
from missent.message.encoded import Decoder
from missent.message.header import section, unfold
from missent.message.model import Message, Part
from missent.reading import flowed, kinds
from missent.reading.encodings import damaged, decoded_size, measured
from missent.reading.gathering import File, Into
from missent.reading.placing import Placed, placed
from missent.reading.quoting import parted
from missent.reading.readers import hypertext
from missent.reading.readers.plain import text_of

_BODIES = frozenset(("text/plain", "text/html"))
_SIGNATURES = frozenset(["application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"])
"""They hold no content of their own."""
_HEADER = 1 << 18
_FIELDS = 64
_HISTORY = 4_000_000  # characters of a text in which history is looked for; what is beyond counts as new
_LONGEST = 100_000


def open_message(raw: bytes, message: Message, into: Into) -> None:
    """Put the texts of a message, and of those nested in it, where they belong, and open the files it carries.

    `into` stands for the message; its `path` is "" for the one that is judged. Never raises.
    """
    into.text(message.subject, "subject")
    into.text("\n".join(dict.fromkeys(a.name for a in (*message.from_, *message.rcpts) if a.name)), "header:display-names")
    _fields(raw, 0, into, ())
    holders = {"": into}
    for nested in message.nested:
        path = _path(into, nested.path)
        holders[nested.path] = into.at(f"attachment:{path}", path)
        _fields(raw, nested.head, holders[nested.path], ("subject",))
    for part in message.parts:
        where = placed(raw, message, part)
        if part.kind not in _SIGNATURES and part.smime != "certs-only":
            _part(raw, part, where, holders[where.within], _path(into, part.path), alone=len(message.parts) == 1)


def put_body(into: Into, text: str) -> None:
    """A message's text: new apart from history. Mail in plain text and HTML that says the same twice is told once."""
    text = text.replace("\r\n", "\n")
    new, quoted = parted(text[:_HISTORY])
    new += text[_HISTORY:]
    for step, said in (("" if into.where else "body", new), ("quoted", quoted)):
        written = said if len(said) > _HISTORY else "".join(said.split())
        if written and into.first((step, written)):
            into.text(said, step)


def _path(into: Into, path: str) -> str:
    """A part's path: its own in the message that is judged, below the file in one that was found."""
    return f"{into.path}!{path}" if into.path else path


def _fields(raw: bytes, at: int, into: Into, more: tuple[str, ...]) -> None:
    """Header fields that say a marking, and some more."""
    head = raw[at : at + _HEADER]
    names = ((field, field.name.decode("ascii")) for field in section(head, _HEADER).fields)
    wanted = [(f, name) for f, name in names if name in more or fields.declares("header", name)]
    for (_, start, end), name in wanted[:_FIELDS]:
        decoder = Decoder(_LONGEST)
        value = decoder.text(decoder.raw(unfold(head[start : min(end, start + _LONGEST)])))
        into.text(value, "subject" if name == "subject" else f"header:{name}")


def _part(raw: bytes, part: Part, where: Placed, holder: Into, path: str, *, alone: bool) -> None:
    """One leaf: text of its message, or a file. `alone`: the message has no other."""
    if decoded_size(part) > holder.budget.largest:
        _too_large(raw, part, where.name, path, holder)
        return
    if damaged(raw, part):
        holder.gathering.skip(path, "bad-transfer-encoding")
    file = File(path, where.name, content(raw, part), part.kind, part.charset, holder.depth + bool(holder.depth))
    if _is_body(part, where) and not kinds.marked(file.data):
        _body(raw, part, file, holder)
    elif file.data or file.name:
        first = len(holder.gathering.pieces)
        holder.open(file)
        if alone and kinds.told(file.data) == kinds.PKCS7:
            _unwrapped(holder, file.where, first)


def _unwrapped(holder: Into, where: str, first: int) -> None:
    """The text of a message that is wrapped whole in a signature is the message's own, not a file's."""
    pieces = holder.gathering.pieces
    own = {where: holder.where or "body", f"{where}/quoted": holder.place("quoted")}
    pieces[first:] = [Piece(own.get(piece.where, piece.where), piece.text) for piece in pieces[first:]]


def _is_body(part: Part, where: Placed) -> bool:
    """Whether a part is text of its message: no file, and text or a multipart that fell apart."""
    return not where.attached and (part.kind in _BODIES or part.kind.startswith("multipart/"))


def _body(raw: bytes, part: Part, file: File, holder: Into) -> None:
    inner = holder.at(holder.where or "body", file.path)
    text = text_of(file, inner)
    if file.declared == "text/html":
        text = hypertext.shown(text, inner)
    elif file.declared == "text/plain":
        flows, delsp = flowed.flowing(raw, part)
        text = flowed.unfold(text, delsp=delsp) if flows else text
    put_body(holder, text)


def _too_large(raw: bytes, part: Part, name: str, path: str, holder: Into) -> None:
    """A file beyond the limit is not read, but its digest is taken: a registered document is known by it."""
    size, digest = measured(raw, part)
    holder.gathering.attachments.append(Attachment(path, name, part.kind, size, digest))
    holder.gathering.skip(path, "too-large")
    holder.gathering.piece(f"attachment:{path}/name", name)
