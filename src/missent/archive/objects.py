"""Files that lie elsewhere: in S3-compatible storage, or wherever else fsspec reaches, read where they are.

One is named by a URL, `s3://bucket/key`, and is a path like an account's (`missent.archive.imap`): `/s3:/bucket/key`. What
a path would lose of a key (`//`, `.`) stands in it percent-encoded. Credentials and endpoint come from the usual
environment of each service's library (`AWS_ACCESS_KEY_ID`, `AWS_PROFILE`, `AWS_ENDPOINT_URL`, …), never from here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import unquote

from missent.archive.objects_opened import Opened
from missent.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDS = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "memory": "fsspec"}
"""Scheme -> the package that reaches it; `s3fs` is part of the extra `archive`."""

_URL = re.compile(rf"(?:^|/)({'|'.join(NEEDS)}):/{{1,2}}([^/].*)$", re.DOTALL)
_FILE = re.compile(r"(?:^|/)file:/{1,3}(?=[^/])")
_AHEAD = 1 << 18
"""Octets read beyond what was asked for: most mails of a folder then take one request."""

_S3 = {"config_kwargs": {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 4}}}
_PAGE = 1_000


class Known(NamedTuple):
    """What a listing tells of a file: octets, a number that changes with its content, and its last change (seconds)."""

    octets: int
    version: int
    changed: float = 0.0


class Object(NamedTuple):
    """A file elsewhere: scheme, and bucket with key."""

    scheme: str
    name: str

    @property
    def path(self) -> Path:
        """The path that stands for it; no file is there."""
        name = re.sub("(?<=/)/", "%2F", self.name.replace("%", "%25"))
        steps = (step if step.strip(".") else step.replace(".", "%2E") for step in name.split("/"))
        return Path(f"/{self.scheme}:/{'/'.join(steps)}")


def local(path: Path) -> Path:
    """A path of this machine, also where it was given as `file:///…`."""
    return Path(_FILE.sub("/", str(path), count=1)) if _FILE.search(str(path)) else path


def object_of(path: Path) -> Object | None:
    """The object a path stands for, as it was given or as `Object.path` made it; None if it is none."""
    found = _URL.search(str(path))
    return Object(found[1], unquote(found[2])) if found else None


def reachable(one: Object) -> None:
    """Raises ConfigError, with what to install, if nothing here reaches such objects; nothing is asked of the service."""
    _system(one.scheme)


def found(one: Object) -> Iterator[tuple[Object, Known]]:
    """The object, or all below it as a folder, in the order of the service; marks of folders and hidden files left out.

    Raises ConfigError if there is none such, or the service cannot be asked.
    """
    with _asking(one):
        alone = _about(one)
    if alone and alone["type"] == "file":
        yield one, _known(alone)
        return
    none = True
    for name, about in _listed(one):
        last = name.rpartition("/")[2]
        if last and not last.startswith("."):
            none = False
            yield Object(one.scheme, name), _known(about)
    if none:
        raise ConfigError(f"{one.scheme}://{one.name}: no such object, and none below it")


def known(path: Path) -> Known:
    """Of a file here or elsewhere. Raises OSError."""
    one = object_of(path)
    if one is None:
        status = path.stat()
        return Known(status.st_size, status.st_mtime_ns, status.st_mtime)
    try:
        about = _about(one)
    except (OSError, ConfigError):
        raise
    except Exception as error:  # noqa: BLE001 - each service's library has errors of its own
        raise OSError(f"{type(error).__name__} while asking") from None
    if about is None or about["type"] != "file":
        raise FileNotFoundError(path)
    return _known(about)


def opened(path: Path) -> IO[bytes]:
    """A file here or elsewhere, to be read. Raises OSError; so does reading, whatever the service's library raises."""
    one = object_of(path)
    if one is None:
        return path.open("rb")
    try:
        file = _system(one.scheme).open(one.name, "rb", block_size=_AHEAD, cache_type="readahead")
    except (OSError, ConfigError):
        raise
    except Exception as error:  # noqa: BLE001 - each service's library has errors of its own
        raise OSError(f"{type(error).__name__} while opening") from None
    return cast("IO[bytes]", Opened(file))


@contextmanager
def at_hand(path: Path) -> Iterator[Path]:
    """A path that libraries can open and seek in: the file itself, or a temporary copy of one that lies elsewhere.

    Raises OSError.
    """
    if object_of(path) is None:
        yield path
        return
    with opened(path) as file, NamedTemporaryFile(prefix="missent-") as copy:
        copyfileobj(file, copy, 4 << 20)
        copy.flush()
        yield Path(copy.name)


def _listed(one: Object) -> "Iterator[tuple[str, Mapping[str, Any]]]":
    below = one.name.rstrip("/") + "/"
    if one.scheme in {"s3", "s3a"}:
        yield from _pages(one, below)
        return
    with _asking(one):
        yield from sorted(_system(one.scheme).find(below, detail=True).items())


def _pages(one: Object, below: str) -> "Iterator[tuple[str, Mapping[str, Any]]]":
    """Of S3 page by page, since a bucket may hold millions (ListObjectsV2)."""
    bucket, _, prefix = below.partition("/")
    more: dict[str, Any] = {}
    while True:
        with _asking(one):
            try:
                page = _system(one.scheme).call_s3("list_objects_v2", Bucket=bucket, Prefix=prefix, MaxKeys=_PAGE, **more)
            except FileNotFoundError:
                raise ConfigError(f"{one.scheme}://{bucket}: no such bucket") from None
        for row in page.get("Contents", ()):
            yield f"{bucket}/{row['Key']}", {"size": row["Size"], **row}
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}


def _about(one: Object) -> "Mapping[str, Any] | None":
    """What the service tells of it; None if it knows none such. Raises what its library raises."""
    try:
        return cast("Mapping[str, Any]", _system(one.scheme).info(one.name))
    except FileNotFoundError:
        return None


def _known(about: "Mapping[str, Any]") -> Known:
    changed = next((about[name] for name in ("LastModified", "updated", "last_modified", "created") if about.get(name)), None)
    version = f"{about.get('ETag', about.get('etag', ''))} {changed}"
    moment = changed.timestamp() if changed is not None and hasattr(changed, "timestamp") else 0.0
    return Known(int(about["size"] or 0), int.from_bytes(blake2b(version.encode(), digest_size=7).digest(), "big"), moment)


@contextmanager
def _asking(one: Object) -> Iterator[None]:
    """Errors of a service as one line that names it. Raises ConfigError."""
    try:
        yield
    except (ConfigError, GeneratorExit):
        raise
    except PermissionError:
        raise ConfigError(f"{one.scheme}://{one.name}: the service refuses these credentials") from None
    except Exception as error:  # noqa: BLE001 - each service's library has errors of its own
        kind = type(error).__name__
        raise ConfigError(f"{one.scheme}://{one.name}: cannot be asked ({kind}): are endpoint and credentials set?") from None


@lru_cache(maxsize=8)
def _system(scheme: str) -> Any:
    """The file system of a scheme; its listings are not kept. Raises ConfigError where its package is missing."""
    package = NEEDS[scheme]
    try:
        import fsspec

        import_module(package)
    except ImportError:
        how = "'missent[archive]'" if package in {"s3fs", "fsspec"} else package
        raise ConfigError(f"{scheme}:// takes the package {package}: pip install {how}") from None
    return fsspec.filesystem(scheme, use_listings_cache=False, **(_S3 if package == "s3fs" else {}))
