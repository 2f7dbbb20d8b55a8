import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.traits import Hashing, Text, Traits, traits_of

HASHING = Hashing(b"one")
SOME = Text("Re: Gas day", "Steven,\nturbine outage, write to jo.wood@gas.example", "capacity as nominated")


@given(
    st.builds(Text, st.text(max_size=200), st.text(max_size=400), st.text(max_size=400)),
    st.lists(st.text(max_size=9), min_size=1),
)
def test_packed_and_unpacked_they_are_the_same_whatever_is_in_a_text(text: Text, ids: list[str]) -> None:
    traits = traits_of(text, HASHING, ids)
    assert Traits.unpack(traits.pack()) == traits
    assert len(traits.pack()) < 1200


def test_traits_of_a_version_that_did_not_look_whom_a_mail_answers_are_read() -> None:
    traits = traits_of(SOME, HASHING)
    assert not traits.author
    assert len(traits.pack()) == 7 + 4 * sum(map(len, traits[:6]))


def test_whom_a_mail_answers_is_kept() -> None:
    traits = traits_of(Text("Re: Gas day", "Fine.\n-----Original Message-----\nFrom: Wood, Jo\nTo: may@gas.example"), HASHING)
    assert set(traits.author) >= {HASHING("g", "jo"), HASHING("g", "wood")}
    assert set(traits.members) == {HASHING("g", "may"), HASHING("a", "may@gas.example")}
    assert not traits.passed
    assert traits_of(Text("FW: Gas day", "x\nFrom: Wood, Jo"), HASHING).passed


@pytest.mark.parametrize("octets", [b"\4\0\0\0\0\0\0", b"\4" + b"\0" * 7 + b"\1", b"", b"\0" * 6, b"\1\1\0\0\0\0\0", b"\0" * 8])
def test_what_is_no_traits_is_refused(octets: bytes) -> None:
    with pytest.raises(ValueError, match="not the traits"):
        Traits.unpack(octets)


def test_another_key_shares_no_hash() -> None:
    one, other = traits_of(SOME, HASHING).pack(), traits_of(SOME, Hashing(b"other")).pack()
    assert len(one) == len(other)
    hashes = [{octets[at : at + 4] for at in range(7, len(octets), 4)} for octets in (one, other)]
    assert not hashes[0] & hashes[1]


def test_a_text_is_in_its_groups() -> None:
    traits = traits_of(SOME, HASHING, ("own@x", "older@x"))
    assert HASHING("w", "turbine") in traits.own
    assert HASHING("w", "capacity") in traits.quoted
    assert traits.greeted == (HASHING("g", "steven"),)
    assert traits.written == (HASHING("a", "jo.wood@gas.example"), HASHING("a", "jo.wood@"))
    assert traits.thread == (HASHING("T", "gas day"), HASHING("M", "own@x"), HASHING("M", "older@x"))
    assert (traits.reply, traits.titled) == (True, True)
