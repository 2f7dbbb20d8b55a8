"""Text of pictures by tesseract, a program of its own. Only workers call it, and only where `ocr = true`."""

import os
import shutil
import subprocess

from missent.reading.unreadable import Unreadable

_SECONDS = 20
_LARGEST = 20_000_000


def program() -> str:
    """Where tesseract is, "" if it is not installed."""
    return shutil.which("tesseract", path=os.defpath) or ""


def text(picture: bytes) -> str:
    """The words in a picture. Raises Unreadable: `reader-not-installed`, `reader-too-slow`, `image`, `too-large`."""
    if len(picture) > _LARGEST:
        raise Unreadable("too-large")
    if not program():
        raise Unreadable("reader-not-installed")
    try:
        done = subprocess.run(  # noqa: S603 — a fixed program, no arguments from outside
            [program(), "stdin", "stdout"],
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            env={"OMP_THREAD_LIMIT": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("reader-too-slow") from None
    if done.returncode:
        raise Unreadable("image")
    return done.stdout.decode("utf-8", "replace")
