"""Who is a government, and what a bare word is beside other words."""

import pytest

from missent.content.markings.resolve import government, home
from missent.nouns.address import Address


@pytest.mark.parametrize(
    "domain", ["state.gov", "mail.army.mil", "fcdo.gov.uk", "mod.uk", "x.mod.uk", "interieur.gouv.fr", "nato.int", "mfa.go.jp"]
)
def test_government(domain):
    assert government(Address("a", domain))


@pytest.mark.parametrize(
    "domain", ["army.ml", "mod.example", "police.com", "gov.example", "govt.com", "nato.com", "admin.de", "mil", ""]
)
def test_no_government(domain):
    assert not government(Address("a", domain))


def test_nobody_is_no_government():
    assert not government(None)


@pytest.mark.parametrize(
    ("own", "domain", "schemes"),
    [
        ("uk-gscp", "state.gov", ("uk-gscp", "uk-gpms")),
        ("", "state.gov", ("us-eo13526", "us-cui")),
        ("", "defence.gov.au", ("au-pspf",)),
        ("", "shape.nato.int", ("nato",)),
        ("", "firm.example", ()),
        ("", "interieur.gouv.fr", ()),
        ("no such scheme", "state.gov", ()),
    ],
)
def test_home(own, domain, schemes):
    assert home(own, Address("a", domain)) == schemes
