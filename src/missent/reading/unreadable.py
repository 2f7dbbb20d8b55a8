"""Why a file was not read: raised by readers, turned into a `Skipped` by whoever opens the file."""


class Unreadable(Exception):
    """A file cannot be read, or no further.

    Attributes:
        reason: an id of `missent.message.reasons`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
