"""`missent serve` as a process of its own, for tests and benchmarks: started, killed at any moment, started again.

Its output goes to a file; `command` runs other commands of the same installation.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MISSENT = ("-m", "missent")


@dataclass
class Served:
    """One node.

    Attributes:
        config: its `missent.toml`; what it says goes to `serve.log` beside it.
        port: of its relay.
        milter: its milter's UNIX socket, if it has one.
        python: arguments of the interpreter that run missent; a test may put a program of its own before.
    """

    config: Path
    port: int
    milter: Path | None = None
    python: Sequence[str] = MISSENT
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, patience: float = 30.0) -> None:
        """Start it and wait until it listens. Raises TimeoutError, with the end of its log."""
        command = [sys.executable, *self.python, "serve", "--config", str(self.config)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
        until = time.monotonic() + patience
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"missent serve does not answer: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def end(self, how: int = signal.SIGKILL) -> None:
        """Kill it, or ask it to stop; waits until it is gone."""
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, how)
            process.wait(60)

    @property
    def died(self) -> bool:
        """Whether it has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    @property
    def log(self) -> Path:
        """What it said."""
        return self.config.with_name("serve.log")

    def command(self, *arguments: str) -> str:
        """Run another command of this installation; its output. Raises CalledProcessError if it fails."""
        command = [sys.executable, *MISSENT, *arguments, "--config", str(self.config)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603

    def _answers(self) -> bool:
        """Whether the last listener it opens answers; the relay is opened before the milter."""
        with contextlib.suppress(OSError):
            if self.milter is None:
                with socket.create_connection(("127.0.0.1", self.port), 5) as one:
                    return one.recv(100).startswith((b"220", b"421"))
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
                one.connect(str(self.milter))
                return True
        return False
