"""PST and OST files ([MS-PST]) through libpff: folder by folder, every message by its node; what is broken costs itself.

The library says of every table whether it could be read; a message attached to a message, which its Python side does not
open, `missent.archive.outlook.embedded` does.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from missent.archive.item import Item
from missent.archive.mbox import LARGEST
from missent.archive.outlook.composing import compose
from missent.archive.outlook.embedded import Embedded
from missent.archive.outlook.note import Attached, Note
from missent.archive.outlook.properties import Properties, Value
from missent.nouns.verdict import Skipped

if TYPE_CHECKING:
    import pypff

MAGIC = b"!BDN"

_MAIL = ("IPM.NOTE", "REPORT.", "IPM.SCHEDULE", "IPM.OUTLOOK.RECALL", "IPM.RECALL")
_CLASS, _EMBEDDED = 0x001A, 5
_SEARCH_FOLDER = 3
"""Kind of a node, its lowest five bits ([MS-PST] 2.2.2.1)."""

_CONTENT_COUNT, _SUBFOLDERS = 0x3602, 0x360A
_KIND = re.compile(r"(?:IPM|REPORT)(?:\.[A-Z0-9_{}-][A-Z0-9 _{}-]*)*")
_DATA, _METHOD = 0x3701, 0x3705
_DEEPEST = 100
"""Folders within folders: more is a damaged table that leads in a circle."""


def looks(first: bytes) -> bool:
    """Whether a file is a PST, OST or PAB."""
    return first.startswith(MAGIC)


def read_pst(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Messages in the order of folders, from the `start`-th on; `where` names the node, `resume` counts messages.

    Contacts, appointments and tasks are no messages and are passed over. Raises OSError if the file cannot be opened.
    """
    try:
        import pypff
    except ImportError:
        yield Skipped(str(path), "reader-not-installed")
        return
    with path.open("rb"):
        pass  # what cannot be opened is told apart from what is damaged
    file = pypff.file()
    try:
        file.open(str(path))
        root = file.get_root_folder()
    except Exception:  # noqa: BLE001  libpff raises OSError, RuntimeError and others alike for what is damaged
        root = None
    if root is None or not _try(root.get_number_of_sub_folders, 0):  # every whole store has folders
        yield Skipped(str(path), "damaged-pst")
        return
    count = 0
    with Embedded(path) as inner:
        for found in _messages(root, str(path), _DEEPEST):
            if isinstance(found, Skipped):
                yield found
                continue
            count += 1
            if count > start:
                yield from _item(found, f"{path}:{found.get_identifier()}", count, inner)
    file.close()


def _messages(folder: "pypff.folder", place: str, depth: int) -> "Iterator[pypff.message | Skipped]":
    """Messages of a folder and those within it; tables that cannot be read are told with the folder's node."""
    where = f"{place}:{_try(folder.get_identifier, 0)}"
    for n in range(_try(folder.get_number_of_sub_messages, -1)):
        message = _try(partial(folder.get_sub_message, n), None)
        if message is None:
            yield Skipped(where, "broken-table")
        elif hasattr(message, "get_number_of_attachments"):
            yield message
        elif not _KIND.fullmatch(_class(message)):  # else a contact, a task: the library tells kinds by their class
            yield Skipped(where, "damaged-message")
    if _fewer(folder):
        yield Skipped(where, "broken-table")
    for n in range(_try(folder.get_number_of_sub_folders, 0)):
        inner = _try(partial(folder.get_sub_folder, n), None)
        if inner is None or depth == 0:
            yield Skipped(where, "broken-table")
        else:
            yield from _messages(inner, place, depth - 1)


def _fewer(folder: "pypff.folder") -> bool:
    """Whether a folder shows less than it says it has (PidTagContentCount, PidTagSubfolders), or cannot be asked.

    A search folder says how many it found, which lie in others.
    """
    if _try(folder.get_identifier, 0) & 0x1F == _SEARCH_FOLDER:
        return False
    facts = _try(partial(_properties, folder), Properties({}))
    messages, folders = _try(folder.get_number_of_sub_messages, -1), _try(folder.get_number_of_sub_folders, -1)
    return bool(messages < facts.number(_CONTENT_COUNT) or folders < max(0, facts.number(_SUBFOLDERS)))


def _class(item: "pypff.item") -> str:
    """What an item says it is, upper case; "" if that cannot be read."""
    return str(_try(lambda: _properties(item).text(_CLASS), "")).upper()


def _item(message: "pypff.message", where: str, count: int, inner: Embedded) -> Iterator[Item | Skipped]:
    try:
        note = _note(message, inner)
        kind = note.properties.text(_CLASS).upper()
        if kind and not kind.startswith(_MAIL) and not note.recipients:
            return
        raw = compose(note)
    except Exception:  # noqa: BLE001  one archive message: whatever damaged tables make the library raise
        yield Skipped(where, "damaged-message")
        return
    yield Item(raw, where, count)
    yield from (Skipped(where, reason) for reason in note.missing)


def _note(message: "pypff.message", inner: Embedded) -> Note:
    note = Note(_properties(message))
    codepage = note.properties.codepage
    try:
        table = message.recipients
        note.recipients = [_of_set(one, codepage) for one in table.record_sets] if table else []
    except Exception:  # noqa: BLE001  a broken table of recipients; who is in the header is still read
        note.missing.append("broken-table")
    note.rtf = _try(message.get_rtf_body, None) or b""
    left = LARGEST
    for n in range(_try(message.get_number_of_attachments, 0)):
        try:
            attached = _attached(message, message.get_attachment(n), (codepage, left), inner)
        except Exception:  # noqa: BLE001  one attachment
            attached = "damaged-attachment"
        if isinstance(attached, str):
            note.missing.append(attached)
        else:
            left -= len(attached.content) if isinstance(attached.content, bytes) else 0
            note.attachments = [*note.attachments, attached]
    return note


def _attached(message: "pypff.message", one: "pypff.attachment", limits: tuple[int, int], inner: Embedded) -> Attached | str:
    """An attachment, or why it could not be read. `limits`: code page, and octets it may take."""
    codepage, left = limits
    properties = _properties(one, codepage)
    if properties.number(_METHOD) == _EMBEDDED:
        try:
            note = inner.note(message.get_identifier(), one.get_identifier(), properties.stored(_DATA), left)
        except Exception:  # noqa: BLE001  one attachment: damage, or a layout of file that is not known
            return "embedded-message"
        return Attached(properties, note)
    size = one.get_size()
    if size > left:
        return "too-large"
    return Attached(properties, bytes(one.read_buffer(size)) if size else b"")


def _properties(item: "pypff.item", codepage: int = 0) -> Properties:
    values: dict[int, Value] = {}
    for one in item.record_sets:
        values |= _values(one)
    return Properties(values, codepage)


def _of_set(one: "pypff.record_set", codepage: int) -> Properties:
    return Properties(_values(one), codepage)


def _values(one: "pypff.record_set") -> dict[int, Value]:
    found = {}
    for entry in one.entries:
        data = _try(entry.get_data, None)
        if entry.entry_type is not None and data is not None:
            found[entry.entry_type] = Value(entry.value_type or 0, data)
    return found


def _try(ask: Callable[[], Any], otherwise: Any) -> Any:
    """What the library answers; `otherwise` where a damaged table makes it raise."""
    try:
        return ask()
    except Exception:  # noqa: BLE001  libpff raises what it likes
        return otherwise
