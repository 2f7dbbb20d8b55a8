"""The milter protocol as dialogues: packets as Postfix and Sendmail send them, events and answers as they must be."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.errors import PeerError
from missent.milter import answers
from missent.milter.conversation import LONGEST_PACKET, Conversation
from missent.milter.events import (
    Abort,
    Body,
    Connect,
    Data,
    EndOfHeader,
    EndOfMessage,
    Header,
    Helo,
    Mail,
    Quit,
    Rcpt,
    Unknown,
)
from missent.milter.flags import NEEDED, WANTED, Steps
from missent.smtp.reply import Reply


def p(code, payload=b""):
    return struct.pack(">I", len(payload) + 1) + code + payload


def hello(version=6, edits=0x1FF, steps=0x1FFFFF):
    return p(b"O", struct.pack(">III", version, edits, steps))


CONNECT = p(b"C", b"client.example\x004" + struct.pack(">H", 4711) + b"192.0.2.1\0")
MAIL = p(b"D", b"Mi\0\0{auth_authen}\0alex\0") + p(b"M", b"<me@own.example>\0SIZE=12\0body=8BITMIME\0SMTPUTF8\0")
RCPT = p(b"R", b"<ann@b.example>\0NOTIFY=FAILURE\0ORCPT=rfc822;a=b@c\0")
HEADERS = p(b"L", b"Subject\0 x\n\ty\0") + p(b"L", b"X-Raw\0\xff\xfe \0") + p(b"N")
BODY = p(b"B", b"Hello\r\n")
END = p(b"D", b"Ei\x004Bq\0") + p(b"E")

CONNECTED = Connect("client.example", "192.0.2.1")
MAILED = Mail("<me@own.example>", {"SIZE": "12", "BODY": "8BITMIME", "SMTPUTF8": ""})
GRANTED = Rcpt("<ann@b.example>", {"NOTIFY": "FAILURE", "ORCPT": "rfc822;a=b@c"})
FIELDS = [Header(b"Subject: x\r\n\ty\r\n"), Header(b"X-Raw:\xff\xfe \r\n"), EndOfHeader()]

DIALOGUES = {
    "one message": (
        CONNECT + p(b"H", b"client\0") + MAIL + RCPT + HEADERS + BODY + END + p(b"Q"),
        [CONNECTED, Helo("client"), MAILED, GRANTED, *FIELDS, Body(b"Hello\r\n"), EndOfMessage(), Quit(again=False)],
    ),
    "several messages, one of them reset": (
        CONNECT + MAIL + RCPT + p(b"A") + MAIL + RCPT + HEADERS + END + MAIL,
        [CONNECTED, MAILED, GRANTED, Abort(), MAILED, GRANTED, *FIELDS, EndOfMessage(), MAILED],
    ),
    "the last piece comes with the end": (MAIL + p(b"E", b"x"), [MAILED, Body(b"x"), EndOfMessage()]),
    "the next client in the same connection": (
        CONNECT + MAIL + p(b"K") + CONNECT,
        [CONNECTED, MAILED, Quit(again=True), CONNECTED],
    ),
    "Sendmail's IPv6": (p(b"C", b"h\x006\0\x19IPv6:2001:db8::1\0"), [Connect("h", "2001:db8::1")]),
    "a local client": (
        p(b"C", b"localhost\0L\0\0/var/run/x\0") + p(b"C", b"?\0U"),
        [Connect("localhost", ""), Connect("?", "")],
    ),
    "what was asked not to be sent": (p(b"U", b"XYZZY\0") + MAIL + p(b"T"), [Unknown(), MAILED, Data()]),
    "octets that are no UTF-8": (p(b"M", b"<\xff@x>\0"), [Mail("<\udcff@x>", {})]),
    "an empty header": (MAIL + p(b"L", b"X\0\0"), [MAILED, Header(b"X:\r\n")]),
}


def hop(letter, *macros):
    """Macros as Sendmail sends them before a command."""
    return p(b"D", letter + b"".join(text + b"\0" for text in macros))


SENDMAIL = (
    hop(b"C", b"j", b"mx.test.invalid", b"_", b"mx.test.invalid [127.0.0.1]", b"{daemon_name}", b"MTA")
    + p(b"C", b"mx.test.invalid\x004\xc3*127.0.0.1\0")
    + hop(b"H")
    + p(b"H", b"client.example\0")
    + hop(b"M", b"i", b"6APMNI8I003303", b"{mail_mailer}", b"relay", b"{mail_host}", b"[127.0.0.1]", b"{mail_addr}", b"a@b.c")
    + p(b"M", b"<anna@mod.example>\0SIZE=120\0BODY=8BITMIME\0")
    + hop(b"R", b"{rcpt_mailer}", b"relay", b"{rcpt_host}", b"[127.0.0.1]", b"{rcpt_addr}", b"r@navy.mil")
    + p(b"R", b"<r@navy.mil>\0NOTIFY=FAILURE\0")
    + hop(b"M", b"i", b"6APMNI8J003303", b"{mail_mailer}", b"local", b"{mail_host}", b"", b"{mail_addr}", b"")
    + p(b"M", b"<>\0")
    + p(b"R", b"<r@navy.mil>\0")
    + p(b"L", b"Subject\0 x\0")
    + p(b"N")
    + p(b"B", b"Hello b\r\n")
    + hop(b"E", b"{msg_id}", b"<b@mod.example>")
    + p(b"E")
    + p(b"Q")
)
"""Recorded from Sendmail 8.17.1 (and shortened): no SMFIC_ABORT where its client says RSET, no macros where it has none."""

DIALOGUES["Sendmail, and RSET in its first message"] = (
    SENDMAIL,
    [
        Connect("mx.test.invalid", "127.0.0.1"),
        Helo("client.example"),
        Mail("<anna@mod.example>", {"SIZE": "120", "BODY": "8BITMIME"}),
        Rcpt("<r@navy.mil>", {"NOTIFY": "FAILURE"}),
        Mail("<>", {}),
        Rcpt("<r@navy.mil>", {}),
        Header(b"Subject: x\r\n"),
        EndOfHeader(),
        Body(b"Hello b\r\n"),
        EndOfMessage(),
        Quit(again=False),
    ],
)


def drained(conversation):
    """Every event there is, each answered."""
    events = []
    while (event := conversation.next_event()) is not None:
        events.append(event)
        if not isinstance(event, Abort | Quit):
            conversation.answer()
    return events


def told(octets, *, cut=1 << 30, start=None):
    """Every event of a conversation that is answered CONTINUE throughout."""
    conversation, events = Conversation(), []
    whole = (hello() if start is None else start) + octets
    for at in range(0, len(whole), cut):
        conversation.receive(whole[at : at + cut])
        events += drained(conversation)
    return events


@pytest.mark.parametrize("name", DIALOGUES)
def test_dialogue(name):
    octets, events = DIALOGUES[name]
    assert told(octets) == events


@given(st.sampled_from(sorted(DIALOGUES)), st.integers(1, 40))
def test_however_the_octets_are_cut_the_events_are_the_same(name, cut):
    octets, events = DIALOGUES[name]
    assert told(octets, cut=cut) == events


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_no_octets_raise_anything_but_peer_error(pieces):
    conversation = Conversation()
    conversation.receive(hello())
    with contextlib.suppress(PeerError):
        for piece in pieces:
            conversation.receive(piece)
            drained(conversation)


@given(st.lists(st.tuples(st.sampled_from([bytes([c]) for c in b"ABCDEHKLMNOQRTUX"]), st.binary(max_size=40)), max_size=12))
def test_no_packets_raise_anything_but_peer_error(packets):
    conversation = Conversation()
    conversation.receive(hello() + b"".join(p(code, payload) for code, payload in packets))
    with contextlib.suppress(PeerError):
        drained(conversation)


def joined(octets, *, cut, steps=0x1FFFFF):
    """The message's octets taken together wherever that is to be had, and all other events."""
    conversation, whole, events, taken = Conversation(), hello(steps=steps) + octets, [], b""
    for at in range(0, len(whole), cut):
        conversation.receive(whole[at : at + cut])
        while True:
            taken += conversation.octets()
            if (event := conversation.next_event()) is None:
                break
            if isinstance(event, Header | EndOfHeader | Body):
                taken += event.octets
            else:
                events.append(event)
            if not isinstance(event, Abort | Quit):
                conversation.answer()
    return taken, events


@given(st.sampled_from(sorted(DIALOGUES)), st.integers(1, 40), st.sampled_from((0x1FFFFF, 0x1FFFFF & ~int(Steps.QUIET_BODY))))
def test_the_message_taken_together_is_the_message_taken_piece_by_piece(name, cut, steps):
    octets, events = DIALOGUES[name]
    pieces = (Header, EndOfHeader, Body)
    whole = b"".join(e.octets for e in events if isinstance(e, pieces)), [e for e in events if not isinstance(e, pieces)]
    assert joined(octets, cut=cut, steps=steps) == whole


def test_pieces_that_want_an_answer_are_not_taken_together():
    for steps, taken in (
        (0x1FFFFF, b"Subject: x\r\n\ty\r\nX-Raw:\xff\xfe \r\n\r\n"),
        (0x1FFFFF & ~int(Steps.QUIET_HEADER), b""),
    ):
        conversation = Conversation()
        conversation.receive(hello(steps=steps) + MAIL + HEADERS)
        assert conversation.octets() == b""  # no message was begun
        assert isinstance(conversation.next_event(), Mail)
        conversation.answer()
        assert conversation.octets() == taken


def test_it_is_known_how_many_octets_are_missing():
    """Whoever waits for that many misses nothing: with one less, nothing is told."""
    for whole in (hello(), hello() + MAIL, hello() + MAIL + HEADERS + BODY):
        conversation = Conversation()
        for at in range(len(whole)):
            if (missing := conversation.missing) > 1:
                assert at + missing <= len(whole)
            conversation.receive(whole[at : at + 1])
            drained(conversation)
            assert 1 <= conversation.missing <= 1 << 21


def negotiated(octets):
    conversation = Conversation()
    conversation.receive(octets)
    assert conversation.next_event() is None
    return conversation, struct.unpack(">IcIII", conversation.pending())


def test_negotiation_asks_for_nothing_that_was_not_offered():
    conversation, said = negotiated(hello())
    assert said == (13, b"O", 6, NEEDED, WANTED)
    assert conversation.pending() == b""
    assert negotiated(hello(2, 0x3F, 0x7F))[1] == (13, b"O", 2, NEEDED, 0)
    assert negotiated(hello(9, 0xFFFFFFFF, 0xFFFFFFFF))[1] == (13, b"O", 6, NEEDED, WANTED)
    assert not WANTED & (Steps.QUIET_RCPT | 0x7F | 0x800)  # all is sent, RCPT is answered, refused recipients are not sent


def test_silence_is_kept_where_it_was_agreed_on_and_only_there():
    for start, silent in ((hello(), True), (hello(6, 0x1FF, 0), False)):
        conversation = Conversation()
        conversation.receive(start + CONNECT + MAIL + RCPT + HEADERS + BODY + END)
        said = {}
        while (event := conversation.next_event()) is not None:
            said[type(event)] = conversation.answer()
        spoken = {kind for kind, packets in said.items() if packets == answers.CONTINUE}
        assert spoken == ({Rcpt, EndOfMessage} if silent else set(said))


def test_a_header_without_the_agreed_space_gets_the_usual_one():
    assert told(MAIL + p(b"L", b"Subject\0x\0"), start=hello(6, 0x1FF, 0))[1] == Header(b"Subject: x\r\n")


def test_nothing_but_continue_may_be_said_where_silence_was_agreed_on():
    conversation = Conversation()
    conversation.receive(hello() + CONNECT)
    conversation.next_event()
    with pytest.raises(RuntimeError, match="still wants"):
        conversation.next_event()
    with pytest.raises(RuntimeError, match="nothing was asked"):
        conversation.answer(answers.DISCARD)


def test_macros_of_one_message_are_not_the_next_ones():
    conversation = Conversation()
    plain = p(b"M", b"<me@own.example>\0")
    conversation.receive(hello() + p(b"D", b"Cj\0mx\0") + CONNECT + MAIL + RCPT + END)
    drained_until(conversation, EndOfMessage)
    assert (conversation.macro("auth_authen"), conversation.macro("i"), conversation.macro("j")) == ("alex", "4Bq", "mx")
    conversation.answer()
    conversation.receive(plain)
    assert isinstance(conversation.next_event(), Mail)
    assert (conversation.macro("auth_authen"), conversation.macro("i"), conversation.macro("j")) == ("", "", "mx")
    conversation.answer()
    conversation.receive(p(b"A") + MAIL + p(b"A") + plain)
    assert len(drained(conversation)) == 4
    assert conversation.macro("auth_authen") == ""
    conversation.receive(p(b"K"))
    drained(conversation)
    assert conversation.macro("j") == ""


def drained_until(conversation, kind):
    while not isinstance(conversation.next_event(), kind):
        conversation.answer()


BROKEN = {
    "no length": b"\0\0\0\0",
    "a length beyond all": b"\xff\xff\xff\xffB",
    "a little too long": struct.pack(">I", LONGEST_PACKET + 1),
    "an unknown code": p(b"X"),
    "negotiated by half": p(b"O", b"\0\0"),
    "no recipients can be removed": p(b"O", struct.pack(">III", 6, 0x1F7, 0)),
    "too old": hello(1),
    "a recipient of nothing": RCPT,
    "an end of nothing": p(b"E"),
    "a body after the end": MAIL + END + BODY,
    "a header of nothing": p(b"L", b"a\0b\0"),
    "a header of one string": MAIL + p(b"L", b"a\0"),
    "a string without end": p(b"M", b"<a@b>"),
    "no path": p(b"M", b""),
    "macros out of pairs": p(b"D", b"Ma\0"),
    "macros for nothing": p(b"D", b""),
    "a connection from nowhere": p(b"C", b"host"),
    "a family nobody knows": p(b"C", b"host\0X"),
    "an address cut off": p(b"C", b"host\x004\0"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_protocol_is_a_peer_error(name):
    with pytest.raises(PeerError):
        told(BROKEN[name])


def test_nothing_is_understood_before_negotiation():
    with pytest.raises(PeerError, match="nothing was negotiated"):
        told(CONNECT, start=b"")


def test_a_length_beyond_all_is_refused_before_anything_is_stored_for_it():
    conversation = Conversation()
    conversation.receive(hello() + struct.pack(">I", LONGEST_PACKET + 1))
    with pytest.raises(PeerError, match="impossible length"):
        conversation.next_event()


def test_what_was_read_is_let_go_of():
    conversation = Conversation()
    conversation.receive(hello() + MAIL)
    drained(conversation)
    for _ in range(50):
        conversation.receive(p(b"B", b"x" * 65_535))
        drained(conversation)
    assert len(conversation._buffer) <= 65_540


ANSWERS = {
    answers.CONTINUE: b"\0\0\0\1c",
    answers.DISCARD: b"\0\0\0\1d",
    answers.PROGRESS: b"\0\0\0\1p",
    answers.remove("ann@b.example"): b"\0\0\0\x11-<ann@b.example>\0",
    answers.remove("ä@b.example"): b"\0\0\0\x10-<\xc3\xa4@b.example>\0",
    answers.refuse(Reply.of("550 5.7.1 No")): p(b"y", b"550 5.7.1 No\0"),
    answers.refuse(Reply.of("451 4.3.0 a%b\nc")): p(b"y", b"451-4.3.0 a%%b\r\n451 c\0"),
}


def test_answers_as_packets():
    assert {made: made for made in ANSWERS} == ANSWERS


def test_answers_nobody_may_give():
    with pytest.raises(ValueError, match="4yz and 5yz"):
        answers.refuse(Reply.of("250 Ok"))
    with pytest.raises(ValueError, match="NUL"):
        answers.remove("a\0b@x")
