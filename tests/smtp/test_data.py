import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.smtp.data import DataReader, stuffed

TABLE = {
    b".\r\n": b"",
    b"\r\n.\r\n": b"\r\n",
    b"a\r\n.\r\n": b"a\r\n",
    b"..\r\n.\r\n": b".\r\n",
    b".a\r\n.\r\n": b"a\r\n",
    b"a\r\n..b\r\n...\r\n.\r\n": b"a\r\n.b\r\n..\r\n",
    b"x" * 5000 + b"\r\n.\r\n": b"x" * 5000 + b"\r\n",
    b"\xff\x00\r\n.\r\n": b"\xff\x00\r\n",
}


@pytest.mark.parametrize("wire", TABLE)
def test_unstuffing(wire: bytes) -> None:
    reader = DataReader()
    assert reader.receive(wire + b"QUIT\r\n") == (TABLE[wire], b"QUIT\r\n")
    assert reader.done
    assert not reader.bare
    assert reader.size == len(TABLE[wire])


LINES = st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a.", b"text", b"\xc3\xa9", b"x" * 2000]))


@given(LINES, st.integers(1, 7))
def test_stuffing_and_cutting_change_nothing(lines: list[bytes], width: int) -> None:
    message = b"".join(line + b"\r\n" for line in lines)
    wire = stuffed(message)
    reader, out = DataReader(), b""
    for start in range(0, len(wire), width):
        assert not reader.done
        octets, rest = reader.receive(wire[start : start + width])
        out += octets
        assert rest == b""
    assert reader.done
    assert (out, reader.bare, reader.size) == (message, False, len(message))


def test_a_last_line_without_its_end_gets_one() -> None:
    assert stuffed(b"a") == b"a\r\n.\r\n"
    assert stuffed(b"a\r") == b"a\r\r\n.\r\n"
    assert stuffed(b"") == b".\r\n"


@pytest.mark.parametrize("message", [b"\n", b"\r", b"a\rb\r\n", b"a\nb\r\n", b"\r\r\n", b"a\r\n\n", b"\r\n\r"])
@pytest.mark.parametrize("width", [1, 2, 100])
def test_a_cr_or_lf_alone_is_seen_however_it_is_cut(message: bytes, width: int) -> None:
    reader = DataReader()
    wire = message + (b"" if message.endswith(b"\r\n") else b"\r\n") + b".\r\n"
    for start in range(0, len(wire), width):
        reader.receive(wire[start : start + width])
    assert reader.done
    assert reader.bare
