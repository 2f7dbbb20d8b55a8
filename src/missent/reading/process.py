"""One worker process as the judging side sees it: started, asked, ended. Whatever it does, asking it ends in time."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import missent
from missent.content.opened import Opened
from missent.reading import wire
from missent.reading.gathering import File
from missent.reading.unreadable import Unreadable
from missent.settings import ReadingSettings

_LARGEST_ANSWER = 12  # octets of JSON for one character of text, escaped, and what stands around it
_PATIENCE = 2.0


def _paths() -> list[str]:
    """Where a worker finds this package, besides where its interpreter looks; the folder of the running script is left out."""
    return [str(Path(missent.__file__).parent.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]


class Answer(NamedTuple):
    """What a worker found in one file, what it left of the message's budget, and the processor time it took."""

    opened: Opened
    left: dict[str, int]
    seconds: float


class Worker:
    """A process that opens files, one at a time.

    Attributes:
        holds: which steps of confinement hold, once it has started.
        usable: whether it may be asked again.
    """

    def __init__(self, settings: ReadingSettings, ticks: Callable[[], float]) -> None:
        """Start it; it is ready when it is first asked. Raises OSError if processes cannot be started."""
        self._ticks = ticks
        self._most = settings.max_text * _LARGEST_ANSWER + 10_000_000
        self.holds: tuple[str, ...] = ()
        self.usable = True
        self._ready = False
        self._peer, child = socket.socketpair()
        child.settimeout(None)  # else a default timeout that a library has set is the worker's, too, and it sees the end
        try:
            self._process = self._start(child)
            self._send({"memory": settings.max_memory, "ocr": settings.ocr}, b"")
        except BaseException:
            self._peer.close()
            raise
        finally:
            child.close()

    def ask(self, file: File, budget: dict[str, int], seconds: float, until: float) -> Answer:
        """Have one file opened.

        Args:
            file: with its octets.
            budget: what the message has left.
            seconds: processor time it may take.
            until: moment of `ticks` at which the worker is ended.

        Raises Unreadable: `reader-crashed`, `reader-too-slow`, `reader-out-of-memory`; the worker is ended then.
        """
        try:
            if not self._ready:
                self.holds = tuple(str(step) for step in self._receive(until)["holds"])
                self._ready = True
            self._peer.settimeout(max(0.01, until - self._ticks()))
            self._send({"file": wire.file_head(file), "budget": budget, "seconds": seconds}, file.data)
            head = self._receive(until)
            self.usable = not head["last"]
            left = {key: int(head["left"][key]) for key in ("files", "octets", "chars")}
            return Answer(wire.opened_of(head["opened"], file), left, float(head["left"]["seconds"]))
        except TimeoutError:
            reason = "reader-too-slow"
        except (OSError, EOFError):
            reason = self._why_it_ended()
        except (wire.Garbled, KeyError, TypeError, ValueError):
            reason = "reader-crashed"
        self.end()
        raise Unreadable(reason)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it may be asked: it runs, and is not worn out."""
        return self.usable and self._process.poll() is None

    def end(self) -> None:
        """End it now."""
        self.usable = False
        self._peer.close()
        self._process.kill()
        self._process.wait()

    def _start(self, child: socket.socket) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 — this interpreter, our own module
            [sys.executable, "-s", "-P", "-m", "missent.reading.worker", str(child.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[child.fileno()],
            env={"PYTHONPATH": os.pathsep.join(_paths()), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        )

    def _send(self, head: dict[str, Any], data: bytes) -> None:
        frame, octets = wire.pack(head, data)
        self._peer.sendall(frame)
        self._peer.sendall(octets)

    def _receive(self, until: float) -> dict[str, Any]:
        head, _ = wire.sizes(self._exactly(wire.FRAME, until))
        if head > self._most:
            raise wire.Garbled("an answer longer than any text it may hold")
        answer: dict[str, Any] = wire.parse(self._exactly(head, until))
        return answer

    def _exactly(self, size: int, until: float) -> bytes:
        buffer = bytearray(size)
        view, at = memoryview(buffer), 0
        while at < size:
            self._peer.settimeout(max(0.01, until - self._ticks()))
            got = self._peer.recv_into(view[at:])
            if not got:
                raise EOFError
            at += got
            if self._ticks() > until:
                raise TimeoutError
        return bytes(buffer)

    def _why_it_ended(self) -> str:
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return "reader-crashed"
        return "reader-too-slow" if code == -signal.SIGXCPU else "reader-crashed"
