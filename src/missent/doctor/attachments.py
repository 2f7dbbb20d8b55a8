"""Whether attachments are opened, and how safely: one harmless archive is given to a worker, as a message's would be."""

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from importlib.util import find_spec

from missent.doctor.told import Told, amiss, doubtful, well
from missent.message.reading import read
from missent.reading.opener import Opener
from missent.settings import ReadingSettings

_PART = "attachments"
_WORD = "missent-doctor-was-here"

_LIBRARIES = {
    "lxml": "Word, PowerPoint and OpenDocument files",
    "python_calamine": "Excel sheets",
    "pypdfium2": "PDF",
    "olefile": "old Office files and Outlook messages",
    "striprtf": "RTF",
    "tnefparse": "winmail.dat",
    "py7zr": "7z",
    "libarchive": "rar, cab and iso",
}
"""Libraries of the extra `content`, and what each reads."""

_STEPS = {
    "memory": "limits on memory (setrlimit)",
    "user": "a user of its own (it is started by root or by missent's user, and stays it)",
    "calls": "a filter on system calls (seccomp: not in this kernel or container)",
    "paths": "shut files (Landlock: Linux 5.13 or later; given up for `ocr`)",
}
"""Steps of `missent.reading.confining`, as an administrator knows them."""


def examine(settings: ReadingSettings) -> Iterator[Told]:
    """Open a file the way `serve` does, by the same settings, in this process's surroundings."""
    if not settings.workers:
        yield doubtful(_PART, "stay shut, and each is said to be `not-inspected`", "`[reading] workers = 2` has them opened.")
        return
    yield _opened(settings)
    yield _readers()


def _opened(settings: ReadingSettings) -> Told:
    raw = _message()
    with Opener(settings) as opener:
        found = opener.open(raw, read(raw))
        held = opener.pool.holds()
    if not any(_WORD in piece.text for piece in found.pieces):
        reasons = ", ".join(skipped.reason for skipped in found.skipped) or "it found nothing"
        return amiss(_PART, f"a worker could not open a plain archive: {reasons}", "Look at `[reading]`: memory, seconds.")
    lacking = [said for step, said in _STEPS.items() if step not in held and not (step == "paths" and settings.ocr)]
    if lacking:
        return doubtful(_PART, f"opened by workers that lack {'; '.join(lacking)}", "docs/reading.md says what each is for.")
    return well(_PART, f"opened by workers confined in {', '.join(held)}")


def _message() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("page.txt", f"{_WORD}\n")
    message = EmailMessage(policy=SMTP)
    message["From"] = message["To"] = "postmaster@missent-doctor.invalid"
    message.set_content("An archive.\n")
    message.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="page.zip")
    return message.as_bytes()


def _readers() -> Told:
    lacking = [kind for library, kind in _LIBRARIES.items() if find_spec(library) is None]
    if lacking:
        advice = "`pip install 'missent[content]'`."
        return doubtful("readers", f"none installed for {', '.join(lacking)}: these stay shut", advice)
    return well("readers", "installed for all kinds of files")
