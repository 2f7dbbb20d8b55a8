import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.message.addresses import Allowance, _Reader, _simple, mailboxes

SPECS = {
    "a@x.mil": "a@x.mil",
    "a@x.mil; b@y.ml": "a@x.mil\nb@y.ml",
    "a@x.mil b@y.ml": "a@x.mil\nb@y.ml",
    "<a@x.mil> b@y.ml": "a@x.mil\nb@y.ml",
    "<a@x.mil><b@y.ml>": "a@x.mil\nb@y.ml",
    "<a@x.mil, b@y.ml": "a@x.mil\nb@y.ml",
    "<<a@x.mil>>": "a@x.mil",
    '"never closed <a@x.mil>, b@y.ml': "a@x.mil\nb@y.ml",
    "(never closed a@x.mil, b@y.ml": "a@x.mil\nb@y.ml",
    "Team: a@x.mil, b@y.mil;, c@z.mil": "a@x.mil\nb@y.mil\nc@z.mil",
    "A: a@x.mil, B: b@y.mil; c@z.mil": "a@x.mil\nb@y.mil\nc@z.mil",
    "<@r.example,@s.example:a@x.mil>, b@y.mil": "a@x.mil\nb@y.mil",
    "jane @ army . mil": "jane@army.mil",
    "jane@\r\n army.mil, b@y.mil": "jane@army.mil\nb@y.mil",
    "jane(her)@(their)army.mil": "jane@army.mil",
    "[mailto:a@x.mil]": "a@x.mil",
    "mailto:a@x.mil": "a@x.mil",
    "<mailto:a@x.mil>": "a@x.mil",
    "'a@x.mil'": "a@x.mil",
    "<'a@x.mil'>": "a@x.mil",
    "o'neil@x.mil": "o'neil@x.mil",
    '"john smith"@x.mil': '"john smith"@x.mil',
    '"a@b"@x.mil': '"a@b"@x.mil',
    "a@[IPv6:2001:db8::1]": "a@[IPv6:2001:db8::1]",
    "root, a@x.mil": "root\na@x.mil",
    "a@x.mil,,b@y.mil,": "a@x.mil\nb@y.mil",
    "Smith, John <a@x.mil>": "a@x.mil",
    '"b@y.ml" <a@x.mil>': "a@x.mil",
    "b@y.ml <a@x.mil>": "a@x.mil",
    "a@x.mil (b@y.ml)": "a@x.mil",
    "=?utf-8?q?a,b@c?= <a@x.mil>": "a@x.mil",
    "undisclosed-recipients:;": "",
    "Undisclosed recipients": "",
    "<>": "",
    "": "",
}


@pytest.mark.parametrize(("written", "specs"), SPECS.items())
def test_reads(written: str, specs: str) -> None:
    assert "\n".join(box.spec for box in mailboxes(written.encode(), Allowance.of(100))) == specs


@pytest.mark.parametrize(
    ("written", "name"),
    {
        "Jane Doe <j@x.mil>": "Jane Doe",
        '"Doe, \\"J\\"" <j@x.mil>': 'Doe, "J"',
        "Doe, Jane <j@x.mil>": "Doe, Jane",
        "John Q. Public <j@x.mil>": "John Q. Public",
        'Bob "the" Builder <j@x.mil>': "Bob the Builder",
        "j@x.mil (Jane (of Doe))": "Jane (of Doe)",
        "j@x.mil": "",
    }.items(),
)
def test_names(written: str, name: str) -> None:
    assert [box.name for box in mailboxes(written.encode(), Allowance.of(100))] == [name]


atoms = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
specs_ = st.builds("{}@{}.{}".format, atoms, atoms, atoms)
forms = st.sampled_from(
    ["{}", "<{}>", '"X, Y" <{}>', "X Y <{}>", "{} (c, d)", "<@r.example:{}>", "G: {};", "=?utf-8?q?a,b?= <{}>", "\r\n\t{}"]
)


@given(st.lists(st.tuples(specs_, forms), max_size=8), st.sampled_from([",", ", ", ";", ",\r\n ", ",,"]))
def test_no_recipient_is_lost_and_each_span_holds_it(written: list[tuple[str, str]], separator: str) -> None:
    value = separator.join(form.format(spec) for spec, form in written).encode()
    boxes = mailboxes(value, Allowance.of(100))
    assert [box.spec for box in boxes] == [spec for spec, _ in written]
    assert [value[box.start : box.end].decode() for box in boxes] == [spec for spec, _ in written]


@given(st.text(alphabet="ab@.<>()[]\",;:\\ \r\n=?'", max_size=60))
def test_junk_costs_nothing_and_spans_are_in_order(text: str) -> None:
    value = text.encode()
    at = 0
    for box in mailboxes(value, Allowance.of(100)):
        assert at <= box.start <= box.end <= len(value)
        at = box.start


@pytest.mark.parametrize(
    "junk",
    [
        b'\\"',
        b"(",
        b"(a",
        b"[a",
        b"=?u?q?a,",
        b"<",
        b"a:",
        b"\\",
        b"a ",
        b"a,",
        b"<. ",
        b"@ ",
        b"a@b<",
        b" ",
        b"\n ",
        b'<"a" ',
        b'"',
    ],
)
@pytest.mark.timed
def test_time_is_linear(junk: bytes) -> None:
    began = time.process_time()
    mailboxes(b'"' + junk * (300_000 // len(junk)), Allowance.of(10_000))
    mailboxes(junk * (300_000 // len(junk)), Allowance.of(10_000))
    assert time.process_time() - began < 10  # what is quadratic takes minutes; a shared machine may take seconds


def test_fifty_thousand_recipients() -> None:
    value = b",\r\n ".join(b'"User, %d" <u%d@agency%d.example>' % (n, n, n) for n in range(50_000))
    allowance = Allowance.of(50_000)
    assert len({box.spec for box in mailboxes(value, allowance)}) == 50_000
    assert not allowance.exceeded
    assert not mailboxes(b"one@more.example", allowance)
    assert allowance.exceeded


@given(st.lists(st.text(alphabet="aZ9 _'.=?*+-\"<>@,\n", max_size=12), max_size=5))
def test_the_fast_way_reads_like_the_careful_one(entries: list[str]) -> None:
    value = ",".join(f"{entry} <a@x.mil>" if n % 2 else entry for n, entry in enumerate(entries)).encode()
    if fast := _simple(value):
        careful = _Reader(value.decode("latin-1"), Allowance.of(100)).read()
        assert [(box.spec, box.start, box.end) for box in fast] == [(box.spec, box.start, box.end) for box in careful]
