import pytest

from missent.message.dates import read_date

AT = "2023-07-19T10:02:11+00:00"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("Wed, 19 Jul 2023 12:02:11 +0200", AT),
        ("Wed, 19 Jul 2023 12:02:11 +0200 (CEST)", AT),
        ("19 Jul 2023 10:02:11 GMT", AT),
        ("Wed 19 July 2023 10:02:11 UT", AT),
        ("Wed, 19 Jul 23 06:02:11 EDT", AT),
        ("Wed, 19 Jul 2023 10:02:11", AT),
        ("Wed,19 Jul 2023 10:02:11 -0000", AT),
        ("Wed, 19-Jul-2023 10:02:11 GMT", AT),
        ("Wed, 19 Jul 2023 12:02:11 GMT+0200", AT),
        ("Wed, 19 Jul 2023 10.02.11 +0000", AT),
        ("Wed Jul 19 10:02:11 2023", AT),
        ("Wed Jul 19 12:02:11 CEST 2023", AT),
        ("2023-07-19T10:02:11Z", AT),
        ("2023-07-19 12:02:11.123 +02:00", AT),
        ("7/19/2023 10:02:11 AM", AT),
        ("Wednesday, July 19, 2023 12:02:11 PM +0200", AT),
        ("Jul 19, 2023 at 10:02:11", AT),
        ("Wed, 31 Dec 1997 12:30:00 PM", "1997-12-31T12:30:00+00:00"),
        ("Wed, 31 Dec 97 23:59:60 +0000", "1997-12-31T23:59:59+00:00"),
        ("Sat, 1 Jan 100 00:00:00 -0800", "2000-01-01T08:00:00+00:00"),
        ("31 Feb 2023 10:00:00 +0000", None),
        ("19 Foo 2023 10:00:00 +0000", None),
        ("1 Jan 1 0:0 +9999", None),
        ("1 Jan 0001 00:00 +0500", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_forms(written: str, utc: str | None) -> None:
    found = read_date(written)
    assert (found.isoformat() if found else None) == utc
