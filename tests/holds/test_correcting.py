import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from missent.errors import HoldError
from missent.holds.correcting import correct
from missent.message.reading import read

BODY = b"\nhello jane@army.ml\nTo: jane@army.ml\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"To: jane@army.ml\n", b"To: jane@army.mil\n"),
        (b"To:JANE@Army.ML\n", b"To:jane@army.mil\n"),
        (b'To: "jane@army.ml" <jane@army.ml>\n', b'To: "jane@army.ml" <jane@army.mil>\n'),
        (
            b"To: a@x.mil,\r\n\t=?utf-8?q?J?= <jane@army.ml>,b@y.mil\r\n",
            b"To: a@x.mil,\r\n\t=?utf-8?q?J?= <jane@army.mil>,b@y.mil\r\n",
        ),
        (
            b"To: jane@army.ml\nCc: x@y.z, jane@army.ml.\nTo : jane@army.ml\n",
            b"To: jane@army.mil\nCc: x@y.z, jane@army.mil\nTo : jane@army.mil\n",
        ),
        (b"Resent-To: G: jane@army.ml;\n", b"Resent-To: G: jane@army.mil;\n"),
        (b"To: jane@army.ml.example, ajane@army.ml, jane@army.mlx (jane@army.ml)\n", None),
        (b"From: jane@army.ml\nReply-To: jane@army.ml\nSubject: jane@army.ml\nX-To: jane@army.ml\n", None),
    ],
)
def test_replaces_the_addr_spec_and_nothing_else(before: bytes, after: bytes | None) -> None:
    assert correct(before + BODY, "jane@army.ml", "jane@army.mil") == (after or before) + BODY


def test_utf8_addresses() -> None:
    raw = "To: Jörg <jörg@müller.example>\n\nx".encode()
    assert correct(raw, "jörg@müller.example", "jürg@müller.example") == "To: Jörg <jürg@xn--mller-kva.example>\n\nx".encode()
    assert correct(b"To: J\xf6rg <a@x.ml>\n\n\xf6", "a@x.ml", "a@x.mil") == b"To: J\xf6rg <a@x.mil>\n\n\xf6"


@pytest.mark.parametrize(
    ("right", "written"),
    [("john smith@x.mil", b'"john smith"@x.mil'), ('"a@b"@x.mil', b'"a@b"@x.mil'), ("a@[192.0.2.1]", b"a@[192.0.2.1]")],
)
def test_quotes_where_it_must(right: str, written: bytes) -> None:
    assert correct(b"To: a@x.ml\n\n", "a@x.ml", right) == b"To: " + written + b"\n\n"


@pytest.mark.parametrize(
    "right",
    [
        "",
        "jane",
        "jane@",
        "@x.mil",
        "a@x.mil\r\nBcc: b@y.ml",
        "a\nb@x.mil",
        "a@x.mil, b@y.ml",
        "a@x.mil> b",
        "a@x.mil b@y.ml",
        "a@b@x.mil",
        "a@x..mil",
        "a\x00@x.mil",
        "a@x.mil(c)",
        "a\u2028b@x.mil",
    ],
)
def test_what_is_no_address_is_refused(right: str) -> None:
    with pytest.raises(HoldError):
        correct(b"To: a@x.ml\n\n", "a@x.ml", right)


specs = st.from_regex(r"[a-z0-9]{1,6}@[a-z]{1,5}\.(ml|mil|gov)", fullmatch=True)
names = st.sampled_from(["{}", "<{}>", '"X, <j@army.ml>" <{}>', "J\u00f6 (j@army.ml) <{}>", "G: {};", "\r\n {}"])


@given(st.lists(st.tuples(specs, names), max_size=6), specs, specs, st.binary(max_size=50))
def test_every_other_octet_is_kept(written: list[tuple[str, str]], wrong: str, right: str, body: bytes) -> None:
    def raw(address: str) -> bytes:
        listed = [*written, (address, "W <{}>"), *written]
        assume(all(spec != wrong for spec, _ in written))
        return ("Subject: x\r\nTo: " + ", ".join(form.format(spec) for spec, form in listed)).encode() + b"\r\n\r\n" + body

    assert correct(raw(wrong), wrong, right) == raw(right)


@given(st.text(max_size=40) | st.text(alphabet='ab.@<>()",;:\\ \r\n\u00e4', max_size=30))
def test_no_right_address_injects_anything(right: str) -> None:
    raw = b"To: A <a@x.ml>, b@y.mil\nSubject: s\n\nbody"
    try:
        corrected = correct(raw, "a@x.ml", right)
    except HoldError:
        return
    before, after = read(raw), read(corrected)
    assert len(after.rcpts) == 2
    assert (after.subject, after.body_sha256) == (before.subject, before.body_sha256)
    assert corrected.count(b"\n") == raw.count(b"\n")
