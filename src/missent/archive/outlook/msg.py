""".msg files ([MS-OXMSG]): a compound file whose streams are the properties of one message."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from missent.archive.item import Item
from missent.archive.mbox import LARGEST
from missent.archive.outlook.composing import compose
from missent.archive.outlook.note import Attached, Note
from missent.archive.outlook.properties import OBJECT, Properties, Value
from missent.archive.outlook.rtf import unpacked
from missent.nouns.verdict import Skipped

if TYPE_CHECKING:
    from olefile import OleFileIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FIXED = "__properties_version1.0"
_STREAM = "__substg1.0_"
_RECIPIENT, _ATTACHMENT = "__recip_version1.0_#", "__attach_version1.0_#"
_CONTENT, _RTF = 0x3701, 0x1009
_HEAD_OF_MESSAGE, _HEAD_OF_EMBEDDED, _HEAD_OF_OTHERS = 32, 24, 8
_DEEPEST = 8


def looks(first: bytes) -> bool:
    """Whether a file is a compound file; whether that is a message shows when it is read."""
    return first.startswith(MAGIC)


def read_msg(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """The one message. Raises OSError if the file cannot be opened."""
    if start:
        return
    try:
        import olefile
    except ImportError:
        yield Skipped(str(path), "reader-not-installed")
        return
    size = path.stat().st_size
    if size > LARGEST:
        yield Skipped(str(path), "too-large")
        return
    try:
        with olefile.OleFileIO(path) as ole:
            if not ole.exists(_FIXED):
                yield Skipped(str(path), "not-a-known-type")
                return
            note = _Storage(ole).note()
            raw = compose(note)
    except Exception:  # noqa: BLE001  one archive message: whatever a damaged file makes the library raise
        yield Skipped(str(path), "damaged-message")
        return
    yield Item(raw, str(path), max(1, size))
    yield from (Skipped(str(path), reason) for reason in note.missing)


class _Storage:
    """One storage of the compound file: a message, a recipient, an attachment, by its path."""

    def __init__(self, ole: "OleFileIO", path: tuple[str, ...] = ()) -> None:
        self._ole = ole
        self._path = path
        self.children = sorted({entry[len(path)] for entry in ole.listdir(storages=True) if _below(entry, path)})

    def note(self) -> Note:
        """The storage as a message."""
        properties = self.properties(_HEAD_OF_EMBEDDED if self._path else _HEAD_OF_MESSAGE)
        note = Note(properties, rtf=unpacked(properties.octets(_RTF)))
        note.recipients = [self.child(one).properties(_HEAD_OF_OTHERS, properties.codepage) for one in self._named(_RECIPIENT)]
        note.attachments = list(self._attachments(note))
        return note

    def properties(self, head: int, codepage: int = 0) -> Properties:
        """Fixed ones from the table behind `head` octets, others from streams named by id and type."""
        values = dict(_fixed(self._read(_FIXED)[head:])) if _FIXED in self.children else {}
        for name in self._named(_STREAM):
            code = name.removeprefix(_STREAM)
            if len(code) == 8 and not self._is_storage(name):  # multiple values have longer names
                values[int(code[:4], 16)] = Value(int(code[4:], 16), self._read(name))
        return Properties(values, codepage)

    def _attachments(self, note: Note) -> Iterator[Attached]:
        for name in self._named(_ATTACHMENT):
            child = self.child(name)
            properties = child.properties(_HEAD_OF_OTHERS, note.properties.codepage)
            inner = f"{_STREAM}{_CONTENT:04X}{OBJECT:04X}"
            if inner not in child.children:
                yield Attached(properties, properties.octets(_CONTENT) or b"")
            elif child.child(inner).is_message() and len(self._path) < _DEEPEST * 2:
                yield Attached(properties, child.child(inner).note())
            else:  # an OLE object, such as a drawing
                note.missing.append("unknown-attachment")

    def is_message(self) -> bool:
        """Whether it has a message's table."""
        return _FIXED in self.children

    def _named(self, prefix: str) -> list[str]:
        return [name for name in self.children if name.startswith(prefix)]

    def child(self, name: str) -> "_Storage":
        """A storage within this one."""
        return _Storage(self._ole, (*self._path, name))

    def _is_storage(self, name: str) -> bool:
        import olefile

        return bool(self._ole.get_type([*self._path, name]) == olefile.STGTY_STORAGE)

    def _read(self, name: str) -> bytes:
        return bytes(self._ole.openstream([*self._path, name]).read())


def _below(entry: list[str], path: tuple[str, ...]) -> bool:
    return len(entry) > len(path) and tuple(entry[: len(path)]) == path


def _fixed(table: bytes) -> Iterator[tuple[int, Value]]:
    """Entries of 16 octets: type, id, flags, value."""
    for at in range(0, len(table) - 15, 16):
        kind, one = struct.unpack_from("<HH", table, at)
        yield one, Value(kind, table[at + 8 : at + 16])
