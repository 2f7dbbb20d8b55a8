"""Kinds of exposures that need more than names: a register of what is restricted and who may receive what, or open content.

Each row of `KINDS` plants one exposure and near misses of it; `REGISTER` is what it is judged with. Another kind is another
row, here or wherever `missent.testing.planted.plant(more=…)` is called.
"""

from datetime import date, timedelta
from types import MappingProxyType

from missent.nouns.action import Action
from missent.recipients.register import Clearance, Exemption, Partner, Register, Restriction
from missent.testing.planted import OWN, PARTNERS, Kind, Maker, Planted

SCHEME = "uk-gscp"
CLEARED, OPEN, FOREIGN = PARTNERS[1], PARTNERS[3], "army.mil"
_NEVER_MET = "crown-surveyors-register.org"
_CHAMBERS = "temple-chambers.org"
"""Where the people are that wrong persons are like: nobody else writes there."""

_NAMES = (
    ("margaret.thornton", "margaret.thorntno"),
    ("frederick.ashdown", "frederick.asdhown"),
    ("ottilie.brandt", "ottilie.bradnt"),
)
_BODIES = (
    ("credentials", "The user name is jsmith and the password is Tr0ub4dor&3x.\n"),
    ("identity", "Passport: P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n"),
    ("finance", "Please pay to IBAN GB29 NWBK 6016 1331 9268 19 by Friday.\n"),
)

REGISTER = Register(
    partners=(Partner(_NEVER_MET, "Crown Surveyors"), Partner(CLEARED), Partner(OPEN)),
    restrictions=(Restriction("kp", Action.HOLD, "sanctions"),),
    exemptions=(Exemption("restricted-tld", "embassy.kp", "Consular desk", "one mission", date(2030, 1, 1)),),
    clearances=MappingProxyType(
        {
            CLEARED: Clearance(CLEARED, (("uk-gscp", "SECRET"),), ("GB",)),
            OPEN: Clearance(OPEN, (("uk-gscp", "OFFICIAL"),), ("GB",)),
            FOREIGN: Clearance(FOREIGN, (("uk-gscp", "SECRET"),), ("US",)),
        }
    ),
)
"""What the kinds are judged with: one partner nobody ever wrote to, one suffix restricted, three ceilings."""


def registered(maker: Maker, n: int) -> None:
    """A slip in the name of a partner that stands in the register and in no mail."""
    right = f"desk{n}@{_NEVER_MET}"
    wrong = right.replace("surveyors", ("surveyor", "surveyros", "surveyorss")[n % 3])
    _expose(maker, Planted("registered", maker.put(maker.staff(n), [wrong], maker.at(5 + n, n)), wrong, right))


def restricted(maker: Maker, n: int) -> None:
    """Mail under a restricted ending; the one with an exception is silent."""
    rcpt = f"desk{n}@ministry{n}.kp"
    sent = maker.put(maker.staff(n), [rcpt, f"consul{n}@embassy.kp"], maker.at(15 + n, n))
    _expose(maker, Planted("restricted", sent, rcpt, finding="restricted-tld"))


def wrong_person(maker: Maker, n: int) -> None:
    """The right domain and a slip in the local part of somebody one often writes to."""
    known, slip = (f"{local}{'' if n < len(_NAMES) else n}@{_CHAMBERS}" for local in _NAMES[n % len(_NAMES)])
    sender = maker.staff(n)
    for day in range(6):
        asked = maker.put(sender, [known], maker.at(25 + 3 * day, n))
        answer = {"From": known, "To": f"{sender}@{OWN}", "In-Reply-To": f"<{asked}>"}
        maker.put_in(sender, maker.at(25 + 3 * day, n) + timedelta(hours=2), answer)
    _expose(
        maker, Planted("wrong-person", maker.put(sender, [slip], maker.at(55, n)), slip, known, finding="lookalike-address")
    )


def above_ceiling(maker: Maker, n: int) -> None:
    """A marking above what this recipient may have, in the subject or on an attached page; who may have it is silent."""
    rcpt, cleared, colleague = f"planner{n}@{OPEN}", f"planner{n}@{CLEARED}", f"{maker.staff(n + 3)}@{OWN}"
    rcpts, at = [rcpt, cleared, colleague], maker.at(65 + n, n)
    if n % 2:
        sent = maker.put(maker.staff(n), rcpts, at, f"OFFICIAL-SENSITIVE: programme {n}")
    else:
        sent = _with_file(maker, n, rcpts, "OFFICIAL-SENSITIVE\n\nThe programme for the visit.\n")
    _expose(maker, Planted("above-ceiling", sent, rcpt, finding="above-ceiling"))


def not_releasable(maker: Maker, n: int) -> None:
    """For UK eyes only, and sent to an ally as well; the partner at home is silent."""
    rcpt, at_home = f"liaison{n}@{FOREIGN}", f"liaison{n}@{CLEARED}"
    sent = maker.put(maker.staff(n), [rcpt, at_home], maker.at(75 + n, n), f"OFFICIAL-SENSITIVE UK EYES ONLY: talks {n}")
    _expose(maker, Planted("not-releasable", sent, rcpt, finding="not-releasable"))


def sensitive(maker: Maker, n: int) -> None:
    """What was in the mail that went wrong: its category must stand in the exposure."""
    category, body = _BODIES[n % len(_BODIES)]
    rcpt = f"clerk{n}@army.ml"
    sent = maker.put(maker.staff(n), [rcpt], maker.at(85 + n, n), f"As promised {n}", body)
    _expose(maker, Planted("sensitive", sent, rcpt, f"clerk{n}@army.mil", category=category))


KINDS: tuple[Kind, ...] = (registered, restricted, wrong_person, above_ceiling, not_releasable, sensitive)
"""All kinds of this module; a new one is a row."""


def _expose(maker: Maker, planted: Planted) -> None:
    maker.archive.planted.append(planted)


def _with_file(maker: Maker, n: int, rcpts: list[str], text: str) -> str:
    """A mail with an attached text; its Message-ID."""
    fields = {
        "From": f"{maker.staff(n)}@{OWN}",
        "To": ", ".join(rcpts),
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/mixed; boundary="b"',
    }
    body = f"--b\nContent-Type: text/plain\n\nSee attached.\n--b\nContent-Type: text/plain; name=page{n}.txt\n"
    body += f"Content-Disposition: attachment; filename=page{n}.txt\n\n{text}\n--b--\n"
    return maker.put_in(maker.staff(n), maker.at(65 + n, n), fields, body)
