"""To whom a marking's controls let a text go, and how nations and organisations are named."""

import pytest

from missent.content.nations import ORGANISATIONS, asked, members, nation, of_domain
from missent.content.releases import releases
from missent.nouns.verdict import Marking


def limits(scheme, *controls):
    return releases(Marking(scheme, "SECRET", controls, "", "body"))


@pytest.mark.parametrize(
    ("scheme", "control", "who", "covered"),
    [
        ("us-eo13526", "REL TO USA, GBR", {"GB"}, True),
        ("us-eo13526", "REL TO USA, GBR", {"GB", "FR"}, False),
        ("us-eo13526", "REL TO USA, FVEY", {"NZ"}, True),
        ("us-eo13526", "REL TO USA, KFOR", {"GB"}, False),
        ("us-eo13526", "NOFORN", {"US"}, True),
        ("us-eo13526", "SBU NOFORN", {"CA"}, False),
        ("us-eo13526", "DISPLAY ONLY GBR", {"GB"}, False),
        ("us-cui", "NOFORN", {"GB"}, False),
        ("uk-gscp", "UK EYES ONLY", {"GB"}, True),
        ("uk-gscp", "UK/US EYES ONLY", {"US"}, True),
        ("uk-gscp", "FIVE EYES ONLY", {"AU"}, True),
        ("uk-gscp", "UK EYES ONLY", {"NATO"}, False),
        ("nato", "REL TO SWEDEN, NATO", {"NATO"}, True),
        ("nato", "REL TO NATO", {"TR"}, True),
        ("au-pspf", "AUSTEO", {"AU"}, True),
        ("au-pspf", "REL AUS/GBR/USA", {"GB"}, True),
        ("uk-gscp", "UK EYES ONLY", set(), False),
    ],
)
def test_who_is_covered(scheme, control, who, covered):
    (release,) = limits(scheme, control)
    assert release.covers(frozenset(who)) is covered


@pytest.mark.parametrize("control", ["COMMERCIAL", "ORCON", "STRAP 2", "REL", "UK EYES DISCRETION"])
def test_other_controls_limit_no_nation(control):
    assert limits("uk-gscp", control) == ()


def test_the_organisations_own_use():
    (release,) = limits("uk-gscp", "ORGANISATIONAL USE ONLY")
    assert release.house


@pytest.mark.parametrize(
    ("name", "code"), [("gbr", "GB"), (" uk ", "GB"), ("SWEDEN", "SE"), ("nato", "NATO"), ("KFOR", ""), ("", "")]
)
def test_names_of_nations(name, code):
    assert nation(name) == code


def test_every_member_is_a_nation():
    assert all(nation(member) == member for nations in ORGANISATIONS.values() for member in nations)
    assert {"NATO", "GB", "US"} <= members(("NATO", "XXX"))
    assert len(ORGANISATIONS["NATO"]) == 32
    assert len(ORGANISATIONS["EU"]) == 27


def test_what_is_unknown_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="the nearest known is NATO"):
        asked("NAATO")


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("army.mil", "US"), ("state.gov", "US"), ("mod.uk", "GB"), ("cabinetoffice.gov.uk", "GB"), ("defence.gov.au", "AU"),
        ("diplomatie.gouv.fr", "FR"), ("shape.nato.int", "NATO"), ("acme.co.uk", ""), ("acme.de", ""), ("gov", "US"), ("x", ""),
    ],
)  # fmt: skip
def test_governments_by_their_domains(domain, code):
    assert of_domain(domain) == code
