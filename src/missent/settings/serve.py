"""`[serve]`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The processes of `missent serve`.

    Attributes:
        workers: processes that take mail. 1: the one that does everything. More share the relay's and the milter's sockets
            and use as many cores; console, pages and delivery stay in the first process.
    """

    workers: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= 64:
            raise ValueError(f"key `workers` is {self.workers}, expected 1 to 64")
