"""Open one file: tell what it is, let its reader read, and say what became of it. One file's fault costs one finding."""

from dataclasses import replace
from hashlib import sha256

from missent.content.opened import Attachment, Hidden
from missent.reading import kinds, misnamed, people
from missent.reading.gathering import File, Gathering, Into, OpenFile
from missent.reading.readers.registry import READERS, Reader
from missent.reading.unreadable import Unreadable


def open_file(file: File, gathering: Gathering, *, ocr: bool = False, inside: OpenFile | None = None) -> None:
    """Open a file, and those within it by `inside` (or likewise). Never raises, but for KeyboardInterrupt and SystemExit."""
    try:
        gathering.budget.file(file.depth)
    except Unreadable as stop:
        gathering.skip(file.path, stop.reason)
        return
    number = len(gathering.attachments)
    kind = enter(file, gathering)
    first = len(gathering.pieces)
    within = inside or (lambda inner: open_file(inner, gathering, ocr=ocr))
    into = Into(gathering, file.where, file.path, within, file.depth, ocr)
    told = _read(READERS.get(kind), file, into) or gathering.attachments[number].kind
    if kinds.is_also_zip(file.data, kind):
        _read(READERS[kinds.ZIP], file, into)
    own = [piece.text for piece in gathering.pieces[first:] if piece.where == file.where]
    gathering.attachments[number] = replace(gathering.attachments[number], kind=told, people=people.count(own))


def enter(file: File, gathering: Gathering) -> str:
    """Put a file among the attachments and its name among the texts; the kind its content shows."""
    kind = kinds.told(file.data)
    shown = file.declared if kind == kinds.PLAIN and file.declared.startswith("text/") else kind
    gathering.attachments.append(Attachment(file.path, file.name, shown, len(file.data), sha256(file.data).hexdigest()))
    _name(file, kind, gathering)
    return kind


def _name(file: File, kind: str, gathering: Gathering) -> None:
    gathering.piece(f"{file.where}/name", file.name)
    if misnamed.misnamed(file.name, kind):
        gathering.hidden.append(Hidden(file.where, "misnamed", 0, 1))
    if misnamed.turned(file.name):
        gathering.hidden.append(Hidden(file.where, "turned-name", 0, 1))


def _read(reader: Reader | None, file: File, into: Into) -> str | None:
    """Let the reader read; the kind it found out, if it is more than the sniffed one."""
    if reader is None:
        into.skip("not-a-known-type")
        return None
    try:
        return reader.load()(file, into)
    except Unreadable as stop:
        into.skip(stop.reason)
    except ImportError:
        into.skip("reader-not-installed")
    except MemoryError:
        into.skip("reader-out-of-memory")
    except RecursionError:
        into.skip("too-deep")
    except Exception:  # noqa: BLE001 — one file is an edge: its fault must not cost the others
        into.skip("damaged")
    return None
