"""What every process that takes mail needs and hardly changes: names with their index, patterns, the recipient model.

With several processes it is made once, in multiprocessing's fork server, which imports this module before it forks: they
share its memory with all code, and a process copies only the pages it writes to. What changes afterwards each takes up from
the store by itself. The fork server has no threads, and its connections to the store are closed before it forks.
"""

import gc
import os
from functools import cache
from typing import NamedTuple

from missent.cli.site import Site
from missent.cli.worker import FORKED_FOR
from missent.content.detectors.look import ripen
from missent.content.detectors.own_pattern import OwnPatterns
from missent.errors import MissentError
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.store.recipient_model import Held


class Groundwork(NamedTuple):
    """See the module.

    Attributes:
        established: the state of established domains that `names` was made from, or an older one.
        model: None where it is taken from the store as usual.
    """

    names: Names
    established: tuple[int, int]
    register: Register
    own_patterns: OwnPatterns | None
    model: Held | None = None


def lay(site: Site, *, ready: bool = True) -> Groundwork:
    """From the settings and the store. Raises MissentError. `ready`: nothing is left to be made when the first mail comes."""
    store = site.store()
    register, state = store.register.read(), store.history.established_state()
    names = Names(site.settings.own, register.known, store.history.established())
    if ready:
        names.build()
        ripen()
    return Groundwork(names, state, register, site.own_patterns())


@cache
def laid() -> Groundwork | None:
    """What this process was forked with; None if it was not, or if the store was away then."""
    if FORKED_FOR not in os.environ:
        return None
    try:
        with Site(os.environ[FORKED_FOR] or None) as site:
            ground = lay(site)
            store = site.store()
            store.model.refresh()
            return ground._replace(model=store.model.held())
    except MissentError:
        return None  # the process that is forked will say so


if FORKED_FOR in os.environ:
    import missent.serving.taking  # noqa: F401 - with all that it imports

    laid()
    gc.collect()
    gc.freeze()  # a collection in a forked process would write to every object's page
