"""What a message holds is seen once: markings, their high-water mark, sensitive content."""

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
