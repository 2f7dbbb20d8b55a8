"""What is remembered of files is bounded: those longest not seen go first."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.store import carried

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_oldest_go_first(store, monkeypatch):
    monkeypatch.setattr(carried, "MOST", 5)
    here, there = Address("a", "mod.example"), Address("b", "army.mil")
    history = store.history.seen_from(["mod.example"])
    for day in range(12):
        mark = bytes([0, day]) * 8
        history.learn([Sighting(f"{day}@x", START + timedelta(days=day), here, (there,), marks=(mark,))])
    with store.read() as connection:
        days = [row[0][1] for row in connection.execute(text("SELECT mark FROM carried ORDER BY last"))]
    assert days[-5:] == [7, 8, 9, 10, 11]
    assert len(days) <= 6
