import pytest

from missent.recipients.model.features import Look
from missent.recipients.model.packing import pack, unpack

from .site import JO, KIM, STEVE, STEVEN, history, mail, memory

PACKED = pack(memory())


def test_what_was_packed_looks_at_mail_as_before_and_learns_on() -> None:
    before, after = memory(), unpack(PACKED, b"missent")
    for _ in range(2):
        for rcpts in ((STEVE, JO, KIM), (STEVEN,), ("new@far.example", JO)):
            asked = mail(rcpts, subject="Re: Pipeline capacity", text="Steven, turbine")
            assert Look(before, asked).rows() == Look(after, asked).rows()
        for one in history(3):
            before.learn(one)
            after.learn(one)
    assert pack(before) == pack(after)


def test_who_was_forgotten_is_not_packed() -> None:
    site = unpack(PACKED, b"missent")
    assert site.forget(STEVEN)
    again = unpack(pack(site), b"missent")
    assert again.people.known(STEVEN) is None
    assert again.people.met(STEVEN).number >= site.people.next


@pytest.mark.parametrize("octets", [b"", b"\0\1", PACKED[:-9], PACKED[9:]])
def test_what_is_no_memory_is_refused(octets: bytes) -> None:
    with pytest.raises(ValueError, match="not a memory"):
        unpack(octets, b"missent")


def test_closed_ties_are_as_before_and_smaller() -> None:
    open_, closed = memory(), memory()
    closed.ties.close()
    numbers = list(open_.ties)
    assert list(closed.ties) == numbers
    assert [closed.of(n).pack() for n in numbers] == [open_.of(n).pack() for n in numbers]
