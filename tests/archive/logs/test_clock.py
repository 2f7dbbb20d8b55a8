from datetime import UTC, datetime, timedelta, timezone

import pytest

from missent.archive.logs.clock import Clock, year_within

CHANGED = datetime(2023, 7, 20, tzinfo=UTC).timestamp()


def iso(clock: Clock, stamp: str) -> str:
    at = clock.read(stamp)
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat()


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("Jul 19 10:02:11", "2023-07-19T10:02:11+00:00"),
        ("Jul  9 10:02:11", "2023-07-09T10:02:11+00:00"),
        ("Dec 31 23:59:59", "2022-12-31T23:59:59+00:00"),  # after the file's last change in its year
        ("Feb 29 00:00:00", "2020-02-29T00:00:00+00:00"),
        ("2021-07-19T10:02:11Z", "2021-07-19T10:02:11+00:00"),
        ("2021-07-19T10:02:11.5+02:00", "2021-07-19T08:02:11.500000+00:00"),
        ("2021-07-19 10:02:11 -0500", "2021-07-19T15:02:11+00:00"),
        ("2021-07-19 10:02:11", "2021-07-19T10:02:11+00:00"),
        ("Okt 19 10:02:11", ""),
        ("Feb 30 10:02:11", ""),
        ("2021-13-19 10:02:11", ""),
        ("Jul 19 10:02:xx", ""),
        ("", ""),
    ],
)
def test_times(stamp: str, expected: str) -> None:
    assert iso(Clock(None, CHANGED), stamp) == expected


def test_a_year_that_is_given_is_that_of_the_first_line() -> None:
    clock = Clock(2015, CHANGED)
    days = [iso(clock, stamp)[:10] for stamp in ("Dec 31 23:59:59", "Jan  1 00:00:00", "Dec 31 23:59:59", "Mar  1 00:00:00")]
    assert days == ["2015-12-31", "2016-01-01", "2015-12-31", "2016-03-01"]
    assert clock.sure


def test_a_file_of_several_years_says_its_days_again() -> None:
    clock = Clock(2015, CHANGED)
    days = [iso(clock, f"{month} 15 10:02:11")[:7] for _ in range(2) for month in ("Jan", "May", "Sep", "Dec")]
    assert days == ["2015-01", "2015-05", "2015-09", "2015-12", "2016-01", "2016-05", "2016-09", "2016-12"]


def test_a_zone_counts_where_the_time_names_none() -> None:
    clock = Clock(2015, CHANGED, timezone(timedelta(hours=-5)))
    assert iso(clock, "Jul 19 10:02:11") == "2015-07-19T15:02:11+00:00"
    assert iso(clock, "2015-07-19 10:02:11Z") == "2015-07-19T10:02:11+00:00"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Nov  1 02:11:18 mx postfix/cleanup[1]: 30461242EB: message-id=<20151101101118.30461242EB@mx.example>\n", 2015),
        ("Nov  1 02:11:18 mx sendmail[1]: 3A1BBIxx012345: from=a, msgid=<201511011011.3A1BBIxx012345@mx.example>\n", 2015),
        ("Nov  1 02:11:18 mx postfix/cleanup[1]: 30461242EB: message-id=<20151101101118.5550000000@other.example>\n", None),
        ("Dec  1 02:11:18 a\nJan  1 02:11:18 mx p[1]: 30461242EB: message-id=<20160101101118.30461242EB@mx.example>\n", 2015),
        ("Dec 31 23:11:18 mx p[1]: 30461242EB: message-id=<20160101051118.30461242EB@mx.example>\n", 2015),
        ("", None),
    ],
)
def test_the_year_a_server_wrote_into_its_own_message_ids(text: str, year: int | None) -> None:
    assert year_within(text) == year
