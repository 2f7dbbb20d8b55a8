import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from missent.gateway import remembering as room
from missent.gateway.remembering import Remembering
from missent.nouns.address import Address
from missent.nouns.sighting import Sighting

SENDER = Address.parse("me@own.example")


def sighting(number: int) -> Sighting:
    return Sighting(str(number), datetime(2026, 11, 23, tzinfo=UTC), SENDER, (SENDER,))


def test_what_comes_while_history_is_busy_is_one_batch_and_nothing_is_lost() -> None:
    go, batches = threading.Event(), []

    def learn(batch):
        batches.append([s.message_id for s in batch])
        go.wait(5)

    with ThreadPoolExecutor(2) as threads:
        remembering = Remembering(learn, threads)
        for number in range(2500):
            remembering.tell(sighting(number))
        go.set()
    assert [number for batch in batches for number in batch] == [str(number) for number in range(2500)]
    assert len(batches) <= 5
    assert all(len(batch) <= 1000 for batch in batches)


def test_a_batch_that_fails_does_not_stop_the_next(capsys) -> None:
    seen = []

    def learn(batch):
        seen.extend(batch)
        if len(seen) == 1:
            raise ValueError("some text of a message")

    with ThreadPoolExecutor(1) as threads:
        remembering = Remembering(learn, threads)
        remembering.tell(sighting(1))
        threads.submit(lambda: None).result()
        remembering.tell(sighting(2))
    assert [s.message_id for s in seen] == ["1", "2"]
    said = capsys.readouterr().out
    assert "ValueError" in said
    assert "some text" not in said


@pytest.mark.parametrize(
    ("each", "first"),
    [
        ([], 1),  # nothing more comes: told at once
        ([3, 0, 9], 4),
        ([40, 40, 40], 121),  # enough
        ([10, 10, 10, 10, 10, 10], 51),  # as long as it may take
    ],
)
def test_sightings_gather_while_more_come_but_not_for_ever(monkeypatch, each, first) -> None:
    batches, waits = [], iter(each)
    with ThreadPoolExecutor(1) as threads:
        remembering = Remembering(lambda batch: batches.append(len(batch)), threads)

        def sleep(_seconds):
            for number in range(next(waits, 0)):
                remembering.tell(sighting(number))

        monkeypatch.setattr(room.time, "sleep", sleep)
        remembering.tell(sighting(0))
    assert batches[0] == first
    assert sum(batches) == 1 + sum(each)
