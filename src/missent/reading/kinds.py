"""What a file is, told by its content and not by its name.

The names are media types where one is registered. A container that many formats share (zip, OLE) is told apart by the
reader that opens it; here it is only named.
"""

import re

ZIP, OLE, OFFICE, XML = "application/zip", "application/x-ole-storage", "application/x-ooxml", "application/xml"
PDF, RTF, TNEF, TAR = "application/pdf", "application/rtf", "application/ms-tnef", "application/x-tar"
PLAIN, HTML, CSV, CALENDAR, VCARD = "text/plain", "text/html", "text/csv", "text/calendar", "text/vcard"
MAIL, UNKNOWN = "message/rfc822", "application/octet-stream"
PKCS7, PGP = "application/pkcs7-mime", "application/pgp-encrypted"

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"PK\x07\x08", ZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"{\\rtf", RTF),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (257, b"ustar", TAR),
    (0x8001, b"CD001", "application/x-iso9660-image"),
    (0, b"\x78\x9f\x3e\x22", TNEF),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (40, b" EMF", "image/emf"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (0, b"-----BEGIN PGP MESSAGE", PGP),
    (0, b"-----BEGIN PKCS7", PKCS7),
)
_ZIP_END = b"PK\x05\x06"
_SIGNED_DATA = re.compile(
    rb"\x30[\x80-\x84][\x00-\xff]{0,4}\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03\x06]"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01[\x09\x17])"
    rb"|\x30[\x20-\x7f]\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09"
)
"""CMS (RFC 5652, 3274, 5083): signed, enveloped, encrypted, compressed, authenticated-enveloped data."""
_PGP_PACKET = re.compile(
    rb"(?:\x8c[\x04-\x60]|\xc3[\x04-\x60])(?:\x04[\x01-\x0d][\0\x01\x03]|[\x05\x06])"  # a key from a passphrase, version 4 to 6
    rb"|(?:\x84.|\x85..|\xc1[\0-\xbf]|\xc1[\xc0-\xdf].)(?:\x03.{8}[\x01\x02\x10\x12\x19\x1a]|\x06)",  # one for a recipient
    re.DOTALL,
)
"""How a binary OpenPGP message begins (RFC 9580 4.2, 5.1, 5.3)."""
_BITMAP = re.compile(rb"BM.{4}\0\0\0\0.{4}[\x0c\x28\x6c\x7c]\0\0\0", re.DOTALL)
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]?[^\r\n]*\r?\n")
_MAIL_FIELDS = re.compile(
    rb"(?im)^(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|x-mailer|content-type):"
)
_TAGS = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body|table|div|p|br|span|a\s+href|meta|style)\b[^<>]{0,500}>")
_BINARY = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\x1a"))
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def told(data: bytes) -> str:
    """The media type of a file by its content; `application/octet-stream` if it is not known."""
    if kind := marked(data):
        return kind
    if looks_like_text(data[:8192]):
        return _textual(data[:8192])
    return ZIP if ends_as_zip(data) else UNKNOWN


def ends_as_zip(data: bytes) -> bool:
    """Whether a file ends in a zip's directory, whatever it begins with: programs that unpack look at the end."""
    return data.find(_ZIP_END, max(0, len(data) - 66_000)) >= 0


def is_also_zip(data: bytes, kind: str) -> bool:
    """Whether a picture or PDF is an archive as well."""
    return (kind == PDF or kind.startswith("image/")) and ends_as_zip(data)


def marked(data: bytes) -> str:
    """The media type that octets of its own show, "" if none do: text, or a file that is not known."""
    for at, magic, kind in _MAGIC:
        if data.startswith(magic, at):
            return kind
    if b"%PDF-" in data[:1024]:
        return PDF
    if _SIGNED_DATA.match(data):
        return PKCS7
    if _PGP_PACKET.match(data):
        return PGP
    return "image/bmp" if _BITMAP.match(data) else ""


def looks_like_text(head: bytes) -> bool:
    """Whether octets are text in some character set: a byte order mark, or hardly a control character."""
    if head.startswith(_MARKS[:2]) or _wide(head):
        return True
    return len(head) - len(head.translate(None, _BINARY)) <= len(head) // 100


def unicode_of(data: bytes) -> str:
    """The charset a text shows by itself (byte order mark, or every other octet zero); "" if it does not."""
    for mark, charset in zip(_MARKS, ("utf-16", "utf-16", "utf-8-sig"), strict=True):
        if data.startswith(mark):
            return charset
    return _wide(data[:4096])


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: mostly ASCII letters with a zero beside each."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 8 or max(even, odd) < len(head) * 0.35 or min(even, odd) > len(head) * 0.02:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _textual(head: bytes) -> str:
    if charset := unicode_of(head):
        head = head[: len(head) & ~1].decode(charset, "ignore").encode()
    start = head.lstrip()
    if start.startswith(b"BEGIN:VCALENDAR"):
        return CALENDAR
    if start.startswith(b"BEGIN:VCARD"):
        return VCARD
    if start.startswith(b"<?xml") and not _TAGS.search(start[:1000]):
        return XML
    if _is_mail(start):
        return MAIL
    tags = len(_TAGS.findall(start))
    return HTML if tags > 2 or (tags and start.startswith(b"<")) else PLAIN


def _is_mail(start: bytes) -> bool:
    """At least three header fields at the top, two of them of mail."""
    if start.startswith(b"From "):
        start = start.partition(b"\n")[2]
    at, fields = 0, 0
    while fields < 30 and (field := _FIELD.match(start, at)):
        at, fields = field.end(), fields + 1
        while start[at : at + 1] in (b" ", b"\t") and (end := start.find(b"\n", at)) > 0:
            at = end + 1
    return fields >= 3 and len({f.lower() for f in _MAIL_FIELDS.findall(start[:at])}) >= 2
