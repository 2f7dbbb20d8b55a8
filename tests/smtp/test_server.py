"""The server half, as dialogues line by line: C: what the client says, S: what it hears, E: what is reported."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.smtp.events import Answered, Chunk, Data, EndOfData, Event, Hello, Mail, StartTls
from missent.smtp.reply import Reply
from missent.smtp.server import LONGEST_LINE, MOST_ERRORS, Server

ALL = frozenset({"SIZE", "8BITMIME", "SMTPUTF8", "PIPELINING", "DSN", "STARTTLS"})
TEXT = {Data: "354 Go", StartTls: "220 2.0.0 Go"}


def joined(events: list[Event]) -> list[Event]:
    """Chunks that follow each other as one."""
    whole: list[Event] = []
    for event in events:
        before = whole[-1] if whole else None
        if isinstance(event, Chunk) and isinstance(before, Chunk):
            whole[-1] = Chunk(before.octets + event.octets)
        else:
            whole.append(event)
    return whole


def converse(server: Server, octets: bytes, extensions: frozenset[str] = ALL) -> tuple[list[Event], bytes]:
    """Grant everything: the events (chunks joined), and what was said."""
    server.receive(octets)
    events, said = [], b""
    while (event := server.next_event()) is not None:
        events.append(event)
        if isinstance(event, Answered):
            said += event.reply.encode()
        elif not isinstance(event, Chunk):
            if isinstance(event, Hello):
                server.state.extensions = extensions
            said += server.reply(Reply.of(TEXT.get(type(event), "250 2.0.0 Ok")))
    return joined(events), said


START = "C: EHLO a.example\nS: 250 2.0.0 Ok\n"
MAIL = START + "C: MAIL FROM:<a@a.example>\nS: 250 2.0.0 Ok\n"
RCPT = MAIL + "C: RCPT TO:<b@b.example>\nS: 250 2.0.0 Ok\n"

DIALOGUES = {
    "a message": RCPT + "C: DATA\nS: 354 Go\nC: Subject: x\nC: \nC: ..\nC: .\nS: 250 2.0.0 Ok\nC: QUIT\nS: 250 2.0.0 Ok",
    "two messages": RCPT + "C: DATA\nS: 354 Go\nC: .\nC: MAIL FROM:<>\nS: 250 2.0.0 Ok\nS: 250 2.0.0 Ok",
    "a pipeline": START
    + "C: MAIL FROM:<>|C: RCPT TO:<b@b.example>|C: DATA|S: 250 2.0.0 Ok|S: 250 2.0.0 Ok|S: 354 Go".replace("|", "\n"),
    "mail before hello": "C: MAIL FROM:<a@b.example>\nS: 503 5.5.1 Bad sequence of commands",
    "rcpt before mail": START + "C: RCPT TO:<a@b.example>\nS: 503 5.5.1 Bad sequence of commands",
    "data before rcpt": MAIL + "C: DATA\nS: 503 5.5.1 Bad sequence of commands",
    "mail in mail": MAIL + "C: MAIL FROM:<c@c.example>\nS: 503 5.5.1 Bad sequence of commands",
    "reset ends it": RCPT + "C: RSET\nS: 250 2.0.0 Ok\nC: DATA\nS: 503 5.5.1 Bad sequence of commands",
    "hello ends it": RCPT + START + "C: DATA\nS: 503 5.5.1 Bad sequence of commands",
    "starttls in mail": MAIL + "C: STARTTLS\nS: 503 5.5.1 Bad sequence of commands",
    "starttls forgets": START
    + "C: STARTTLS\nS: 220 2.0.0 Go\nC: MAIL FROM:<a@b.example>\nS: 503 5.5.1 Bad sequence of commands",
    "starttls with words": START + "C: STARTTLS now\nS: 501 5.5.4 No argument allowed",
    "helo has no extensions": "C: HELO a\nS: 250 2.0.0 Ok\nC: MAIL FROM:<a@a.example> SIZE=3\n"
    "S: 555 5.5.4 Parameter not recognised or not implemented",
    "no name": "C: EHLO\nS: 501 5.5.4 A name is needed",
    "unknown": "C: FROB x\nS: 500 5.5.2 Command not recognised",
    "lower case and spaces": "C: ehlo a\nS: 250 2.0.0 Ok\nC: mail from: <a@a.example>  \nS: 250 2.0.0 Ok",
    "noop, vrfy, help, expn": "C: NOOP x\nS: 250 2.0.0 Ok\nC: VRFY bob\nS: 252 2.0.0 Send some mail and see\n"
    "C: HELP\nS: 214 2.0.0 See RFC 5321\nC: EXPN x\nS: 502 5.5.1 Not implemented",
    "browser": "C: GET / HTTP/1.1\nS: 500 5.5.2 This is SMTP. Closing connection\nC: EHLO a\nS: ",
    "no utf8 asked": MAIL + "C: RCPT TO:<jörg@b.example>\nS: 550 5.6.7 Address needs SMTPUTF8",
    "utf8 not asked in mail": START + "C: MAIL FROM:<jörg@b.example>\nS: 550 5.6.7 Address needs SMTPUTF8",
    "utf8": START + "C: MAIL FROM:<jörg@b.example> SMTPUTF8\nS: 250 2.0.0 Ok\nC: RCPT TO:<中@例.example>\nS: 250 2.0.0 Ok",
    "nul": "C: EHLO a\0b\nS: 500 5.5.2 Command is not printable UTF-8",
    "line separator": START + "C: MAIL FROM:<a\u2028b@a.example> SMTPUTF8\nS: 500 5.5.2 Command is not printable UTF-8",
    "too long": f"C: EHLO {'a' * LONGEST_LINE}\nS: 500 5.5.6 Line too long\n" + START,
    "long but allowed": f"C: EHLO {'a' * (LONGEST_LINE - 7)}\nS: 250 2.0.0 Ok",
    "too many errors": "C: X\nS: 500 5.5.2 Command not recognised\n" * MOST_ERRORS
    + "C: X\nS: 421 4.7.0 Too many errors, closing connection\nC: EHLO a\nS: ",
}


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES)
def test_dialogue(dialogue: str) -> None:
    server = Server()
    for who, lines in itertools.groupby(dialogue.removesuffix("\n").split("\n"), key=lambda line: line[:3]):
        octets = b"".join(line[3:].encode() + b"\r\n" for line in lines)
        if who == "C: ":
            said = converse(server, octets)[1]
        else:
            assert said == octets.removesuffix(b"\r\n" if octets == b"\r\n" else b"")


@pytest.mark.parametrize("octets", [b"EHLO a\n", b"EHLO a\rNOOP\r\n", b"EHLO a\r\r\n", b"NOOP\nEHLO a\r\n"])
def test_bare_cr_or_lf_in_a_command_hangs_up(octets: bytes) -> None:
    server = Server()
    events, _ = converse(server, octets)
    assert [type(event) for event in events] == [Answered]
    assert isinstance(events[0], Answered)
    assert events[0].closing
    assert events[0].reply.code == 500
    assert converse(server, b"EHLO a\r\n") == ([], b"")


def test_what_was_sent_in_the_clear_behind_starttls_was_never_said() -> None:
    server = Server()
    events, said = converse(server, b"EHLO a\r\nSTARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@e.example>\r\n")
    assert isinstance(events[-1], StartTls)
    assert said.endswith(b"220 2.0.0 Go\r\n")
    assert server.pending == 0


@pytest.mark.parametrize(
    "data", [b"a\n.\r\nMAIL FROM:<x@y.example>\r\n.\r\n", b"a\r\n.\nb\r\n.\r\n", b"a\r.\r\r\n.\r\n", b"\n\r\n.\r\n"]
)
def test_only_crlf_dot_crlf_ends_data_and_bare_ones_are_reported(data: bytes) -> None:
    server = Server()
    converse(server, b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n")
    events, _ = converse(server, data)
    octets = data[:-3].replace(b"\r\n.", b"\r\n")
    assert events == [Chunk(octets), EndOfData(len(octets), bare=True)]


def test_a_refused_recipient_grants_no_data() -> None:
    server = Server()
    converse(server, b"EHLO a\r\nMAIL FROM:<>\r\n")
    server.receive(b"RCPT TO:<a@b.example>\r\nDATA\r\n")
    server.next_event()
    server.reply(Reply.of("550 5.1.1 no"))
    event = server.next_event()
    assert isinstance(event, Answered)
    assert event.reply.code == 503


def test_refused_mail_opens_no_transaction() -> None:
    server = Server()
    converse(server, b"EHLO a\r\n")
    server.receive(b"MAIL FROM:<a@b.example>\r\n")
    assert server.next_event() == Mail("a@b.example", {})
    server.reply(Reply.of("451 4.3.0 later"))
    assert server.state.mail is None


def test_asking_twice_without_a_reply_is_our_own_fault() -> None:
    server = Server()
    server.receive(b"NOOP\r\nRSET\r\n")
    server.next_event()
    server.next_event()
    with pytest.raises(RuntimeError):
        server.next_event()


WORDS = ["EHLO a", "MAIL FROM:<>", "RCPT TO:<b@b.example>", "DATA", ".", "..x", "RSET", "text", "NOOP", "QUIT", "HELO", "\r\n."]
ODDS = [b"\r", b"\n", b".", b"x" * 5000, b"\0\xff"]
PIECES = st.sampled_from([*(word.encode() + b"\r\n" for word in WORDS), *ODDS])


@given(st.lists(PIECES | st.binary(max_size=8), max_size=30), st.data())
def test_however_the_octets_are_cut_the_events_are_the_same(pieces: list[bytes], data: st.DataObject) -> None:
    octets = b"".join(pieces)
    whole = converse(Server(), octets)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(octets)), max_size=10)))
    server, events, said = Server(), [], b""
    for start, end in zip([0, *cuts], [*cuts, len(octets)], strict=True):
        some, words = converse(server, octets[start:end])
        said += words
        events = joined([*events, *some])
    assert (events, said) == whole


def test_many_short_commands_at_once_cost_no_more_than_their_octets() -> None:
    server = Server()
    server.receive(b"NOOP\r\n" * 50_000)
    count = 0
    while server.next_event() is not None:
        count += 1
    assert count == 50_000
