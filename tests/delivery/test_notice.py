import email
import email.policy
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from missent.delivery import notice
from missent.nouns.address import Address
from missent.nouns.hold import State
from missent.nouns.posting import Parcel, Posting
from missent.testing.holding import NOON, held_copy, hold

LINK = "https://mail.mod.example/h/token"


def written(head, held, parcel=Parcel.NOTICE, subject="Itinerary for Tuesday", link=LINK):
    posting = Posting(7, parcel, held.id, tuple(copy.id for copy in held.copies), 0, NOON)
    raw = notice.compose(held, posting, notice.Question(subject, link, NOON), head)
    return raw if raw is None else email.message_from_bytes(raw, policy=email.policy.default)


def text(mail, kind="plain"):
    return mail.get_body((kind,)).get_content()


def test_it_asks_one_question_about_the_address(head):
    mail = written(head, hold(held_copy(id=1)))
    assert mail["Subject"] == "Did you mean jane.doe@army.mil?"
    assert mail["To"] == "alex.kim@mod.example"
    assert mail["From"].addresses[0].addr_spec == "postmaster@mod.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["In-Reply-To"] == "<one@mod.example>"
    for kind in ("plain", "html"):
        told = text(mail, kind)
        for word in (
            "jane.doe@army.ml",
            "jane.doe@army.mil",
            "Itinerary for Tuesday",
            LINK,
            "Thursday 26 November 2026, 12:00 UTC",
        ):
            assert word in told, (kind, word)
        assert told.count(LINK) == 1


def test_it_says_nothing_of_the_body_and_has_no_backticks(head):
    raw = str(written(head, hold(held_copy(id=1))))
    assert "canary" not in raw
    assert "`" not in raw


def test_without_public_url_there_is_no_link_and_it_says_so(head):
    mail = written(head, hold(held_copy(id=1)), link="")
    for kind in ("plain", "html"):
        assert "public.url" in text(mail, kind)
        assert "http" not in text(mail, kind)


def test_a_reviewers_copy_is_told_but_not_asked(head):
    mail = written(head, hold(held_copy(id=1, decide="reviewer")))
    assert mail["Subject"] == "Your message waits for a reviewer"
    assert LINK not in text(mail)
    assert "reviewer decides" in text(mail)


def test_a_reminder_says_so_and_leaves_out_what_the_sender_cannot_decide(head):
    mail = written(head, hold(held_copy(id=1), held_copy("b@army.ml", id=2, decide="reviewer")), Parcel.REMINDER)
    assert mail["Subject"].startswith("Reminder: ")
    assert "still waits" in text(mail)
    assert "b@army.ml" not in text(mail)


@pytest.mark.parametrize(
    ("held", "parcel"),
    [
        (hold(held_copy(id=1), asks_sender=False), Parcel.NOTICE),
        (hold(held_copy(id=1), mail_from=None), Parcel.NOTICE),
        (hold(held_copy(id=1, state=State.CONFIRMED)), Parcel.NOTICE),
        (hold(held_copy(id=1, decide="reviewer")), Parcel.REMINDER),
    ],
)
def test_nobody_is_written_to_who_may_not_or_need_not_be(head, held, parcel):
    assert written(head, held, parcel) is None


def test_only_the_postings_copies_are_told(head):
    held = hold(held_copy(id=1), held_copy("later@army.ml", id=2))
    posting = Posting(7, Parcel.NOTICE, held.id, (1,), 0, NOON)
    raw = notice.compose(held, posting, notice.Question("", LINK, NOON), head)
    assert b"later@army.ml" not in raw
    assert b'""' not in raw  # no subject, no empty quotes


NASTY = '</bdi><script>alert(1)</script>\r\nBcc: eve@evil.example\u202e"'


def test_nasty_addresses_and_subjects_stay_what_they_are(head):
    copy = replace(held_copy(id=1, suggestion=f"{NASTY}@army.mil"), rcpt=Address(NASTY, "army.ml", NASTY))
    held = hold(copy, mail_from=Address("alex\r\nBcc: eve", "mod.example"), message_id="one\r\nBcc: eve@evil.example")
    mail = written(head, held, subject=NASTY)
    assert mail["Bcc"] is None
    assert mail["In-Reply-To"] is None
    html = text(mail, "html")
    assert "<script" not in html
    assert "\u202e" not in html + text(mail)
    assert not any(line.startswith("Bcc") for line in text(mail).splitlines())
    HTMLParser().feed(html)


def test_the_same_posting_makes_the_same_letter(head):
    assert str(written(head, hold(held_copy(id=1)))) == str(written(head, hold(held_copy(id=1))))


def test_an_utf8_sender_gets_utf8_header_fields(head):
    held = hold(held_copy(id=1), mail_from=Address("jürgen", "mod.example"))
    raw = notice.compose(held, Posting(7, Parcel.NOTICE, held.id, (1,), 0, NOON), notice.Question("", LINK, NOON), head)
    assert "\r\nTo: jürgen@mod.example\r\n".encode() in raw
