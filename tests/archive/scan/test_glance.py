"""The quick look tells what reading the whole message tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.archive.scan.digests import of_text
from missent.archive.scan.glance import Glancer
from missent.archive.scan.moments import UNKNOWN, moment
from missent.message.reading import read
from missent.recipients.notices import OPENINGS, may_say_so, says_so

PLAIN = (
    b"From: Ann <ann@mod.example>\nTo: Jane <jane@army.mil>, b@navy.mil\nDate: Wed, 19 Jul 2023 12:02:11 +0200\n"
    b"Message-ID: <1@x>\n\nHi\n"
)

ODD = {
    "plain": PLAIN,
    "crlf": PLAIN.replace(b"\n", b"\r\n"),
    "bare-cr": PLAIN.replace(b"\n", b"\r"),
    "two-to-fields": PLAIN.replace(b"Date:", b"To: third@army.ml\nDate:"),
    "folded-list": PLAIN.replace(b"b@navy.mil", b"\n\tb@navy.mil,\n c@navy.mil"),
    "space-before-colon": PLAIN.replace(b"To:", b"TO :"),
    "semicolons": PLAIN.replace(b", b@", b"; b@"),
    "group": PLAIN.replace(b"b@navy.mil", b"friends: b@navy.mil, c@navy.mil;"),
    "no-domain-in-a-list": PLAIN.replace(b"b@navy.mil", b"b@, c@navy.mil"),
    "nobody-in-a-list": PLAIN.replace(b"b@navy.mil", b", ,c@navy.mil,"),
    "encoded-name": PLAIN.replace(b"Jane <", b"=?utf-8?q?J=C3=A4ne?= <"),
    "eight-bit": PLAIN.replace(b"Jane <", b"J\xe4ne <"),
    "idn": PLAIN.replace(b"b@navy.mil", "b@münchen.example".encode()),
    "no-date": PLAIN.replace(b"Date:", b"X-Date:"),
    "other-date": PLAIN.replace(b"Wed, 19 Jul 2023 12:02:11 +0200", b"2023-07-19 10:02:11"),
    "impossible-date": PLAIN.replace(b"19 Jul", b"39 Jul"),
    "separator-left": b"From x Mon Jul  3 09:00:00 2023\n" + PLAIN,
    "no-header-end": PLAIN.partition(b"\n\n")[0],
    "sender-only": PLAIN.replace(b"From:", b"Sender:"),
    "list": PLAIN.replace(b"Date:", b"List-Id: <x>\nDate:"),
    "answer": PLAIN.replace(b"Date:", b"In-Reply-To: <a@x>\nReferences: <b@x>\n <c@x>\nDate:"),
    "long-header": PLAIN.replace(b"Date:", b"X-Long: " + b"x" * 70_000 + b"\nDate:"),
    "empty": b"",
    "only-a-line": b"hello",
}


def own(domain):
    return domain == "mod.example"


def told(glance):
    sender = glance.sender and f"{glance.sender.local}@{glance.sender.domain}"
    return sender, [f"{who.local}@{who.domain}" for who in glance.rcpts], glance.refs, glance.message_id


def expected(raw):
    message = read(raw)
    author = next(iter(message.from_), message.sender)
    author = author if author and author.domain else None
    rcpts = [a.key for a in message.rcpts if a.domain and (author is None or a.key != author.key)]
    return author and author.key, rcpts, tuple(of_text(r) for r in message.references), of_text(message.message_id)


@pytest.mark.parametrize("name", ODD)
def test_like_reading_whole(name):
    raw = ODD[name]
    glance = Glancer(own).look(raw)
    assert told(glance) == expected(raw)
    assert glance.at == (int(date.timestamp()) if (date := read(raw).date) else UNKNOWN)
    assert glance._replace(one=0, same=0) == Glancer(own)._carefully(raw)._replace(one=0, same=0)


@given(
    st.lists(
        st.sampled_from(
            [*PLAIN.splitlines(keepends=True), b" , x@y.example\n", b"\tfold\n", b'Cc: "a, b" <c@d.example>\n', b"\n"]
        ),
        max_size=9,
    )
)
def test_whatever_the_order_of_lines(lines):
    raw = b"".join(lines)
    assert told(Glancer(own).look(raw)) == expected(raw)


def test_copies_are_known_by_id_or_by_content():
    look = Glancer(own).look
    first, other = look(PLAIN), look(PLAIN.replace(b"<1@x>", b"<2@x>"))
    assert (first.one != other.one, first.same == other.same) == (True, True)
    footer = look(PLAIN + b"-- \nlist footer\n")
    assert (first.one == footer.one, first.same != footer.same) == (True, True)
    stranger = look(PLAIN.replace(b"ann@mod", b"eve@mod"))
    assert stranger.one != first.one  # who reuses a Message-ID of ours does not hide our mail


@pytest.mark.parametrize(
    ("subject", "body", "encoding", "person"),
    [
        ("Re: notes", "Thank you, that works.\n", "", True),
        ("Re: notes", "You have the wrong address.\n", "", False),
        ("Automatic reply: notes", "", "", False),
        ("=?utf-8?q?Abwesenheit?=", "", "", False),
        ("Re: notes", "WW91IGhhdmUgdGhlIHdyb25nIGFkZHJlc3MuCg==\n", "base64", False),
    ],
)
def test_what_is_no_answer(subject, body, encoding, person):
    fields = f"From: jane@army.ml\nTo: ann@mod.example\nDate: 19 Jul 2023 12:00:00 +0000\nSubject: {subject}\n"
    raw = (fields + (f"Content-Transfer-Encoding: {encoding}\n" if encoding else "") + "\n" + body).encode()
    glance = Glancer(own).look(raw)
    assert (glance.person, glance.notice) == (person, not person)


def test_nobody_is_lost_silently():
    many = (
        b"From: ann@mod.example\nTo: "
        + b", ".join(b"p%d@x.example" % n for n in range(50_010))
        + b"\nDate: 19 Jul 2023 12:00:00 +0000\n\n"
    )
    glance = Glancer(own).look(many)
    assert glance.lost
    assert len(glance.rcpts) <= 50_000


@pytest.mark.parametrize("phrase", [p for p in OPENINGS if p.isascii()])
def test_the_cheap_look_misses_no_phrase(phrase):
    assert may_say_so(b"Dear all,\n" + phrase.replace(" ", "\n ").encode() + b"\nregards")


def test_the_cheap_look_passes_ordinary_mail_over():
    assert not may_say_so(b"thank you for the notes of the meeting, i will not be there on monday.")


def test_who_was_met_before_is_read_the_same():
    glancer = Glancer(own)
    first = [glancer.look(raw) for raw in ODD.values()]
    assert [glancer.look(raw) for raw in ODD.values()] == first == [Glancer(own).look(raw) for raw in ODD.values()]


@pytest.mark.parametrize(
    ("clock", "seconds"), [("23:59:59 +0000", 86_399), ("23:59:60 +0000", 86_399), ("01:00:00 +0130", -1_800)]
)
def test_the_clock_of_a_date(clock, seconds):
    assert moment(b" Wed, 19 Jul 2023 " + clock.encode()) == 1_689_724_800 + seconds


@pytest.mark.parametrize("clock", ["24:00:00 +0000", "12:60:00 +0000"])
def test_an_hour_that_is_none_is_left_to_the_careful_reader(clock):
    raw = PLAIN.replace(b"12:02:11 +0200", clock.encode())
    date = read(raw).date
    assert Glancer(own).look(raw).at == (UNKNOWN if date is None else int(date.timestamp()))


@pytest.mark.parametrize("line", ["> wrong address", "\t-- \n  > wrong address", "From: wrong address"])
def test_quoted_mail_says_nothing_at_whatever_line_it_begins(line):
    assert not says_so("", line)
    assert says_so("", "wrong address\n" + line)
