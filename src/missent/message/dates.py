"""The Date field in the forms mail really carries: RFC 5322, its obsolete forms, asctime, ISO 8601, numbers with AM/PM.

Standing and history are as of a message's date, so a date is either understood or absent, never guessed: what does not
name day, month and year is None. A missing zone is read as UTC, as RFC 5322 4.3 reads unknown ones.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {month: 1 + n // 3 for n in range(0, 36, 3) if (month := "janfebmaraprmayjunjulaugsepoctnovdec"[n : n + 3])}
_ZONES: dict[str, float] = {
    "edt": -4,
    "est": -5,
    "cdt": -5,
    "cst": -6,
    "mdt": -6,
    "mst": -7,
    "pdt": -7,
    "pst": -8,
    "akdt": -8,
    "akst": -9,
}
_ZONES |= {"hst": -10, "bst": 1, "cet": 1, "met": 1, "cest": 2, "mest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5}
_ZONES |= {"hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13}

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2}))?(?:[.,]\d+)?"
_HALF = r"(?:\s*(?P<half>[AaPp])\.?[Mm]\b\.?)?"
_ZONE = r"(?:\s*\(?(?:GMT|UTC?)?(?P<offset>[+-]\d{1,2}:?\d\d)|\s*\(?(?P<zone>[A-Za-z]{1,4})\b)?"
_MONTH = r"(?P<month>[A-Za-z]{3})[a-z]*\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<day>\d{{1,2}})[\s-]*{_MONTH}[\s,-]*(?P<year>\d{{2,4}})(?:[\s,T]+{_CLOCK}{_HALF}{_ZONE})?",
        rf"(?P<year>\d{{4}})[-/](?P<number>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?:[\sT]+{_CLOCK}{_ZONE})?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+{_CLOCK}{_HALF}{_ZONE}\s+(?P<year>\d{{4}})",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?:[\s,]+(?:at\s+)?{_CLOCK}{_HALF}{_ZONE})?",
        rf"(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{2,4}})(?:[\s,]+{_CLOCK}{_HALF}{_ZONE})?",
    )
)


def read_date(text: str) -> datetime | None:
    """The moment a Date field names, in UTC; None if it names none. Only the first 200 characters are looked at.

    >>> read_date("Wed, 19 Jul 2023 12:02:11 +0200 (CEST)").isoformat()
    '2023-07-19T10:02:11+00:00'
    """
    for form in _FORMS:
        if found := form.search(text[:200]):
            return _moment(found.groupdict())
    return None


def _moment(given: dict[str, str | None]) -> datetime | None:
    month = int(given.get("number") or 0) or _MONTHS.get((given.get("month") or "").lower(), 0)
    hour = int(given["hour"] or 0)
    if half := given.get("half"):
        hour = hour % 12 + 12 * (half in "pP")
    second = min(int(given["second"] or 0), 59)  # a leap second is no reason to lose a date
    try:
        local = datetime(
            _year(given["year"] or ""), month, int(given["day"] or 0), hour, int(given["minute"] or 0), second, 0, _zone(given)
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    """Two and three digits by RFC 5322 4.3."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year


def _zone(given: dict[str, str | None]) -> timezone:
    if offset := given["offset"]:
        digits = offset[1:].replace(":", "").zfill(4)
        away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-away if offset[0] == "-" else away)
    return timezone(timedelta(hours=_ZONES.get((given["zone"] or "").lower(), 0)))
