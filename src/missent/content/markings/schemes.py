"""The schemes missent reads, as data: levels from low to high, what a bare word means at home, how a marking is written
out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from missent.content.markings import au_pspf, commercial, msip, nato, tlp, uk_gpms, uk_gscp, us_cui, us_eo13526
from missent.content.markings.found import Reading
from missent.content.markings.writing import capitals, plain
from missent.nouns.verdict import Marking


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme.

    Attributes:
        levels: its own words from low to high; empty where each organisation names its own.
        bare: a word that others use too, and the level it is in this scheme.
        canonical: level and controls -> the marking as the scheme writes it; `read` reads it back.
        read: (upper-case text, whether the scheme is the sender's own, whether it was in capitals) -> a reading or None.
    """

    name: str
    levels: tuple[str, ...]
    bare: Mapping[str, str]
    canonical: Callable[[str, tuple[str, ...]], str]
    read: Callable[[str, bool, bool], Reading | None]

    def marking(self, reading: Reading, where: str) -> Marking:
        """The noun that the rest of missent knows."""
        return Marking(self.name, reading.level, reading.controls, self.canonical(reading.level, reading.controls), where)


SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        Scheme("tlp", tlp.LEVELS, tlp.BARE, tlp.canonical, lambda text, home, loud: tlp.read(text)),
        Scheme("nato", nato.LEVELS, nato.BARE, nato.canonical, lambda text, home, loud: nato.read(text)),
        Scheme(
            "au-pspf", au_pspf.LEVELS, au_pspf.BARE, au_pspf.canonical, lambda text, home, loud: au_pspf.read(text, home=home)
        ),
        Scheme("us-cui", us_cui.LEVELS, us_cui.BARE, us_cui.canonical, lambda text, home, loud: us_cui.read(text, loud=loud)),
        Scheme(
            "uk-gscp",
            uk_gscp.LEVELS,
            uk_gscp.BARE,
            uk_gscp.canonical,
            lambda text, home, loud: uk_gscp.read(text, home=home, loud=loud),
        ),
        Scheme(
            "uk-gpms", uk_gpms.LEVELS, uk_gpms.BARE, uk_gpms.canonical, lambda text, home, loud: uk_gpms.read(text, home=home)
        ),
        Scheme(
            "us-eo13526",
            us_eo13526.LEVELS,
            us_eo13526.BARE,
            us_eo13526.canonical,
            lambda text, home, loud: us_eo13526.read(text, loud=loud),
        ),
        Scheme(
            "commercial",
            commercial.LEVELS,
            commercial.BARE,
            commercial.canonical,
            lambda text, home, loud: commercial.read(text, loud=loud),
        ),
        Scheme("msip", msip.LEVELS, msip.BARE, msip.canonical, lambda text, home, loud: None),
    )
}

HOMES: dict[str, tuple[str, ...]] = {
    "uk-gscp": ("uk-gscp", "uk-gpms"),
    "uk-gpms": ("uk-gpms", "uk-gscp"),
    "us-eo13526": ("us-eo13526", "us-cui"),
    "us-cui": ("us-eo13526", "us-cui"),
}
"""Schemes a bare word is read in, by own scheme; a scheme not named here is its own only home."""


def homes(own_scheme: str) -> tuple[str, ...]:
    """Schemes in which the sender's bare words are read, best first; empty if there is none."""
    return HOMES.get(own_scheme, (own_scheme,) if own_scheme in SCHEMES else ())


def whole(text: str, own: tuple[str, ...]) -> Reading | None:
    """Read a text that is a marking from its first to its last letter, own schemes first.

    A reading that its syntax proves goes before a bare word. None if no scheme reads it.
    """
    text = plain(text)
    upper, loud = text.upper(), capitals(text)
    bare = None
    for name in (*own, *(n for n in SCHEMES if n not in own)):
        reading = SCHEMES[name].read(upper, name in own, loud)
        if reading and reading.scheme:
            return reading
        bare = bare or reading
    return bare
