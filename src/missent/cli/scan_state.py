"""Where a scan works: the folder the user names and keeps, else one in the user's cache that goes when the scan is done."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from missent.archive.scan.state import State
from missent.errors import ConfigError

if TYPE_CHECKING:
    from missent.archive.scan.running import Request


@contextmanager
def state_of(request: "Request", named: object) -> Iterator[State]:
    """The state of a scan; a folder in the cache is found again by its sources if the scan was killed.

    Raises ConfigError if another scan works there.
    """
    if isinstance(named, Path):
        with _alone(named):
            yield State(named)
        return
    import platformdirs

    about = "\n".join(str(path.absolute()) for path in request.paths)
    folder = Path(platformdirs.user_cache_dir("missent")) / "scan" / sha256(about.encode()).hexdigest()[:16]
    with _alone(folder):
        yield State(folder)
        shutil.rmtree(folder, ignore_errors=True)  # only when all went well: else the next run goes on with it


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(
                f"{folder}: another scan of these sources is at work there; give --state another folder"
            ) from None
        yield
