import pytest

from missent.delivery.letterhead import Letterhead
from missent.settings import PublicSettings, RelaySettings, Settings


@pytest.mark.parametrize(
    ("settings", "postmaster", "mta", "link"),
    [
        (Settings(), "postmaster@host.example", "host.example", ""),
        (Settings(own_domains=("mod.example", "x.example")), "postmaster@mod.example", "host.example", ""),
        (Settings(own_domains=("mod.example",), postmaster="help@mod.example"), "help@mod.example", "host.example", ""),
        (Settings(relay=RelaySettings(hostname="mx.example")), "postmaster@mx.example", "mx.example", ""),
        (
            Settings(public=PublicSettings(url="https://m.example/held/")),
            "postmaster@host.example",
            "host.example",
            "https://m.example/held/h/t",
        ),
    ],
)
def test_letterhead_follows_settings(settings, postmaster, mta, link):
    head = Letterhead.of(settings, "host.example")
    assert (head.postmaster.spec, head.reporting_mta, head.link("t")) == (postmaster, mta, link)
