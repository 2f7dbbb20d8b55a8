import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.errors import PeerError
from missent.smtp.reply import Reply, ReplyReader

WIRE = b"250-a.example\r\n250-SIZE 3\r\n250 DSN\r\n550-5.1.1 No\r\n550 5.1.1 Bob \xff\r\n354\r\n"


@given(st.lists(st.integers(0, len(WIRE)), max_size=6))
def test_replies_survive_any_cut_and_leave_as_they_came(cuts: list[int]) -> None:
    reader, replies = ReplyReader(), []
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(WIRE)], strict=True):
        reader.receive(WIRE[start:end])
        while (reply := reader.next()) is not None:
            replies.append(reply)
    assert [reply.code for reply in replies] == [250, 550, 354]
    assert replies[0].lines == ("a.example", "SIZE 3", "DSN")
    assert b"".join(reply.encode() for reply in replies) == WIRE.replace(b"354\r\n", b"354 \r\n")


@pytest.mark.parametrize(
    "wire", [b"hello\r\n", b"25x a\r\n", b"250-a\r\n251 b\r\n", b"999 a\r\n", b"250+a\r\n", b"1" * 5000, b"\r\n"]
)
def test_what_is_no_reply_is_a_protocol_error(wire: bytes) -> None:
    with pytest.raises(PeerError):
        ReplyReader().receive(wire)


@given(st.binary())
def test_any_octets_raise_nothing_else(octets: bytes) -> None:
    reader = ReplyReader()
    try:
        reader.receive(octets)
    except PeerError:
        return
    reader.next()


def test_no_text_can_end_its_own_reply() -> None:
    assert Reply(550, ("a\r\n250 Ok\0",)).encode() == b"550 a  250 Ok \r\n"


def test_reading_a_reply_as_it_is_written_here() -> None:
    reply = Reply.of("451 4.3.0 a\n4.3.0 b")
    assert (reply.code, reply.lines, reply.good, reply.passes) == (451, ("4.3.0 a", "4.3.0 b"), False, True)
    assert str(reply) == "451 4.3.0 a 4.3.0 b"
