"""A message's own texts (subject, header, body apart from quoted history) and the files it carries.

The same for the message that is judged, for one nested in its MIME tree, and for one found in an archive or .msg file:
only the place before each `where` differs.
"""

from missent.content.opened import Attachment
from missent.message.decoding import content
from missent.message.encoded import Decoder
from missent.message.header import section, unfold
from missent.message.model import Message, Part
from missent.reading import flowed, kinds, quoting
from missent.reading.described import Described, described
from missent.reading.encodings import damaged, decoded_size, measured
from missent.reading.gathering import File, Into
from missent.reading.readers import hypertext
from missent.reading.readers.plain import text_of

_BODIES = frozenset(("text/plain", "text/html"))
_TEXTS = frozenset((kinds.PLAIN, kinds.HTML, kinds.MAIL, kinds.XML, kinds.UNKNOWN))
_SIGNATURES = frozenset("application/pkcs7-signature application/x-pkcs7-signature application/pgp-signature".split())
_BORING = frozenset(
    b"received date message-id in-reply-to references return-path dkim-signature arc-seal arc-message-signature "
    b"arc-authentication-results authentication-results received-spf mime-version content-type content-transfer-encoding "
    b"content-disposition content-id subject x-ms-exchange-antispam-messagedata x-microsoft-antispam-message-info thread-index "
    b"x-google-dkim-signature x-gm-message-state x-google-smtp-source face x-face autocrypt".split()
)
_LONGEST = 100_000
_MOST_FIELDS = 500


def open_message(raw: bytes, message: Message, into: Into) -> None:
    """Put the texts of a message, and of those nested in it, where they belong, and open the files it carries.

    `into` stands for the message; its `path` is "" for the one that is judged. Never raises.
    """
    _header(raw, 0, into)
    holders = [(f"{n.path}.", into.at(f"attachment:{_path(into, n.path)}", _path(into, n.path))) for n in message.nested]
    for nested, (_, inner) in zip(message.nested, holders, strict=True):
        _header(raw, nested.head, inner)
    for part in message.parts:
        holder = next((inner for prefix, inner in reversed(holders) if part.path.startswith(prefix)), into)
        if part.kind not in _SIGNATURES and part.smime != "certs-only":
            _part(raw, part, _path(into, part.path), holder)


def _path(into: Into, path: str) -> str:
    """A part's path: its own in the message that is judged, below the file in one that was found."""
    return f"{into.path}!{path}" if into.path else path


def _header(raw: bytes, head: int, into: Into) -> None:
    top = raw[head : head + (1 << 20)]
    decoder = Decoder(64_000)
    for name, start, end in section(top, len(top)).fields[:_MOST_FIELDS]:
        if name == b"subject" or name not in _BORING:
            text = decoder.text(decoder.raw(unfold(top[start : min(end, start + _LONGEST)])).replace("\0", ""))
            into.text(text, "subject" if name == b"subject" else f"header:{name.decode('latin-1')}")


def put_body(into: Into, text: str) -> None:
    """A message's text: new apart from history."""
    new, quoted = quoting.split(text)
    into.text(new, "body")
    into.text(quoted, "quoted")


def _part(raw: bytes, part: Part, path: str, holder: Into) -> None:
    """One leaf: text of its message, or a file."""
    said = described(raw, part)
    if decoded_size(part) > holder.budget.largest:
        _too_large(raw, part, path, said, holder)
        return
    if damaged(raw, part):
        holder.gathering.skip(path, "bad-transfer-encoding")
    depth = holder.depth + bool(holder.path and "!" in path)
    file = File(path, said.name, content(raw, part), part.kind, part.charset, depth)
    if _is_body(part, said) and kinds.told(file.data) in _TEXTS:
        read_body(file, said, holder)
    elif file.data or file.name:
        holder.open(file)


def _is_body(part: Part, said: Described) -> bool:
    """Whether a part is text of its message: not attached, without a name, and text or a multipart that fell apart."""
    return not said.attached and not said.name and (part.kind in _BODIES or part.kind.startswith("multipart/"))


def read_body(file: File, said: Described, holder: Into) -> None:
    """The text of a message's body."""
    inner = holder.at(holder.place("body"), file.path)
    text = text_of(file, inner)
    if file.declared == "text/html":
        text = hypertext.shown(text, inner)
    elif said.flowed:
        text = flowed.unfold(text, delsp=said.delsp)
    put_body(holder, text)


def _too_large(raw: bytes, part: Part, path: str, said: Described, holder: Into) -> None:
    """A file beyond the limit is not read, but its digest is taken: a registered document is known by it."""
    size, digest = measured(raw, part)
    holder.gathering.attachments.append(Attachment(path, said.name, part.kind, size, digest))
    holder.gathering.skip(path, "too-large")
    holder.gathering.piece(f"attachment:{path}/name", said.name)
