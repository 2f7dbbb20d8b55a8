"""A mail's moment in whole seconds, read fast where its Date is written as nearly all are."""

import re
from datetime import datetime

from missent.message.dates import read_date
from missent.message.encoded import Decoder
from missent.message.header import unfold

UNKNOWN = -1
"""Stands for the moment of a mail that names none."""

_DATE = re.compile(rb"\s*(?:[A-Za-z]{3},\s)?(\d\d?) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\b")
_MONTHS = {name: n for n, name in enumerate((b"jan feb mar apr may jun jul aug sep oct nov dec").split(), 1)}
_DAYS: dict[tuple[bytes, bytes, bytes], int] = {}
_TWO = {b"%02d" % n: n for n in range(100)}  # a third of the time of int()


def moment(value: bytes) -> int:
    """Seconds since 1970 of the usual form of a Date, else what `read_date` says."""
    match = _DATE.match(value)
    if match:
        day, month, year, hour, minute, second, sign, east, past = match.groups()
        days = _DAYS.get((day, month, year))
        if days is None and month.lower() in _MONTHS:
            try:
                days = datetime(int(year), _MONTHS[month.lower()], int(day)).toordinal() - 719_163  # noqa: DTZ001 - a day, no moment
            except ValueError:
                days = None
            if days is not None and len(_DAYS) < 100_000:
                _DAYS[day, month, year] = days
        if days is not None and hour < b"24" and minute < b"60":
            away = _TWO[east] * 3600 + _TWO[past] * 60
            clock = _TWO[hour] * 3600 + _TWO[minute] * 60 + min(_TWO[second], 59)
            return max(0, days * 86_400 + clock + (away if sign == b"-" else -away))
    return seconds(read_date(Decoder(0).raw(unfold(value[: 1 << 16]))))


def seconds(at: datetime | None) -> int:
    """Seconds since 1970 UTC of a moment; `UNKNOWN` for none, 0 for what lies before."""
    return UNKNOWN if at is None else max(0, int(at.timestamp()))
