import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

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
