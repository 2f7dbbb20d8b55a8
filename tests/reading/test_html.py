"""HTML: what is seen, what is hidden, history, files within; flowed text."""

import base64

import pytest

from missent.reading.flowed import unfold
from missent.reading.html import read
from missent.reading.tame import is_tame


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>Hello <b>wor</b>ld</p><p>again", "Hello world\nagain"),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<style>p{}</style><script>x()</script><p>text", "text"),
        ("one\n   two&nbsp;three &lt;x&gt;", "one two\xa0three <x>"),
        ("<blockquote>set apart</blockquote>", "set apart"),
        ("<p>new</p><blockquote type=cite><p>old<p>older</blockquote>after", "new\n> old\n> older\nafter"),
        ('new<div class="gmail_quote">On 3 May wrote:<br>old</div>', "new\n> On 3 May wrote:\n> old"),
        ("</div></p>text<", "text<"),
        ("", ""),
    ],
)
def test_what_is_seen(html, seen):
    assert read(html).seen == seen


@pytest.mark.parametrize(
    "how",
    [
        'style="display:none"',
        'style="color:red; DISPLAY : none"',
        'style="visibility:hidden"',
        'style="font-size:0"',
        'style="font-size:0px"',
        'style="opacity:0"',
        'style="mso-hide:all"',
        'style="color:#ffffff"',
        'style="max-height:0;overflow:hidden"',
        "hidden",
    ],
)
def test_hidden_text_is_told_apart(how):
    page = read(f"<p>seen</p><div {how}>un<b>se</b>en</div><p>end</p>")
    assert (page.seen, page.unseen) == ("seen\nend", "unseen")


@pytest.mark.parametrize(
    "how",
    [
        'style="font-size:0.9em"',
        'style="opacity:0.8"',
        'style="background-color:#ffffff"',
        'style="background:#003; color:#fff"',
        'style="max-height:0"',
        'class="hidden"',
        'style="display:block"',
    ],
)
def test_shown_text_is_not(how):
    assert read(f"<div {how}>seen</div>").unseen == ""


def test_comments_and_texts_of_elements():
    page = read(
        '<!-- ask legal first --><!--[if mso]>for programs<![endif]--><!-- x{y:z} a --><img alt="map of the site" title="t">'
    )
    assert page.comments == ["ask legal first"]
    assert list(page.said) == ["map of the site", "t"]


@pytest.mark.parametrize("html", ["<!-- " + "p{x:y} a " * 3000 + "--><p>x", "<p>" + "many words " * 9000, "<p>one</p>" * 9000])
def test_long_comments_and_texts_are_tame(html):
    assert is_tame(html)


def test_files_in_data_urls_are_opened(opened):
    vcard = base64.b64encode(b"BEGIN:VCARD\nFN:Jane Doe\nEMAIL:j@x.example\nEND:VCARD").decode()
    raw = f"Content-Type: text/html\n\n<a href='data:text/vcard;base64,{vcard}'>card</a>".encode()
    found = opened(raw)
    assert [(a.path, a.kind, a.people) for a in found.attachments] == [("1!1", "text/vcard", 1)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("one \ntwo\nthree\n", "one two\nthree\n"),
        ("> a \n> b\n>> c \nd", "> a b\n>> c \nd"),
        ("-- \nAnna\n", "-- \nAnna\n"),
        (" stuffed\n", "stuffed\n"),
    ],
)
def test_flowed_text_is_joined(text, meant):
    assert unfold(text) == meant


def test_without_the_space_where_the_sender_says_so():
    assert unfold("foot \nball", delsp=True) == "football"
