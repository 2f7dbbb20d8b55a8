from datetime import UTC, datetime

from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.recipients.asking import ask
from missent.recipients.names import Names

AT = datetime(2023, 7, 3, tzinfo=UTC)


def envelope(*rcpts, sender="ann@mod.example"):
    return Envelope(Address.parse(sender) if sender else None, tuple(Recipient(Address.parse(r)) for r in rcpts))


def test_what_the_recipients_domains_resemble_is_asked_about():
    question, resembling = ask(None, envelope("jane@us.af.ml", "bob@mod.example"), Names(own=["mod.example"]), AT)
    assert set(resembling) == {"us.af.ml"}
    assert resembling["us.af.ml"][0].meant == "us.af.mil"
    assert {"us.af.ml", "mod.example", "us.af.mil", resembling["us.af.ml"][0].known} <= question.domains
    assert (question.at, question.references) == (AT, ())


def test_each_recipient_is_asked_about_once_and_no_domain_is_none():
    question, resembling = ask(None, envelope("a@x.example", "A@X.example", "nobody", sender=""), Names(), AT)
    assert [a.key for a in question.rcpts] == ["a@x.example", "nobody@"]
    assert question.sender is None
    assert "" not in question.domains
    assert "" not in resembling


def test_the_thread_of_the_message_is_asked_about():
    question, _ = ask(Message(references=("b", "a")), envelope("a@x.example"), Names(), AT)
    assert question.references == ("b", "a")
