"""How often each token may ask: a bucket that fills by the minute."""

from collections.abc import Callable


class Rates:
    """Buckets by name; there are as many as tokens.

    Args:
        per_minute: questions, as many of them at once.
        ticks: a monotonic clock in seconds.
    """

    def __init__(self, per_minute: int, ticks: Callable[[], float]) -> None:
        self._most = float(per_minute)
        self._ticks = ticks
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> float:
        """0 if one more question is within the rate; else the seconds until it is."""
        now = self._ticks()
        left, at = self._left.get(name, (self._most, now))
        left = min(self._most, left + (now - at) * self._most / 60)
        self._left[name] = max(left - 1, 0.0) if left >= 1 else left, now
        return 0.0 if left >= 1 else (1 - left) * 60 / self._most
