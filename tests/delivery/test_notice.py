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
    assert "reviewer decides" in text(mail)
    assert "Please say" not in text(mail)
    for kind in ("plain", "html"):
        assert LINK in text(mail, kind)
        assert "still put the address right" in " ".join(text(mail, kind).split())


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


WARNED = held_copy("jane.doe@army.ml", id=1, state=State.WARNED)


def test_a_warning_says_it_has_gone_what_was_meant_and_what_to_do_now(head):
    mail = written(head, hold(WARNED))
    assert mail["Subject"] == "Your message has gone out, but did you mean jane.doe@army.mil?"
    for kind in ("plain", "html"):
        told = text(mail, kind)
        for word in ("has gone out", "jane.doe@army.ml", "jane.doe@army.mil", "Itinerary for Tuesday", "delete it"):
            assert word in told, (kind, word)
        for word in (LINK, "waits", "unsent", "canary", "reviewer"):
            assert word not in told, (kind, word)


@pytest.mark.parametrize(
    ("copies", "subject"),
    [
        ([{"suggestion": None}], "Your message has gone out, but is a@army.ml right?"),
        ([{}, {}], "Your message has gone out, but are these 2 addresses right?"),
    ],
)
def test_subjects_of_warnings(head, copies, subject):
    warned = [held_copy(f"{'ab'[n]}@army.ml", id=n, state=State.WARNED, **more) for n, more in enumerate(copies)]
    mail = written(head, hold(*warned))
    assert mail["Subject"] == subject
    assert ("delete it" in text(mail)) is all(copy.suggestion for copy in warned)


def test_one_letter_asks_about_what_waits_and_warns_of_what_has_gone(head):
    mail = written(head, hold(WARNED, held_copy("bob@army.ml", id=2, suggestion="bob@army.mil")))
    assert mail["Subject"] == "Did you mean bob@army.mil?"
    for kind in ("plain", "html"):
        asked, gone = text(mail, kind).split("It has gone there already:")
        assert "bob@army.ml" in asked
        assert LINK in asked
        assert "waits for this recipient" in asked
        assert "jane.doe@army.ml" not in asked
        assert "jane.doe@army.ml" in gone
        assert "bob@army.ml" not in gone


def test_who_decided_before_the_notice_left_is_only_warned(head):
    mail = written(head, hold(WARNED, held_copy("bob@army.ml", id=2, state=State.CONFIRMED, decided_by="sender:5e4d")))
    assert mail["Subject"].startswith("Your message has gone out")
    assert "bob@army.ml" not in str(mail)


def test_a_warning_keeps_nasty_facts_to_themselves(head):
    copy = replace(WARNED, rcpt=Address(NASTY, "army.ml", NASTY), suggestion=f"{NASTY}@army.mil")
    for copies in ([copy], [replace(copy, suggestion=None)], [copy, held_copy(id=2)]):
        mail = written(head, hold(*copies, mail_from=Address("alex\r\nBcc: eve", "mod.example")), subject=NASTY)
        assert mail["Bcc"] is None
        assert "<script" not in text(mail, "html")
        assert "\u202e" not in text(mail, "html") + text(mail)
        assert not any(line.startswith("Bcc") for line in text(mail).splitlines())


@pytest.mark.parametrize("more", [{"asks_sender": False}, {"mail_from": None}])
def test_a_warning_goes_only_to_who_may_be_written_to(head, more):
    assert written(head, hold(WARNED, **more)) is None
