"""A throw-away PostgreSQL on a UNIX socket, for tests and benchmarks; needs its server installed.

The server refuses root: as root it is run as user postgres, in a folder of that user's.
"""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


def binaries() -> Path | None:
    """Where its programs are; None if they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    which = shutil.which("initdb")
    return found[0].parent if found else Path(which).parent if which else None


@dataclass
class Postgres:
    """A running server.

    Attributes:
        folder: of its data, log and socket.
        settings: more of `postgres -c`; fsync is off, for what is tried is not the disk.
    """

    folder: Path
    settings: str = "-c fsync=off"
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def start(cls, folder: Path | None = None, settings: str = "-c fsync=off") -> Self:
        """Make one, in an empty folder if one is given, and start it.

        Raises OSError or CalledProcessError where that does not work.
        """
        folder = folder or Path(tempfile.mkdtemp(prefix="missent-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        made = cls(folder, settings)
        how = ("-A", "trust", "-U", "postgres", "-N", "--no-locale", "-E", "UTF8", "--wal-segsize=1")
        made._run("initdb", "-D", folder / "data", *how)
        made.resume()
        return made

    def resume(self) -> None:
        """Start it (again)."""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 {self.settings}"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-o", options, "-l", self.folder / "log", "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop it; `immediate` is a crash."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", how, "stop")

    def kill(self) -> None:
        """Kill the server process (SIGKILL); its others see that it is gone and end, which is waited for."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        others = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 30
        while any(Path(f"/proc/{other}/exe").exists() for other in others) and time.monotonic() < until:
            time.sleep(0.02)

    def revive(self, patience: float = 60.0) -> None:
        """Start it again after it was killed or died by itself: at once, or as soon as the last of its processes has ended.

        Raises CalledProcessError if it does not start.
        """
        until = time.monotonic() + patience
        while True:
            try:
                return self.resume()
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def end(self) -> None:
        """Stop and remove it."""
        with contextlib.suppress(subprocess.CalledProcessError):  # it may have died
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """SQLAlchemy URL of a database."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def new(self) -> str:
        """Make an empty database; its name."""
        name = f"t{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}")
        return name

    def ask(self, statement: str, database: str = "postgres") -> None:
        """Run a statement."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: object) -> None:
        folder = binaries()
        if folder is None:
            raise FileNotFoundError("PostgreSQL's server is not installed")
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*prefix, str(folder / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd="/")  # noqa: S603
