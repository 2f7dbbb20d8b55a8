"""What a message holds is seen once: markings, their high-water mark, sensitive content."""

import random
import time

import pytest

from missent.content.detectors.look import ripen
from missent.content.detectors.registry import MEASURED
from missent.content.opened import NOTHING_OPENED, Opened
from missent.content.pieces import Piece
from missent.content.seeing import see
from missent.content.seen import NOTHING_SEEN, How
from missent.nouns.address import Address
from missent.nouns.finding import Severity
from missent.nouns.verdict import Skipped

CARD = "My card is 4111 1111 1111 1111, expires 12/29"


def seen(**pieces):
    return see(Opened(tuple(Piece(where, text) for where, text in pieces.items())), How("uk-gscp", key=b"k"))


def test_nothing_opened_is_nothing_seen():
    assert see(NOTHING_OPENED, How()) == NOTHING_SEEN


def test_what_stayed_shut_is_not_lost_where_there_is_no_text():
    shut = Opened(skipped=(Skipped("1", "not-opened"),))
    assert see(shut, How()).opened.skipped == shut.skipped


def test_the_high_water_mark_and_all_that_was_found():
    found = seen(subject="[OFFICIAL] plans", body="SECRET\n\nThe plan\n\nSECRET\n", quoted="OFFICIAL-SENSITIVE\n\nold\n")
    assert (found.marking.scheme, found.marking.level, found.marking.where) == ("uk-gscp", "SECRET", "body")
    assert {f.marking.level for f in found.markings} == {"OFFICIAL", "SECRET", "OFFICIAL-SENSITIVE"}


def test_a_bare_word_is_read_in_the_scheme_of_a_government_sender():
    pieces = Opened((Piece("body", "SECRET\n\nThe plan\n\nSECRET\n"),))
    assert see(pieces, How(sender=Address.parse("a@defence.gov.au"))).marking.scheme == "au-pspf"


def test_sensitive_content_stands_for_the_whole_message_with_kind_and_place_only():
    (finding,) = seen(body=CARD).sensitive
    assert (finding.id, finding.rcpt, finding.evidence["where"]) == ("payment-card", None, "body")
    assert "4111" not in str(dict(finding.evidence))


def test_a_detector_that_was_not_measured_says_medium_at_most():
    assert all(f.severity <= Severity.MEDIUM for f in seen(body=CARD).sensitive if f.id not in MEASURED)


def test_nobody_sees_the_key():
    assert "sesame" not in repr(How(key=b"sesame"))


@pytest.mark.timed
def test_ten_megabytes_of_numbers_are_seen_in_time():
    """A number could end at every character. 30 MB is the most that is read of one message, and a verdict has 30 s."""
    chance = random.Random(7)
    rows = (" ".join(str(chance.randrange(10 ** chance.randrange(3, 17))) for _ in range(6)) for _ in range(5_000))
    page = "\n".join(rows) + "\n"
    ripen()
    begin = time.process_time()
    found = seen(body=page * (10_000_000 // len(page))).sensitive
    assert time.process_time() - begin < 10
    assert "payment-card" in {finding.id for finding in found}
