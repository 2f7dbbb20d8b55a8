"""What a command judges by: names, history, register and policy; without a store, the packaged lists alone.

What reads the store stands in `stored` and is loaded only where there is one: start-up time is a figure we keep.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime

from missent.cli.site import Site
from missent.judging import Judging
from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.policy.model import Policy
from missent.recipients.history import NOTHING_KNOWN, Known, Question
from missent.recipients.names import Names


class NoHistory:
    """History of an organisation without a past. It learns nothing."""

    def known(self, question: Question) -> Known:
        """Nothing is known."""
        return NOTHING_KNOWN

    def established(self) -> Mapping[str, datetime]:
        """Nothing is established."""
        return {}

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Refused: a command that judges does not learn."""
        raise NotImplementedError

    def forget(self, address: Address) -> int:
        """Refused, likewise."""
        raise NotImplementedError


def judging(site: Site, policy: Policy | None = None) -> Judging:
    """Everything a command needs to judge by; `policy` replaces the one in force."""
    if site.has_store:
        from missent.cli import stored

        return stored.judging(site, policy)
    own = site.settings.own
    return Judging(own, Names(own), NoHistory(), policy or site.policy, time.perf_counter)
