import pytest

from missent.errors import PeerError
from missent.smtp.path import forward_path, reverse_path

GOOD = {
    "<a@b.example>": ("a@b.example", ""),
    "<a@b.example> SIZE=3 BODY=7BIT": ("a@b.example", "SIZE=3 BODY=7BIT"),
    '<"a b>c"@b.example>': ('"a b>c"@b.example', ""),
    '<"a\\"@x"@b.example>': ('"a\\"@x"@b.example', ""),
    "<a..b.@b.example>": ("a..b.@b.example", ""),
    "<a@[192.0.2.1]>": ("a@[192.0.2.1]", ""),
    "<a@[IPv6:2001:db8::1]>": ("a@[IPv6:2001:db8::1]", ""),
    "<@x.example,@y.example:a@b.example>": ("a@b.example", ""),
    "<a%c@b.example>": ("a%c@b.example", ""),
}
BAD = ["", "a@b.example", "<a@b.example", "<a@b@c.example>", "<a b@c.example>", "<a@>", "<@b.example>", "<a>", "< a@b.example>"]
BAD += ["<a@b.example>x", '<"a@b.example>', "<a@b\\.example>", "<a@b,c.example>", '<"a"b@c.example>', "<a\t@b.example>"]
BAD += ["<a@b.example>\nx", '<"a\n"@b.example>', "<a@b .example>"]


@pytest.mark.parametrize("text", GOOD)
def test_good_paths(text: str) -> None:
    assert reverse_path(text) == GOOD[text]
    assert forward_path(text) == GOOD[text]


@pytest.mark.parametrize("text", BAD)
def test_bad_paths(text: str) -> None:
    with pytest.raises(PeerError):
        reverse_path(text)
    with pytest.raises(PeerError):
        forward_path(text)


def test_null_is_a_reverse_path_only_and_postmaster_a_forward_path_only() -> None:
    assert reverse_path("<>") == ("", "")
    assert forward_path("<PostMaster> NOTIFY=NEVER") == ("PostMaster", "NOTIFY=NEVER")
    with pytest.raises(PeerError):
        forward_path("<>")
    with pytest.raises(PeerError):
        reverse_path("<postmaster>")
