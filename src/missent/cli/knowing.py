"""What a command judges by: names, history, register and policy; without a store, the packaged lists alone.

What reads the store stands in `stored` and is loaded only where there is one: start-up time is a figure we keep.
"""

import time

from missent.cli.site import Site, read_policy_file
from missent.judging import Judging
from missent.policy.model import Policy
from missent.policy.reading import default_policy
from missent.recipients.history import NoHistory
from missent.recipients.names import Names


def judging(site: Site, policy: Policy | None = None) -> Judging:
    """Everything a command needs to judge by; `policy` replaces the one in force."""
    policy = policy or policy_in_force(site)
    if site.has_store:
        from missent.cli import stored

        judging = stored.judging(site, policy)
    else:
        own = site.settings.own
        judging = Judging(own, Names(own), NoHistory(), policy, time.perf_counter, own_scheme=site.settings.own_scheme)
    judging.own_patterns = site.own_patterns()
    return judging


def policy_in_force(site: Site) -> Policy:
    """The settings' policy file, else the store's active version, else the packaged policy."""
    if site.policy_path:
        return read_policy_file(site.policy_path)
    if not site.has_store:
        return default_policy()
    from missent.cli import stored

    return stored.active_policy(site) or default_policy()
