"""The installation as the commands see it: settings found, policy read, store opened when first asked for."""

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from missent import settings
from missent.errors import ConfigError
from missent.policy.model import Policy
from missent.policy.reading import read_policy

if TYPE_CHECKING:
    from missent.content.detectors.own_pattern import OwnPatterns
    from missent.store.opened import Store

Closes = TypeVar("Closes", bound="Closable")


class Closable(Protocol):
    """Something to be closed."""

    def close(self) -> object:
        """Let go of it."""
        ...


class Site:
    """What `ctx.obj` is in every command.

    Attributes:
        config: the file named by `--config`, else None.
        format: "plain" or "json".
    """

    def __init__(self, config: str | None = None, format: str = "plain") -> None:  # noqa: A002 — it is the option's name
        self.config = config
        self.format = format
        self._settings: settings.Settings | None = None
        self._closing = ExitStack()
        self._store: Store | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.close()

    def reread(self) -> settings.Settings:
        """The settings as their file has them now; this site keeps those it started with. Raises ConfigError."""
        path = self.settings.path
        return settings.read(path) if path else self.settings

    @property
    def settings(self) -> settings.Settings:
        """Settings of `--config`, else `missent.toml` here, else the user's; defaults if there is none."""
        if self._settings is None:
            path = self._settings_path()
            self._settings = settings.read(path) if path else settings.Settings()
        return self._settings

    def _settings_path(self) -> Path | None:
        if self.config:
            return Path(self.config)
        here = Path(settings.FILE)
        if here.is_file():
            return here
        import platformdirs

        user = Path(platformdirs.user_config_dir("missent")) / settings.FILE
        return user if user.is_file() else None

    @property
    def folder(self) -> Path:
        """Where the store, key and heads lie by default: beside the settings, else the user's data folder."""
        if self.settings.path:
            return self.settings.path.absolute().parent
        import platformdirs

        return Path(platformdirs.user_data_dir("missent"))

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the store; SQLite paths are relative to the settings file."""
        url = self.settings.store
        if not url:
            return f"sqlite:///{self.folder / 'missent.db'}"
        path = self.sqlite_path
        return f"sqlite:///{path}" if path else url

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file, whether or not it exists; None for another database."""
        url = self.settings.store
        if not url:
            return self.folder / "missent.db"
        if not url.startswith("sqlite:///"):
            return None
        return self.folder / url.removeprefix("sqlite:///")

    @property
    def has_store(self) -> bool:
        """Whether there is anything to read: a database server, or a SQLite file that exists."""
        return self.sqlite_path is None or self.sqlite_path.is_file()

    @property
    def key_file(self) -> Path:
        """Secrets of links and audit chain."""
        return self.folder / (self.settings.key_file or "missent.key")

    @property
    def heads_file(self) -> Path:
        """Where heads of the audit chain are logged."""
        return self.folder / self.settings.heads_file if self.settings.heads_file else self.key_file.with_suffix(".heads")

    @property
    def policy_path(self) -> Path | None:
        """The settings' policy file; None if they name none."""
        return self.folder / self.settings.policy if self.settings.policy else None

    def own_patterns(self) -> "OwnPatterns | None":
        """The organisation's own patterns, read now; None if the settings name no file. Raises ConfigError."""
        if not self.settings.patterns:
            return None
        from missent.content.detectors.own_file import read_patterns

        path = self.folder / self.settings.patterns
        try:
            return read_patterns(path.read_bytes(), str(path))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}: is `patterns` in the settings right?") from None

    def closing(self, resource: Closes) -> Closes:
        """Close a resource when the command ends."""
        self._closing.callback(resource.close)
        return resource

    def store(self) -> "Store":
        """The store, opened once and closed when the command ends. Creates the database and key when absent."""
        if self._store is None:
            from missent.store import open_store
            from missent.store.chain import heads_file
            from missent.store.keys import load_or_create

            self.folder.mkdir(parents=True, exist_ok=True)
            keys = load_or_create(self.key_file)
            opened = open_store(self.store_url, keys, heads_file(self.heads_file), own=self.settings.own)
            self._store = self._closing.enter_context(opened)
        return self._store


def keep_model(site: Site) -> None:
    """Bring the recipient model up to what the store was told, and keep it, if this installation has one."""
    store = site.store()
    store.model.refresh()
    store.model.keep(store.write)


def read_policy_file(path: Path) -> Policy:
    """Read a policy file. Raises ConfigError if it cannot be read, PolicyError if it is wrong."""
    try:
        return read_policy(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def user() -> str:
    """Who runs the command, for the audit chain."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or str(os.getuid())
