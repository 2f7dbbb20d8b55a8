import pytest

from missent.recipients.model import memory as room
from missent.recipients.model.memory import Memory

from .site import JO, SENDER, mail


def test_the_threads_longest_untouched_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_THREADS", 2)
    site = Memory(bits=8)
    for day, subject in enumerate(("one thread", "two thread", "Re: one thread", "three thread")):
        site.learn(mail((JO,), day, subject))
    kept = {site.hash("T", t) for t in ("one thread", "three thread")}
    assert set(site.members) == kept
    assert all(members == (SENDER, JO) for _, members in site.members.values())
