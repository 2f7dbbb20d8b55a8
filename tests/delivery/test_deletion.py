"""The letter to a wrong recipient says what is asked, and nothing of the message."""

from datetime import UTC, datetime

import pytest

from missent.cases.deadline import Deadline
from missent.cases.model import Case, Entry
from missent.cases.states import State
from missent.delivery.deletion import DeletionComposer
from missent.delivery.letterhead import Letterhead
from missent.delivery.outbox import Parcel, Posting
from missent.delivery.stamping import Stamping
from missent.holds import passes
from missent.message.decoding import opening
from missent.message.reading import read
from missent.nouns.address import Address

NOW = datetime(2023, 7, 20, 9, tzinfo=UTC)
HEAD = Letterhead(Address.parse("postmaster@mod.example"), "mx.mod.example")


def composed(rcpt="jane.doe@army.ml", message_id="<1@mod.example>", entry=7):
    exposure = {"rcpt": rcpt, "message_id": message_id, "date": "2023-07-19T10:02:11Z", "where": ["canary-path"]}
    case = Case(
        "c0ffee", "canary-title", "Data Protection Officer", NOW, Deadline(NOW), entries=(Entry(7, State.CONTAINED, exposure),)
    )
    posting = Posting(1, Parcel.LETTER, "c0ffee", (entry,), 0, NOW)
    return DeletionComposer(lambda _: case, HEAD).compose(posting, NOW)


def test_what_it_asks():
    mail = composed()
    message = read(mail.raw)
    text = opening(mail.raw, message)
    assert mail.mail_from is None
    assert mail.rcpt.address.spec == "jane.doe@army.ml"
    assert [a.spec for a in message.from_] == ["postmaster@mod.example"]
    assert message.automatic
    assert "delete every copy" in text
    assert "Wednesday 19 July 2023" in text
    assert "<1@mod.example>" in text
    assert "c0ffee" in text
    assert "canary" not in mail.raw.decode()


def test_its_pass_is_none_of_a_held_copy():
    """Two outboxes count by themselves: a pass names its parcel."""

    class Made:
        def compose(self, posting, now):
            return composed()

    posting = Posting(1, Parcel.LETTER, "c0ffee", (7,), 0, NOW)
    arrival = passes.take_out(Stamping(Made(), "", b"k" * 32).compose(posting, NOW).raw)
    assert passes.read(b"k" * 32, arrival).id == "letter.7.1.0"


@pytest.mark.parametrize("hostile", ["<x@y>\r\nBcc: all@mod.example", "x\u202ey"])
def test_hostile_facts_start_no_line(hostile):
    message = read(composed(message_id=hostile).raw)
    assert message.bcc == ()
    assert len(message.rcpts) == 1


def test_an_exposure_that_left_its_case_is_not_written_to():
    assert composed(entry=8) is None
