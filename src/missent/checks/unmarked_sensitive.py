"""`unmarked-sensitive`: sensitive content that nobody marked goes to somebody it has no business with.

Knows: what the detectors found and how sure they are of it; what the recipient is: own, cleared in the register, known,
new, free mail, or like somebody known.
Matters: nearly everything that ever went to the wrong address was unmarked: tax returns, passwords, itineraries, crew
lists. The same card number is nothing among colleagues, a line in the record at a partner and a disaster at a lookalike.
Does not say: that it may not be sent: people send their own bank details every day. Content that only stands in quoted
history weighs less, since who is answered may have written it. A message marked as sensitive is `above-ceiling`'s.
Automatic mail is looked at too: payslips and tickets are sent by machines.
Cost when wrong: one question in a compose window (`medium`); held only at a lookalike.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.checks.places import Place, place
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity
from missent.nouns.verdict import Marking

ID = "unmarked-sensitive"
_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
_TABLE: Mapping[Place, tuple[Severity | None, ...]] = MappingProxyType(
    {
        Place.OWN: (None, None, None),
        Place.CLEARED: (None, None, None),
        Place.KNOWN: (None, None, _LOW),
        Place.NEW: (None, _LOW, _MEDIUM),
        Place.FREE: (None, _LOW, _MEDIUM),
        Place.LOOKALIKE: (_LOW, _MEDIUM, _HIGH),
    }
)
"""What it weighs that content of low, medium, high severity goes to a place."""
_KINDS = 5


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient, naming the kinds of content, gravest first."""
    found = context.seen.sensitive
    if not found or _marked(context.seen.marking):
        return
    worst = max(found, key=lambda f: (_weight(f), f.confidence))
    weight = _weight(worst)
    if not weight:
        return
    evidence: dict[str, Fact] = {
        "kinds": ", ".join(_kinds(found)),
        "where": str(worst.evidence.get("where", "")),
        "count": len(found),
    }
    for rcpt in recipients(envelope):
        where = place(rcpt, context.register.clearance(rcpt), context)
        severity = _TABLE[where][weight - 1]
        if severity is not None:
            yield Finding(ID, severity, worst.confidence, rcpt.key, evidence=evidence | {"place": str(where)})


def _weight(finding: Finding) -> int:
    """Severity as a number; one less for what is merely quoted."""
    return int(finding.severity) - str(finding.evidence.get("where", "")).endswith("quoted")


def _kinds(found: Sequence[Finding]) -> list[str]:
    """The detectors that weigh most, in words of their ids, each once."""
    ranked = sorted(found, key=lambda f: -_weight(f))
    return list(dict.fromkeys(f.id.replace("-", " ") for f in ranked if _weight(f)))[:_KINDS]


def _marked(marking: Marking | None) -> bool:
    if marking is None:
        return False
    from missent.content.markings.ceilings import Gravity, gravity

    return gravity(marking) >= Gravity.SENSITIVE
