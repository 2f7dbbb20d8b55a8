import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.web.typed_address import typed


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("jane.doe@army.mil", "jane.doe@army.mil"),
        ("  jane.doe@ARMY.mil. ", "jane.doe@army.mil"),
        ("Jane Doe <jane.doe@army.mil>", "jane.doe@army.mil"),
        ("<jane.doe@army.mil>", "jane.doe@army.mil"),
        ("o'brien+x@us.af.mil", "o'brien+x@us.af.mil"),
        ("jürgen@köln.example", "jürgen@xn--kln-sna.example"),
        ("a" * 64 + "@army.mil", "a" * 64 + "@army.mil"),
    ],
)
def test_taken(text, spec):
    assert typed(text).spec == spec


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "@army.mil",
        "jane@",
        "jane@army",
        "jane@army..mil",
        "jane@-army.mil",
        "jane doe@army.mil",
        ".jane@army.mil",
        "jane..doe@army.mil",
        "jane@army.mil, bob@army.ml",
        "jane@army.mil\r\nRCPT TO:<eve@evil.example>",
        "jane@army.mil> SIZE=1",
        '"jane"@x@army.mil',
        "jane\u202e@army.mil",
        "jane@army.mil\x00",
        "jane@[192.0.2.1]",
        "a" * 65 + "@army.mil",
        "a@" + "b." * 130 + "mil",
    ],
)
def test_not_taken(text):
    assert typed(text) is None


@given(st.text())
def test_what_is_taken_can_stand_in_an_smtp_command(text):
    address = typed(text)
    if address is not None:
        assert not set(address.spec) & set(' \t\r\n<>"\\(),;:')
        assert address.spec.count("@") == 1
        assert typed(address.spec) == address
