"""`[public]`."""

from dataclasses import dataclass

from missent.settings.values import host_port


@dataclass(frozen=True, slots=True)
class PublicSettings:
    """The sender's pages.

    Attributes:
        listen: host:port; nothing but `/h/<token>` is served there.
        url: how senders reach it, `https://…`; links are made from it, never from a Host header. "" means no link.
    """

    listen: str = "127.0.0.1:10081"
    url: str = ""

    def __post_init__(self) -> None:
        host_port(self.listen, "listen")
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValueError(f"key `url` is {self.url!r}, expected https://…")
