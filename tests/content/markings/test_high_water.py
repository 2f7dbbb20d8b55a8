"""One mark for a message, a recipient's ceiling, and replies that drop a marking."""

import pytest

from missent.content.markings.find import find_markings
from missent.content.markings.high_water import above, above_any, downgraded, high_water, of_history
from missent.content.markings.schemes import SCHEMES
from missent.content.pieces import Piece
from missent.nouns.verdict import Marking


def mark(scheme, level, *controls):
    return Marking(scheme, level, controls, SCHEMES[scheme].canonical(level, controls), "body")


def test_the_highest_of_subject_body_history_and_attachments():
    found = find_markings(
        [
            Piece("subject", "OFFICIAL: plans"),
            Piece("body", "OFFICIAL\n\nSee the file.\n"),
            Piece("quoted", "OFFICIAL-SENSITIVE\n\nEarlier.\n"),
            Piece("attachment:2", "SECRET - UK EYES ONLY\n\nPage.\n\fSECRET - UK EYES ONLY\n\nPage.\n"),
        ],
        "uk-gscp",
    )
    assert high_water(found) == Marking("uk-gscp", "SECRET", ("UK EYES ONLY",), "SECRET - UK EYES ONLY", "attachment:2")
    assert [f.marking.where for f in found] == ["subject", "body", "quoted", "attachment:2"]


def test_a_determination_outranks_the_banner_above_it():
    page = "UNCLASSIFIED\n\nClassified By: A\nReason: 1.4(d)\nClass: SECRET\n"
    top = high_water(find_markings([Piece("body", page)], "us-eo13526"))
    assert top is not None
    assert (top.level, top.where) == ("SECRET", "body")


def test_noforn_ends_a_release_and_lists_are_cut_to_what_all_name():
    portions = "(S//REL TO USA, GBR, AUS) One.\n\n(S//REL TO USA, GBR) Two.\n"
    assert high_water(find_markings([Piece("body", portions)], "us-eo13526")).controls == ("REL TO USA, GBR",)
    assert high_water(find_markings([Piece("body", portions + "\n(S//NF) Three.\n")], "us-eo13526")).controls == ("NOFORN",)


def test_a_portions_rel_is_the_banners_list():
    page = "TOP SECRET//SI//REL TO USA, FVEY\n\n(TS//SI//REL) One.\n\nTOP SECRET//SI//REL TO USA, FVEY\n"
    assert high_water(find_markings([Piece("body", page)], "uk-gscp")).controls == ("SI", "REL TO USA, FVEY")


def test_lists_that_share_no_foreign_nation_release_to_none():
    portions = "(S//REL TO USA, GBR) One.\n\n(S//REL TO USA, AUS) Two.\n"
    assert high_water(find_markings([Piece("body", portions)], "us-eo13526")).controls == ("NOFORN",)


def test_natos_lists_that_share_no_nation_are_both_kept():
    pieces = [Piece("subject", "NATO SECRET REL TO SWE"), Piece("body", "NATO SECRET REL TO FIN\n\nText.\n")]
    assert high_water(find_markings(pieces, "nato")).controls == ("REL TO SWE", "REL TO FIN")


def test_unclassified_controls_do_not_rise_into_a_classified_banner():
    top = high_water(find_markings([Piece("body", "(S//NF) One.\n\n(U//FOUO) Two.\n")], "us-eo13526"))
    assert top.text == "SECRET//NOFORN"


def test_a_government_marking_is_told_before_a_firms():
    found = find_markings(
        [Piece("subject", "TLP:RED"), Piece("body", "OFFICIAL-SENSITIVE\n\nCOMPANY CONFIDENTIAL\n")], "uk-gscp"
    )
    assert high_water(found).scheme == "uk-gscp"
    assert {f.marking.scheme for f in found} == {"tlp", "uk-gscp", "commercial"}


@pytest.mark.parametrize(
    ("marking", "ceiling", "expected"),
    [
        (("uk-gscp", "OFFICIAL"), {"uk-gscp": "OFFICIAL-SENSITIVE"}, False),
        (("uk-gscp", "SECRET"), {"uk-gscp": "OFFICIAL-SENSITIVE"}, True),
        (("nato", "NATO SECRET"), {"uk-gscp": "SECRET"}, False),
        (("us-cui", "CUI"), {"uk-gscp": "SECRET"}, True),
        (("us-cui", "CUI"), {"uk-gscp": "SECRET", "us-cui": "CUI"}, False),
        (("tlp", "TLP:AMBER+STRICT"), {"tlp": "TLP:AMBER"}, True),
        (("msip", "Internal"), {"msip": "Internal"}, False),
        (("msip", "Internal"), {"msip": "Public"}, True),
        (("uk-gscp", "OFFICIAL"), {}, True),
        (("uk-gscp", "SECRET"), {"uk-gscp": "no such level"}, True),
    ],
)
def test_ceiling(marking, ceiling, expected):
    assert above(mark(*marking), ceiling) is expected


def test_each_marking_is_asked_of_the_ceiling():
    found = find_markings([Piece("subject", "TLP:RED"), Piece("body", "OFFICIAL\n\nText.\n")], "uk-gscp")
    assert [f.marking.scheme for f in above_any(found, {"uk-gscp": "OFFICIAL-SENSITIVE"})] == ["tlp"]


@pytest.mark.parametrize(
    ("reply", "original", "expected"),
    [
        (None, None, False),
        (None, mark("uk-gscp", "OFFICIAL-SENSITIVE"), True),
        (None, mark("uk-gscp", "OFFICIAL"), False),
        (None, mark("us-eo13526", "UNCLASSIFIED", "FOUO"), True),
        (mark("uk-gscp", "OFFICIAL"), mark("uk-gscp", "SECRET"), True),
        (mark("uk-gscp", "SECRET"), mark("uk-gscp", "SECRET"), False),
        (mark("uk-gscp", "SECRET"), mark("uk-gscp", "OFFICIAL"), False),
        (mark("us-eo13526", "SECRET"), mark("us-eo13526", "SECRET", "NOFORN"), True),
        (mark("us-eo13526", "SECRET"), mark("uk-gscp", "SECRET"), False),
        (mark("commercial", "CONFIDENTIAL"), mark("uk-gscp", "OFFICIAL-SENSITIVE"), True),
        (mark("tlp", "TLP:AMBER"), mark("uk-gscp", "OFFICIAL"), False),
        (mark("uk-gscp", "OFFICIAL"), None, False),
    ],
)
def test_downgraded(reply, original, expected):
    assert downgraded(reply, original) is expected


def test_history_is_told_from_what_the_message_says_itself():
    said, quoted = of_history(
        find_markings([Piece("subject", "plans"), Piece("body", "Yes.\n"), Piece("quoted", "SECRET\n\nPlans.\n")], "uk-gscp")
    )
    assert said is None
    assert quoted is not None
    assert downgraded(said, quoted)
