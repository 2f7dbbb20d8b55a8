"""What settings and store tell of an installation: whether it is set up to do what its owner thinks it does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from missent.doctor.told import Told, amiss, doubtful, well
from missent.nouns.hold import State
from missent.settings import Settings, host_port

if TYPE_CHECKING:
    from missent.store.opened import Store

_LONG = timedelta(days=1)


def examine(settings: Settings, store: "Store", now: datetime) -> Iterator[Told]:
    """Look at settings and store. Raises StoreError."""
    yield _observing(settings)
    yield _link(settings)
    yield _history(store)
    yield _model(store)
    yield _channels(settings, store)
    yield _queue(store, now)
    yield _evidence(store)


def _observing(settings: Settings) -> Told:
    if settings.observe:
        advice = "`observe = false` once the log shows the holds you want."
        return doubtful("observing", "everything is delivered, whatever the verdict", advice)
    return well("observing", "off: doubtful copies are held")


def _link(settings: Settings) -> Told:
    url = settings.public.url
    if not url:
        return doubtful("sender's link", "notices carry no link: senders cannot answer by themselves", "Set `[public] url`.")
    if not url.startswith("https://"):
        return doubtful("sender's link", f"{url} is not https: whoever listens can answer for the sender", "Put TLS before it.")
    return well("sender's link", url)


def _history(store: "Store") -> Told:
    established = len(store.history.established())
    if not established:
        advice = "`missent learn` some months of sent and received mail: a domain one converses with is then not accused."
        return doubtful("history", "no domain is established yet", advice)
    return well("history", f"{established} established domain{'s' if established != 1 else ''}")


def _model(store: "Store") -> Told:
    from missent.recipients.weighing import LEAST
    from missent.store.recipient_model import available

    part = "recipient model"
    if not available():
        return doubtful(part, "silent: NumPy is not installed", "`pip install missent[ml]`.")
    known = store.model.memory.wrote
    if known < LEAST:
        return doubtful(part, f"silent: it was told {known} of {LEAST} mails", "`missent learn` some months of sent mail.")
    trained = store.model.model.trained
    what = "the packaged one" if trained.get("on") == "packaged" else f"trained on {trained['mails']:,} mails of this site"
    return well(part, f"{what}, {known:,} mails told")


def _channels(settings: Settings, store: "Store") -> Told:
    from missent.delivery.channel import on_loopback
    from missent.recipients.channels import domains, unassured

    part, register = "TLS to partners", store.register.read()
    asked, open_ = domains(register), unassured(register)
    if not asked:
        return well(part, "asked of nobody")
    host, _ = host_port(settings.relay.next_hop, "next_hop")
    if settings.relay.next_hop_tls != "required" and not on_loopback(host):
        advice = '`next_hop_tls = "required"`: released copies to them wait until then.'
        return amiss(
            part, f"asked of {len(asked)} domains, and the way to {settings.relay.next_hop} may be in the clear", advice
        )
    if open_:
        return doubtful(part, f"mail to {len(open_)} entries is held: nobody assured TLS", "`missent register tls-policy`.")
    return well(part, f"assured for {len(asked)} domains")


def _queue(store: "Store", now: datetime) -> Told:
    standing = store.holds.standing()
    held, since = standing.get(State.HELD, (0, now))
    waiting = store.outbox.waiting()
    said = f"{held} held, {waiting} waiting to leave"
    if held and now - since > _LONG:
        return doubtful("queue", f"{said}; the oldest has waited since {since:%Y-%m-%d %H:%M} UTC", "`missent hold list`.")
    return well("queue", said)


def _evidence(store: "Store") -> Told:
    found = store.audit.verify()
    if found.faults:
        return amiss(
            "evidence",
            f"the audit chain is broken at event {found.faults[0].number}",
            "`missent audit verify`; keep everything.",
        )
    return well("evidence", f"{found.events} audit events, chain unbroken")
