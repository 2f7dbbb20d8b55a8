"""An S3 server in a process of its own: moto's, which speaks the protocol over HTTP; in memory, for made-up mail."""

import contextlib
import http.client
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Self

from missent.testing.ports import free_port


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls) -> Self:
        """Start one. Raises TimeoutError if none answers, on any of three ports: another may take one before it does."""
        for _ in range(3):
            if running := cls._tried():
                return running
        raise TimeoutError("moto's server does not answer")

    @classmethod
    def _tried(cls) -> Self | None:
        port, quiet = free_port(), subprocess.DEVNULL
        command = [sys.executable, "-c", "import sys; from moto.server import main; main(sys.argv[1:])"]
        process = subprocess.Popen([*command, "-H", "127.0.0.1", "-p", str(port)], stdout=quiet, stderr=quiet)
        running, until = cls(port, process), time.monotonic() + 90
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/moto-api/")
                connection.getresponse().read()
                connection.close()
                return running
            time.sleep(0.1)
        running.end()
        return None

    @property
    def environment(self) -> dict[str, str]:
        """What a user would set."""
        return {
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "canary-secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def end(self) -> None:
        """Stop it."""
        self.process.kill()
        self.process.wait(30)
