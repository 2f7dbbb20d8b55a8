from dataclasses import replace
from datetime import timedelta

import pytest

from missent.errors import StoreError
from missent.nouns.address import Address
from missent.nouns.hold import State
from missent.testing.holding import NOON, held_copy
from missent.web import public
from missent.web.links import Purpose

FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_the_page_shows_each_address_its_reason_and_its_buttons(office):
    page = office.public.get(office.page(office.keep()))
    assert page.status_code == 200
    for word in (
        "jane.doe@army.ml",
        "I meant <bdi>jane.doe@army.mil</bdi>",
        "The address is right",
        "Do not send it",
        "differs only",
    ):
        assert word in page.text
    assert "canary" not in page.text
    assert "Itinerary" not in page.text
    assert 'name="viewport"' in page.text
    assert "<script" not in page.text


def test_the_page_loads_nothing(office):
    text = office.public.get(office.page(office.keep())).text
    assert not any(word in text for word in ("src=", "href=", "url(", "@import", "style=", "http"))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_only_post_acts(office, method):
    held = office.keep()
    url = office.page(held) + f"?copy={held.copies[0].id}&button=confirm"
    for _ in range(3):
        office.public.request(method, url, headers=FORM, content=b"copy=1&button=confirm")
    assert office.states(held) == ["held"]


@pytest.mark.parametrize(
    ("button", "state", "words"),
    [
        ("confirm", "confirmed", "You said the address is right"),
        ("suggestion", "corrected", "on its way to jane.doe@army.mil"),
        ("return", "returned", "Not sent"),
    ],
)
def test_a_press_acts_once_and_is_answered_kindly_after(office, button, state, words):
    held = office.keep()
    first = office.press(held, button)
    assert office.states(held) == [state]
    assert words in first.text
    assert "<button" not in first.text
    second = office.press(held, "confirm" if button == "return" else "return")
    assert second.status_code == 200
    assert "This was decided before" in second.text
    assert words in second.text
    assert office.states(held) == [state]


def test_a_press_that_comes_while_another_decides_is_answered_with_how_it_stands(office):
    held = office.keep()
    decide = office.book.decide

    def overtaken(decision):
        office.book.decide = decide
        decide(replace(decision, actor="sender:other"))
        return decide(decision)

    office.book.decide = overtaken
    page = office.press(held, "confirm")
    assert "This was decided before" in page.text
    assert office.states(held) == ["confirmed"]


def test_the_actor_is_a_keyed_hash(office):
    held = office.keep()
    office.press(held, "confirm")
    assert office.book.get(held.id).copies[0].decided_by == "sender:alias-of-alex.kim@mod.example"


def test_another_address_is_taken(office):
    held = office.keep()
    office.press(held, "correct", address="Jane <j.doe@navy.mil>")
    copy = office.book.get(held.id).copies[0]
    assert (copy.state.value, copy.corrected_to) == ("corrected", "j.doe@navy.mil")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "not an e-mail address"),
        ("", "not an e-mail address"),
        ("a@b.mil\r\nRCPT TO:<eve@evil.example>", "not an e-mail address"),
        ("JANE.DOE@army.ml", "the address it already has"),
        ("jane.doe@somewhere.blocked", "not let out by you alone"),
        ("jane.doe@reviewed.ml", "not let out by you alone"),
        ("jane.doe@navy.ml", "jane.doe@navy.ml looks doubtful too"),
    ],
)
def test_a_doubtful_or_impossible_address_is_not_taken(office, address, words):
    held = office.keep()
    page = office.press(held, "correct", address=address)
    assert words in page.text
    assert office.states(held) == ["held"]
    assert "Do not send it" in page.text


def test_a_doubtful_address_can_be_insisted_on(office):
    held = office.keep(held_copy("jo@army.ml", suggestion=None))
    page = office.press(held, "correct", address="jane.doe@navy.ml")
    assert 'name="address" value="jane.doe@army.mil"' in page.text  # what that one resembles
    assert 'name="insist" value="jane.doe@navy.ml"' in page.text
    assert "differs only" in page.text
    office.press(held, "correct", address="jane.doe@navy.ml", insist="jane.doe@navy.ml")
    assert office.states(held) == ["corrected"]


@pytest.mark.parametrize(
    ("address", "insist"),
    [("a@navy.ml", "b@navy.ml"), ("a@x.blocked", "a@x.blocked"), ("a@reviewed.ml", "a@reviewed.ml")],
)
def test_insisting_does_not_open_what_it_must_not(office, address, insist):
    held = office.keep()
    office.press(held, "correct", address=address, insist=insist)
    assert office.states(held) == ["held"]


def test_the_suggestion_is_judged_again_too(office):
    held = office.keep(held_copy(suggestion="jane@also.ml"))
    assert "looks doubtful too" in office.press(held, "suggestion").text
    assert office.states(held) == ["held"]


def test_a_reviewers_copy_is_not_confirmed_by_its_sender(office):
    held = office.keep(held_copy(decide="reviewer"))
    page = office.public.get(office.page(held))
    assert "A reviewer decides" in page.text
    assert 'value="confirm"' not in page.text
    assert "A reviewer decides about this one" in office.press(held, "confirm").text
    assert office.states(held) == ["held"]


def test_a_reviewers_copy_can_be_put_right_or_taken_back_by_its_sender(office):
    held = office.keep(held_copy("a@army.ml", decide="reviewer"), held_copy("b@army.ml", decide="reviewer"))
    assert "not let out by you alone" in office.press(held, "correct", address="x@reviewed.ml", insist="x@reviewed.ml").text
    assert office.states(held) == ["held", "held"]
    office.press(held, "correct", address="x@army.mil")
    office.press(held, "return", copy=held.copies[1].id)
    assert office.states(held) == ["corrected", "returned"]


def test_all_at_once_acts_on_those_that_wait_for_the_sender(office):
    held = office.keep(held_copy("a@army.ml"), held_copy("b@army.ml"), held_copy("c@army.ml", decide="reviewer"))
    page = office.public.get(office.page(held)).text
    assert "All 3 at once" in page
    assert "All these addresses are right" not in page
    office.press(held, "confirm", copy="all")
    assert office.states(held) == ["confirmed", "confirmed", "held"]


@pytest.mark.parametrize(
    "fields", [{}, {"copy": "1"}, {"copy": "999", "button": "confirm"}, {"copy": "1", "button": "release"}]
)
def test_a_form_that_means_nothing_does_nothing(office, fields):
    held = office.keep()
    assert office.public.post(office.page(held), data=fields or {"x": "y"}).status_code == 200
    assert office.states(held) == ["held"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"copy=1&button=confirm"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"copy=1&button=confirm&address=" + b"a" * 20_000),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(100))),
        ("application/x-www-form-urlencoded", b"copy=1&button=\xff"),
        ("application/x-www-form-urlencoded", b"copy=1&button=%ff"),
    ],
)
def test_a_form_that_is_not_ours_is_refused(office, kind, body):
    held = office.keep()
    answer = office.public.post(office.page(held), headers={"content-type": kind}, content=body)
    assert answer.status_code == 400
    assert office.states(held) == ["held"]


def test_every_broken_link_has_a_clear_page(office):
    held = office.keep()
    good = office.page(held)
    assert office.public.get(good + "A").status_code == 404
    assert office.public.get(office.page(held, Purpose.CONSOLE)).status_code == 404
    assert "may have been cut in two" in office.public.get(good[:-10]).text
    office.now += timedelta(days=60)
    assert office.public.get(good).status_code == 410
    assert office.public.post(good, data={"copy": "1", "button": "confirm"}).status_code == 410
    assert office.states(held) == ["held"]


def test_tampered_and_misused_links_look_the_same(office):
    held = office.keep()
    tampered, misused = office.public.get(office.page(held) + "A"), office.public.get(office.page(held, Purpose.CONSOLE))
    assert (tampered.status_code, tampered.text) == (misused.status_code, misused.text)


def test_a_hold_that_asks_no_sender_has_no_page(office):
    assert office.public.get(office.page(office.keep(asks_sender=False))).status_code == 410


@pytest.mark.parametrize(
    "path", ["/", "/h", "/h/", "/style.css", "/favicon.ico", "/holds/x", "/figures", "/h/a/b", "//h/x", "/docs"]
)
def test_nothing_else_is_there(office, path):
    answer = office.public.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_the_host_header_says_nothing(office):
    page = office.public.get(office.page(office.keep()), headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    assert "evil.example" not in page.text
    assert page.status_code == 200


WANTED = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
}


def test_every_response_is_locked_down(office, monkeypatch):
    held = office.keep()
    quiet = office.public.quiet()
    answers = [
        quiet.get(office.page(held)),
        quiet.get("/nothing"),
        quiet.get("/h/broken"),
        quiet.request("PUT", office.page(held)),
    ]
    monkeypatch.setattr(office.book, "get", lambda _: 1 / 0)
    answers.append(quiet.get(office.page(held)))
    assert [answer.status_code for answer in answers] == [200, 404, 404, 404, 500]
    for answer in answers:
        assert WANTED.items() <= dict(answer.headers).items()
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "set-cookie" not in answer.headers


def test_the_policy_names_the_style_that_is_in_the_page(office):
    import base64
    import hashlib

    page = office.public.get(office.page(office.keep()))
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.headers["content-security-policy"]


def test_a_store_that_is_away_is_said_so(office, monkeypatch):
    held = office.keep()

    def away(_):
        raise StoreError("locked")

    monkeypatch.setattr(office.book, "decide", away)
    answer = office.press(held, "confirm")
    assert answer.status_code == 503
    assert "locked" not in answer.text


NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\r\n"


def test_nasty_names_and_addresses_are_only_text(office):
    copy = replace(held_copy(suggestion=f"{NASTY}@army.mil"), rcpt=Address(NASTY, "army.ml", NASTY))
    held = office.keep(copy)
    for page in (office.public.get(office.page(held)), office.press(held, "correct", address=NASTY)):
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text
        assert "&lt;script&gt;" in page.text


def test_the_judge_is_asked_about_the_sender_and_the_typed_address(office):
    asked = []

    def judge(hold, address):
        asked.append((hold.mail_from.spec, address.spec))
        raise StoreError("history is away")

    office.public.app = public.app(office.book, office.links, judge, str, lambda: NOON)
    held = office.keep()
    data = {"copy": str(held.copies[0].id), "button": "correct", "address": "a@navy.mil"}
    assert office.public.post(office.page(held), data=data).status_code == 503
    assert asked == [("alex.kim@mod.example", "a@navy.mil")]
    assert office.states(held) == ["held"]


def test_a_copy_that_went_with_a_warning_is_told_and_not_answered(office):
    held = office.keep(held_copy(), held_copy("zoe@army.ml", state=State.WARNED))
    page = office.public.get(office.page(held)).text
    assert "It has gone to zoe@army.ml, and you were told that this may be wrong." in page
    assert "Your message waits for one recipient." in page
    office.press(held, "confirm", held.copies[1].id)
    assert office.states(held) == ["held", "warned"]
