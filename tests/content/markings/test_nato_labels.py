"""STANAG 4774 labels of several owners, and the SIO-Label header field that carries them."""

import base64

import pytest

from missent.content.markings import nato_labels
from missent.content.markings.find import find_markings
from missent.content.markings.found import Reading
from missent.content.pieces import Piece

NAMESPACE = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"


def label(policy, level, inside=""):
    return (
        f'<ConfidentialityLabel xmlns="{NAMESPACE}"><ConfidentialityInformation><PolicyIdentifier>{policy}</PolicyIdentifier>'
        f"<Classification>{level}</Classification>{inside}</ConfidentialityInformation></ConfidentialityLabel>"
    )


@pytest.mark.parametrize(
    ("policy", "level", "expected"),
    [
        ("NATO", "TOP SECRET", ("nato", "COSMIC TOP SECRET")),
        ("nato", "Nato Restricted", ("nato", "NATO RESTRICTED")),
        ("UK", "OFFICIAL-SENSITIVE", ("uk-gscp", "OFFICIAL-SENSITIVE")),
        ("GBR", "RESTRICTED", ("uk-gpms", "RESTRICTED")),
        ("USA", "UNCLASSIFIED", ("us-eo13526", "UNCLASSIFIED")),
        ("AUS", "OFFICIAL: Sensitive", ("au-pspf", "OFFICIAL: Sensitive")),
    ],
)
def test_policies(policy, level, expected):
    assert [(r.scheme, r.level) for r in nato_labels.read(label(policy, level))] == [expected]


@pytest.mark.parametrize(("policy", "level"), [("ACME", "SECRET"), ("NATO", "PINK"), ("", "SECRET")])
def test_an_unknown_policy_or_level_is_no_label(policy, level):
    assert nato_labels.read(label(policy, level)) == ()


def test_categories_are_controls():
    inside = '<Category TagName="Special Category"><GenericValue>Atomal</GenericValue></Category>'
    inside += '<Category TagName="Releasable To"><GenericValue Value="SWE"/><CountryCode>FIN</CountryCode></Category>'
    assert nato_labels.read(label("NATO", "SECRET", inside)) == (Reading("nato", "NATO SECRET", ("ATOMAL", "REL TO SWE, FIN")),)


def test_each_label_of_a_text_keeps_its_own_level():
    found = nato_labels.read(label("NATO", "SECRET") + label("UK", "OFFICIAL"))
    assert [r.level for r in found] == ["NATO SECRET", "OFFICIAL"]


def test_sio_label_reads_the_label_before_the_display_marking():
    coded = base64.b64encode(label("NATO", "SECRET").encode()).decode()
    field = f'marking="NATO RESTRICTED"; type=":xml"; label*0="{coded[:60]}"; label*1="{coded[60:]}"'
    assert [f.marking.level for f in find_markings([Piece("header:SIO-Label", field)])] == ["NATO SECRET"]


def test_sio_label_that_cannot_be_decoded_still_has_its_display_marking():
    field = 'marking="NATO RESTRICTED"; label="%%%"'
    assert [f.marking.level for f in find_markings([Piece("header:SIO-Label", field)])] == ["NATO RESTRICTED"]
