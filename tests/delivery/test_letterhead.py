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


def test_whatever_leaves_bears_the_processed_field_where_one_is_set(head):
    settings = Settings(own_domains=("mod.example",), processed_header="X-Missent-Processed: r4nd0m")
    assert Letterhead.of(settings, "host").processed == "X-Missent-Processed: r4nd0m"
    assert head.processed == ""
