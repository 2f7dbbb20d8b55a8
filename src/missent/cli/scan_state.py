"""Where a scan works: the folder the user names and keeps, else one in the user's cache that goes when the scan is done."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from missent.archive.scan.state import State

if TYPE_CHECKING:
    from missent.archive.scan.running import Request


@contextmanager
def state_of(request: "Request", named: object) -> Iterator[State]:
    """The state of a scan; a folder in the cache is found again by its sources if the scan was killed."""
    if isinstance(named, Path):
        yield State(named)
        return
    import platformdirs

    about = "\n".join(str(path.absolute()) for path in request.paths)
    folder = Path(platformdirs.user_cache_dir("missent")) / "scan" / sha256(about.encode()).hexdigest()[:16]
    yield State(folder)
    shutil.rmtree(folder, ignore_errors=True)  # only when all went well: else the next run goes on with it
