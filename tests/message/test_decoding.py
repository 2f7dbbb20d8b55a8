import pytest

from missent.message.decoding import content, opening
from missent.message.reading import read


@pytest.mark.parametrize(
    ("header", "body", "octets"),
    [
        (b"", b"as it is", b"as it is"),
        (b"Content-Transfer-Encoding: quoted-printable\n", b"=C3=A4 =\nb", "ä b".encode()),
        (b"Content-Transfer-Encoding: BASE64\n", b"aGVs\nbG8=\n", b"hello"),
        (b"Content-Transfer-Encoding: base64\n", b"aGVs!bG8", b"hello"),
        (b"Content-Transfer-Encoding: base64\n", b"aGVsb", b"hel"),
    ],
)
def test_content(header: bytes, body: bytes, octets: bytes) -> None:
    raw = header + b"\n" + body
    assert content(raw, read(raw).parts[0]) == octets


def test_opening_is_of_the_first_text_without_tags() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n"
    raw += b"--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: text/html\n\n<p>a &amp; b</p>\n--b--\n"
    assert opening(raw, read(raw)).split() == ["a", "&", "b"]
    assert opening(b"Content-Type: image/png\n\nx", read(b"Content-Type: image/png\n\nx")) == ""
