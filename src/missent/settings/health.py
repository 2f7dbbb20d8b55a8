"""`[health]`."""

from dataclasses import dataclass

from missent.settings.values import host_port


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """Health and metrics for supervisors and Prometheus; they tell nothing about anybody's mail.

    Attributes:
        listen: host:port of `/healthz`, `/readyz` and `/metrics`; "" is off.
    """

    listen: str = ""

    def __post_init__(self) -> None:
        if self.listen:
            host_port(self.listen, "listen")
