import pytest

from missent.recipients.model import threads as room
from missent.recipients.model.memory import Memory
from missent.recipients.model.traits import Hashing, Text, traits_of

from .site import JO, SENDER, mail


def test_the_threads_longest_untouched_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_THREADS", 2)
    site = Memory(bits=8)
    for day, subject in enumerate(("one thread", "two thread", "Re: one thread", "three thread")):
        site.learn(mail((JO,), day, subject))
    kept = {site.hash("T", t) for t in ("one thread", "three thread")}
    assert {thread for thread, _, _ in site.threads.rows()} == kept
    assert all(site.last([thread]) == (SENDER, JO) for thread in kept)


def test_only_words_that_come_again_are_kept_as_text() -> None:
    """A Message-ID comes once: a hundred thousand of them would be forty megabytes of text nobody asks for."""
    hashing = Hashing(b"k")
    traits_of(Text("Papers", "the papers for Thursday", ""), hashing, ("one@mod.example", "two@mod.example"))
    before = hashing.kept
    traits_of(Text("Papers", "the papers for Thursday", ""), hashing, ("three@mod.example", "four@mod.example"))
    assert before == hashing.kept > 0
