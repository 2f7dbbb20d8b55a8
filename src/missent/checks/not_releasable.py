"""`not-releasable`: a control of the marking (EYES ONLY, REL TO, NOFORN) does not let this recipient read it.

Knows: the controls of every marking found; the recipient's nationality as the register has it for address or domain, else
of a government's domain by its name (`mod.uk`, `army.mil`, `nato.int`).
Matters: a national caveat is a promise to another nation; broken, it costs the source of the next paper.
Does not say: of what nation a person is: a country's suffix tells nothing, and whose nationality nobody registered is
outside (said as `nation` = ""). Own people are of the nationality registered for the own domain; without an entry nothing
is said of them. REL TO an organisation (NATO, FVEY) is one to its members. A sender's word does not lift it. Automatic
mail is meant too.
Cost when wrong: one held copy that a reviewer lets go (`high`).
CAPCO register, 32 CFR 2001.24, 32 CFR 2002.16 (CUI), GSCP 2023 (UK EYES ONLY, ORGANISATIONAL USE ONLY), PSPF (AUSTEO,
REL).
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity

ID = "not-releasable"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient, about the first control that excludes it."""
    controlled = [found.marking for found in context.seen.markings if found.marking.controls]
    if not controlled:
        return
    from missent.content.releases import releases

    limits = [(release, marking) for marking in controlled for release in releases(marking)]
    for rcpt in recipients(envelope) if limits else ():
        own, countries = context.own(rcpt.domain), _countries(rcpt, context)
        if own and not countries:
            limits_here = []
        else:
            limits_here = [(r, m) for r, m in limits if not (own if r.house else r.covers(countries))]
        if limits_here:
            release, marking = limits_here[0]
            nations = "" if context.register.discreet(rcpt.domain) else ", ".join(sorted(countries))
            evidence: dict[str, Fact] = {"control": release.control, "where": marking.where, "nation": nations}
            yield Finding(ID, Severity.HIGH, 0.97 if countries or release.house else 0.8, rcpt.key, evidence=evidence)


def _countries(rcpt: Address, context: Context) -> frozenset[str]:
    registered = context.register.clearance(rcpt).countries
    if registered:
        return frozenset(registered)
    from missent.content.nations import of_domain

    return frozenset((of_domain(rcpt.domain),)) - {""}
