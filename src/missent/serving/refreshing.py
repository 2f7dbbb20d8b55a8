"""Policy, register and established names taken up while the node runs; what is not valid is said once and not taken.

A file's state and one number of the store are looked at every second, or as soon as the store calls; only what has changed is
read.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from missent.errors import ConfigError, PolicyError, StoreError
from missent.policy.reading import read_policy
from missent.recipients.register import Register
from missent.recipients.standing import Kind

if TYPE_CHECKING:
    from missent.serving.taking import Parts

log = structlog.get_logger("missent")

NAMES_EVERY = timedelta(seconds=30)
MODEL_KEPT_EVERY = timedelta(minutes=10)


class Refreshing:
    """Keeps one node's `judging` as new as its store and policy file.

    Args:
        parts: whose `judging` is changed in place.
        policy_file: the settings' policy file, if this process is to look at it.
    """

    def __init__(self, parts: "Parts", policy_file: Path | None) -> None:
        self._judging = parts.judging
        self._store = parts.store
        self._file = policy_file
        self._clock = parts.now
        self._seen: tuple[int, int] | None = None
        self._number = self._heard = -1
        self._established = parts.established
        self._model_kept_at = self._clock()
        self._names_at = self._model_kept_at - NAMES_EVERY  # at once: a process may be forked from an older one

    def look(self) -> None:
        """Take up what has changed. Raises StoreError; a policy that is not valid is logged and left."""
        self._look_at_file()
        number, all_ = self._store.news.number(), self._clock() - self._names_at >= NAMES_EVERY
        if number != self._heard or all_:
            self._look_at_policy()
            self._look_at_register(self._store.register.read())
            self._heard = number
        self._store.model.refresh()
        if all_:
            self._look_at_names()
        if self._clock() - self._model_kept_at >= MODEL_KEPT_EVERY:
            self.keep_model()

    def keep_model(self) -> None:
        """Write what the recipient model learned into the store, so that the next start need not learn it again."""
        self._model_kept_at = self._clock()
        try:
            self._store.model.keep(self._store.write)
        except StoreError as error:
            log.warning("model not kept", error=type(error).__name__)

    def _look_at_file(self) -> None:
        """A changed policy file becomes the active version, if it is valid."""
        if self._file is None:
            return
        try:
            state = self._file.stat()
            if self._seen == (state.st_mtime_ns, state.st_size):
                return
            self._seen = state.st_mtime_ns, state.st_size
            policy = read_policy(self._file.read_bytes(), str(self._file))
        except (OSError, ConfigError) as error:
            log.error("policy kept", reason=str(error), policy=self._judging.policy.version)  # noqa: TRY400 — one line for the operator
            return
        active = self._store.policies.active()
        if active is None or active.version != policy.version:
            self._store.policies.put(policy.text, self._clock(), "file")

    def _look_at_policy(self) -> None:
        active = self._store.policies.active()
        if active is None or active.number == self._number:
            return
        self._number = active.number
        try:
            self._judging.policy = read_policy(active.text.encode(), f"active policy {active.number}")
        except PolicyError as error:  # written by another version of missent
            log.error("policy kept", reason=str(error), policy=self._judging.policy.version)  # noqa: TRY400
            return
        log.info("policy in force", policy=active.version, number=active.number, by=active.actor)

    def _look_at_register(self, register: Register) -> None:
        if register == self._judging.register:
            return
        before, after = self._judging.register.known, register.known
        for domain in after - before:
            self._judging.names.add(domain, Kind.REGISTERED)
        for domain in before - after:
            self._judging.names.remove(domain, Kind.REGISTERED)
        self._judging.register = register
        log.info(
            "register in force",
            partners=len(register.partners),
            clearances=len(register.clearances),
            restrictions=len(register.restrictions),
            exemptions=len(register.exemptions),
        )

    def _look_at_names(self) -> None:
        """Compares names only if there is news of them: that reads all of them, and makes them this process's own."""
        self._names_at = self._clock()
        state = self._store.history.established_state()
        if state == self._established:
            return
        now, before = frozenset(self._judging.history.established()), self._judging.names.all(Kind.ESTABLISHED)
        for domain in now - before:
            self._judging.names.add(domain, Kind.ESTABLISHED)
        for domain in before - now:
            self._judging.names.remove(domain, Kind.ESTABLISHED)
        self._established = state
