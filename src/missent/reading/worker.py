"""A worker process: opens one file after another as it is asked, confined, until its peer closes or it has worn out.

Started as `python -m missent.reading.worker FD` by `missent.reading.process`. All readers are imported before the
process confines itself, so that it needs no file afterwards.
"""

import encodings
import json
import os
import pkgutil
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from math import ceil
from pathlib import Path
from time import process_time
from typing import Any, BinaryIO

from missent.reading import quoting, wire
from missent.reading.budget import Budget
from missent.reading.confining import confine
from missent.reading.gathering import Gathering
from missent.reading.opening import open_file
from missent.reading.readers.registry import READERS

_WORN_OUT = 500
_NO_CODECS = frozenset(("mbcs", "oem", "idna", "punycode", "undefined"))


def main(descriptor: int) -> None:
    """Serve one peer on a connected socket's descriptor."""
    with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as asked, os.fdopen(descriptor, "wb", 0) as answers:
        settings, _ = _frame(asked)
        _load()
        resident = _meter()
        holds = confine(memory=settings["memory"], programs=settings["ocr"])
        _answer(answers, {"holds": list(holds)})
        for _ in range(_WORN_OUT):
            try:
                head, data = _frame(asked)
            except EOFError:
                return
            answer = _serve(head, data, ocr=settings["ocr"])
            _answer(answers, {**answer, "last": resident() > settings["memory"] // 2})


def _serve(head: dict[str, Any], data: bytes, *, ocr: bool) -> dict[str, Any]:
    started = process_time()
    budget = Budget(**head["budget"], until=started + head["seconds"], ticks=process_time)
    _limit_time(started + head["seconds"])
    gathering = Gathering(budget)
    open_file(wire.file_of(head["file"], data), gathering, ocr=ocr)
    spent = {"files": budget.files, "octets": budget.octets, "chars": budget.chars, "seconds": process_time() - started}
    return {"opened": wire.opened_head(gathering.opened()), "left": spent}


def _meter() -> Callable[[], int]:
    """Octets this process holds in memory, asked through a file that is opened while files can be.

    `ru_maxrss` would count what the parent held when it forked: a large gateway's workers would all seem worn out.
    """
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    page = resource.getpagesize()
    return lambda: int(os.pread(file, 100, 0).split()[1]) * page


def _limit_time(until: float) -> None:
    """The kernel ends the process within a second after reading should have stopped by itself."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(until + 0.2), most))


def _frame(asked: BinaryIO) -> tuple[dict[str, Any], bytes]:
    head, data = wire.sizes(_exactly(asked, wire.FRAME))
    return json.loads(_exactly(asked, head)), _exactly(asked, data)


def _exactly(asked: BinaryIO, size: int) -> bytes:
    buffer = bytearray(size)
    view, at = memoryview(buffer), 0
    while at < size:
        got = asked.readinto(view[at : at + (1 << 20)])  # type: ignore[attr-defined]  # a raw file
        if not got:
            raise EOFError
        at += got
    return bytes(buffer)


def _answer(answers: BinaryIO, head: dict[str, Any]) -> None:
    frame, _ = wire.pack(head)
    view = memoryview(frame)
    while view:
        view = view[answers.write(view) :]


def _load() -> None:
    """Import every reader, every character set and the words of quotations, and what reads addresses when it meets them."""
    for reader in READERS.values():
        with suppress(ImportError):
            preload = getattr(import_module(f"missent.reading.readers.{reader.module}"), "preload", None)
            if preload:
                preload()
    quoting.words()
    for name in ("idna", "encodings.idna", "encodings.punycode"):
        import_module(name)
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in _NO_CODECS:
            with suppress(ImportError):
                import_module(f"encodings.{module.name}")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    os.chdir(Path("/"))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        main(int(sys.argv[1]))
