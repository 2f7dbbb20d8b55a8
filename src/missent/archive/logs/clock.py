"""Times of log lines as seconds since 1970 UTC: BSD syslog, which has no year and no zone (RFC 3164 4.1.2), and ISO.

The missing year is the one given, else that of a Message-ID the server made itself, else the latest in which the file's last
change is not before the line. From line to line it is the year in which they lie nearest: January after December is the next.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

_MONTHS = {"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * n : 3 * n + 3]: n + 1 for n in range(12)}
_HALF_YEAR = 183 * 86_400.0
_MOST_KEPT = 10_000

STAMP = r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)"
"""What a time looks like in either form, as a regular expression without groups."""

_ISO = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))? ?(Z|UTC|[+-]\d\d:?\d\d)?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))? ?([AP]M)", re.IGNORECASE)


_OWN_ID = re.compile(
    r"^(?:<\d+>)?([A-Z][a-z]{2}) .*?: ([0-9A-Za-z]{5,20}): .*?(?:message-id|msgid)=<(\d{4})(\d\d)\d{6,8}\.\2@", re.MULTILINE
)


def year_within(text: str) -> int | None:
    """The year in which a log without years begins, told by its own Message-IDs; None if there is none.

    Postfix and Sendmail make them of the time and the queue's name.
    """
    found = _OWN_ID.search(text)
    if not found or found[1] not in _MONTHS:
        return None
    first = _MONTHS.get(text.lstrip("<0123456789>")[:3], 0)
    return int(found[3]) - (first > int(found[4]) or (found[4] == "01" and found[1] == "Dec"))


class Clock:
    """Reads the times of one file.

    `year` is that of the first line, where known; `changed` is the file's last change, seconds since 1970; `zone` is that
    of times that name none.
    """

    def __init__(self, year: int | None, changed: float, zone: tzinfo = UTC) -> None:
        self.sure = year is not None
        self._year = year
        self._changed = changed
        self._zone = zone
        self._last = 0.0
        self._minutes: dict[str, float | None] = {}

    def read(self, stamp: str) -> float | None:
        """Seconds since 1970; None if the text is no time."""
        if stamp[:1].isdigit():
            return self._iso(stamp) or self._american(stamp)
        minute = stamp[:12]
        begin = self._minutes.get(minute)
        if begin is None or abs(begin - self._last) > _HALF_YEAR:  # a file of several years says each day again
            begin = self._bsd(minute)
            if len(self._minutes) > _MOST_KEPT:
                self._minutes.clear()
            self._minutes[minute] = begin
        try:
            return None if begin is None else begin + int(stamp[13:15])
        except ValueError:
            return None

    def _bsd(self, minute: str) -> float | None:
        month = _MONTHS.get(minute[:3], 0)
        try:
            day, hour, of_hour = int(minute[4:6]), int(minute[7:9]), int(minute[10:12])
            at = self._in_year(month, day, hour * 60 + of_hour)
        except (ValueError, IndexError):
            return None
        self._last = at
        return at

    def _in_year(self, month: int, day: int, minute: int) -> float:
        """The year the neighbours say: that in which the line lies nearest to the one before it."""
        if self._last:
            near = datetime.fromtimestamp(self._last, UTC).year
            there = [near - 1, near, near + 1]
        else:
            year = self._year or self._guessed(month, day)
            there = [year] if self._year else [year, year - 1, year - 2, year - 3]  # of 29 February the last there was
        at = [at for year in there if (at := self._at(year, month, day, minute)) is not None]
        return min(at, key=self._distance) if self._last else at[0]

    def _distance(self, at: float) -> float:
        return abs(at - self._last)

    def _guessed(self, month: int, day: int) -> int:
        latest = datetime.fromtimestamp(self._changed, UTC) + timedelta(days=1)
        return latest.year - ((month, day) > (latest.month, latest.day))

    def _at(self, year: int, month: int, day: int, minute: int) -> float | None:
        try:
            return datetime(year, month, day, minute // 60, minute % 60, tzinfo=self._zone).timestamp()
        except ValueError:
            return None

    def _american(self, stamp: str) -> float | None:
        """Month first, with AM or PM, as Microsoft's American exports have it; without these the order is anyone's guess."""
        found = _AMERICAN.match(stamp)
        if not found:
            return None
        month, day, year, hour, minute, second = map(int, found.groups("0")[:6])
        hour = hour % 12 + (12 if found[7].upper() == "PM" else 0)
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=self._zone).timestamp()
        except ValueError:
            return None

    def _iso(self, stamp: str) -> float | None:
        found = _ISO.match(stamp)
        if not found:
            return None
        year, month, day, time, part, zone = found.groups()
        try:
            at = datetime.fromisoformat(f"{year}-{month}-{day}T{time}{'Z' if zone == 'UTC' else zone or ''}")
        except ValueError:
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=self._zone)
        return at.timestamp() + (float("." + part) if part else 0.0)
