"""`[console]`."""

from dataclasses import dataclass

from missent.settings.values import LOOPBACK, host_port


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """The console for reviewers: loopback only, until accounts exist."""

    listen: str = "127.0.0.1:10080"

    def __post_init__(self) -> None:
        host, _ = host_port(self.listen, "listen")
        if host not in LOOPBACK:
            raise ValueError(f"key `listen` is {self.listen!r}, expected a loopback address: the console has no accounts yet")
