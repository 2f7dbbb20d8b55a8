import subprocess
import sys
from time import process_time

import dnstwist
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missent.nouns.address import canonical_domain
from missent.recipients import lookalikes
from missent.recipients.names import Names
from missent.recipients.standing import Kind

OWN = ("mod.example",)
REGISTERED = (
    "dca.co.harris.tx.us",
    "clyde.co.uk",
    "arms-maker.com",
    "partner.de",
    "wgp.twc.com",
    "houston.rr.com",
    "xn--mnchen-3ya.de",
)
ESTABLISHED = ("columbiaenergygroup.com", "milbank.com", "enron.com", "ev1.net", "travel-agent.net")
NAMES = Names(OWN, REGISTERED, ESTABLISHED)

HITS = [
    # domain, meant, family
    ("army.ml", "army.mil", "suffix"),
    ("us.af.ml", "us.af.mil", "suffix"),
    ("jane.us.af.ml", "jane.us.af.mil", "suffix"),
    ("army.mi", "army.mil", "suffix"),
    ("armymil", "army.mil", "missing-dot"),
    ("us.armymil", "us.army.mil", "missing-dot"),
    ("army.mil.com", "army.mil", "suffix"),
    ("army-mil.com", "army.mil", "suffix-added"),
    ("mail.arny.mil", "mail.army.mil", "glyph"),
    ("state.gv", "state.gov", "suffix"),
    ("state.gov.co", "state.gov", "suffix"),
    ("mod.gov.co.uk", "mod.gov.uk", "suffix"),
    ("mod.exmaple", "mod.example", "suffix"),
    ("mail.mod.exmaple", "mail.mod.example", "suffix"),
    ("mod.com", "mod.example", "suffix"),
    ("clyde.uk", "clyde.co.uk", "suffix"),
    ("clyd.co.uk", "clyde.co.uk", "omission"),
    ("clyde.co", "clyde.co.uk", "suffix"),
    ("clydeco.uk", "clyde.co.uk", "missing-dot"),
    ("arms-maker.cm", "arms-maker.com", "suffix"),
    ("armsmaker.com", "arms-maker.com", "hyphen"),
    ("arrns-maker.com", "arms-maker.com", "glyph"),
    ("arms-makerc.om", "arms-maker.com", "missing-dot"),
    ("partner.d", "partner.de", "suffix"),
    ("wcp.twc.com", "wgp.twc.com", "bit-flip"),
    ("twc.com", "wgp.twc.com", "subdomain-dropped"),
    ("xyz.twc.com", "wgp.twc.com", "subdomain-swapped"),
    ("houstonrr.com", "houston.rr.com", "dot"),
    ("cda.co.harris.tx.us", "dca.co.harris.tx.us", "transposition"),
    ("münchen.com", "xn--mnchen-3ya.de", "suffix"),
    ("munchen.de", "xn--mnchen-3ya.de", "glyph"),
    ("columbiaenergyroup.com", "columbiaenergygroup.com", "omission"),
    ("colubiaenergygruop.com", "columbiaenergygroup.com", "two-edits"),
    ("millbank.com", "milbank.com", "repetition"),
    ("milb\u0430nk.com", "milbank.com", "glyph"),
    ("enron.colm", "enron.com", "suffix"),
    ("evl.net", "ev1.net", "glyph"),
]
MISSES = [
    "army.mil",
    "mod.example",
    "deep.below.mod.example",  # own
    "nbc.com",  # nbc.gov is listed, .com is no slip for .gov
    "jsc.nasa.gov",  # a host of a listed owner, whatever else it resembles (nsa.gov)
    "unheard-of.mil",  # a closed suffix: neither known nor suspicious
    "unheard-of.gov.uk",
    "mail.milbank.com",  # a host of somebody established
    "example.org",
    "grenergy.com",
    "",
    ".",
    "@",
]


@pytest.mark.parametrize(("domain", "meant", "family"), HITS)
def test_resembles(domain, meant, family):
    found = NAMES.resembling(canonical_domain(domain))
    assert (found[0].meant, found[0].family) == (meant, family)


@pytest.mark.parametrize("domain", MISSES)
def test_resembles_nothing(domain):
    assert NAMES.resembling(domain) == ()


def test_the_case_it_starts_from():
    (found,) = NAMES.resembling("army.ml")
    assert (found.known, found.kind, found.likeness > 0.95) == ("army.mil", Kind.PACKAGED, True)


@pytest.mark.parametrize(
    "domain", ["army.mil", "state.gov", "arms-maker.com", "columbiaenergygroup.com", "clyde.co.uk", "partner.de"]
)
def test_every_slip_that_dnstwist_makes_is_found(domain):
    fuzzer = dnstwist.Fuzzer(domain)
    fuzzer.generate()
    slips = {p["domain"] for p in fuzzer.domains} - {domain}
    slips = {slip for slip in sorted(slips)[:: len(slips) // 500 + 1] if NAMES.kind(slip) is None}
    missed = {slip for slip in slips if domain not in {r.known for r in NAMES.resembling(slip)}}
    assert len(missed) <= len(slips) / 100


@given(st.text(max_size=60))
def test_any_text_may_be_asked(text):
    for found in NAMES.resembling(text):
        assert NAMES.kind(found.known)
        assert found.meant.endswith(found.known)
        assert 0 <= found.likeness <= 1


NEAR = st.builds(
    lambda name, at, letter: name[:at] + letter + name[at + 1 :],
    st.sampled_from([*OWN, *REGISTERED, *ESTABLISHED, "army.mil", "us.af.mil"]),
    st.integers(0, 20),
    st.sampled_from(["", *"aeimnrt.-0", "xx"]),
)


@given(NEAR)
def test_what_is_known_resembles_nothing_and_what_is_meant_is_known(domain):
    found = NAMES.resembling(domain)
    kind = NAMES.kind(domain)
    assert not (kind and kind.protected and found)
    assert len(found) <= 5
    assert len({one.meant for one in found}) == len(found)
    for one in found:
        owner = NAMES.registrable(one.meant)
        assert NAMES.kind(one.known)
        assert one.meant == one.known or one.meant.endswith("." + one.known)
        assert owner is None or one.known.endswith(owner)


@settings(max_examples=30)
@given(st.lists(NEAR, max_size=6), NEAR)
def test_adding_and_removing_again_changes_nothing(domains, asked):
    names = Names(OWN, REGISTERED, ESTABLISHED)
    before = names.resembling(asked), names.kind(asked)
    for domain in domains:
        names.add(domain, Kind.REGISTERED)
    for domain in set(domains) - set(REGISTERED):
        names.remove(domain, Kind.REGISTERED)
    assert (names.resembling(asked), names.kind(asked)) == before
    fresh = Names(OWN, REGISTERED, ESTABLISHED)
    for index in (names._built(), fresh._built()):
        index.file()
    assert names._built()._filed == fresh._built()._filed


FRESH = Names(OWN, REGISTERED, ESTABLISHED)


@given(NEAR | st.sampled_from([domain for domain, _, _ in HITS]).map(canonical_domain))
def test_the_first_questions_are_answered_as_the_later_ones(asked):
    FRESH._index = None
    assert FRESH._built()._waiting
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookalikes, "WORTH", 0)
        first = FRESH.resembling(asked)
    assert FRESH._built()._waiting
    FRESH.build()
    assert FRESH.resembling(asked) == first


@settings(max_examples=30)
@given(st.lists(NEAR, max_size=6, unique=True), NEAR)
def test_added_is_as_good_as_given(domains, asked):
    given_, added = Names(established=domains), Names()
    added.resembling("warm.example")
    for domain in domains:
        added.add(domain, Kind.ESTABLISHED)
    assert given_.resembling(asked) == added.resembling(asked)


@pytest.mark.parametrize("domain", ["x" * 100_000, "a." * 100_000 + "ml", "xn--" + "a" * 100_000])
@pytest.mark.timed
def test_what_is_too_long_for_a_domain_costs_nothing(domain):
    start = process_time()
    assert (NAMES.kind(domain), NAMES.resembling(domain)) == (None, ())
    assert process_time() - start < 1


def test_the_strongest_standing_counts_and_a_weaker_one_remains():
    names = Names(established=["army.mil", "acme.com"])
    assert names.kind("army.mil") is Kind.PACKAGED
    names.add("acme.com", Kind.REGISTERED)
    assert names.kind("acme.com") is Kind.REGISTERED
    names.remove("acme.com", Kind.REGISTERED)
    assert names.kind("acme.com") is Kind.ESTABLISHED
    assert names.resembling("acmee.com")
    names.remove("acme.com", Kind.ESTABLISHED)
    assert names.kind("acme.com") is None
    assert names.resembling("acmee.com") == ()
    names.remove("army.mil", Kind.ESTABLISHED)
    assert names.resembling("army.ml")


def test_subdomains_of_own_domains_are_own_and_of_others_are_not():
    assert NAMES.kind("x.y.mod.example") is Kind.OWN
    assert NAMES.kind("x.clyde.co.uk") is None
    assert NAMES.kind("notmod.example") is None


def test_an_established_domain_may_still_be_asked_about():
    names = Names(registered=["acme.com"], established=["acmee.com"])
    assert [r.known for r in names.resembling("acmee.com")] == ["acme.com"]


@pytest.mark.parametrize(
    ("domain", "can"),
    [
        ("army.mil", True),
        ("xn--mnchen-3ya.de", True),
        ("a.ck", True),
        ("localhost", False),
        ("mod.exmaple", False),
        ("-a.com", False),
        ("a-.com", False),
        ("a..com", False),
        ("a_b.com", False),
        ("a" * 64 + ".com", False),
        (".".join(["a" * 60] * 5) + ".com", False),
        ("", False),
        ("münchen.de", False),
        ("192.0.2.1", False),
    ],
)
def test_can_exist(domain, can):
    assert NAMES.can_exist(domain) is can


def test_free_and_throw_away_mail():
    assert (NAMES.free_mail("gmail.com"), NAMES.free_mail("army.mil")) == (True, False)
    assert (NAMES.disposable("mailinator.com"), NAMES.disposable("gmail.com")) == (True, False)


def test_a_cold_process_loads_little():
    heavy = {"publicsuffixlist", "idna", "sqlalchemy", "email", "json", "numpy", "asyncio"}
    code = "import sys; from missent.recipients.names import Names; assert Names(own=['mod.example']).resembling('army.ml')"
    code += "; print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert heavy & set(loaded) == set()
