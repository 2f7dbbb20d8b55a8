"""What a worker gives up before it looks at anybody's file. Each step is tried, and what holds is said.

memory      no more than its limit (RLIMIT_DATA, RLIMIT_AS), no core dump
files       it cannot make or lengthen one (RLIMIT_FSIZE 0)
user        it is nobody, where it was root
calls       the kernel refuses network, programs, writing, tracing and more (`missent.reading.syscalls`)
paths       files cannot be opened at all (Landlock), where the kernel has it
"""

import ctypes
import os
import resource
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from missent.reading import syscalls

_NOBODY = 65534
_NO_DUMP, _NO_NEW_PRIVILEGES = 4, 38  # prctl(2): PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS
_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # landlock(7), the same number on every architecture
_ALL_FILE_ACCESS = (1 << 13) - 1  # version 1 of its interface


def confine(*, memory: int, programs: bool) -> tuple[str, ...]:
    """Give up what reading a file does not need; the steps that hold.

    Args:
        memory: octets.
        programs: whether programs may be started (tesseract): then files may be read, and Landlock is left out.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    steps: list[tuple[str, Callable[[], bool]]] = [
        ("memory", lambda: _limits(memory)),
        ("user", _nobody),
        ("paths", lambda: not programs and _landlock(libc)),
        ("calls", lambda: syscalls.refuse(libc, programs=programs)),
    ]
    held = tuple(name for name, step in steps if _tried(step))
    libc.prctl(_NO_DUMP, 0, 0, 0, 0)
    socket.socket = _no_network  # type: ignore[assignment,misc]
    return held


def _tried(step: Callable[[], bool]) -> bool:
    with suppress(OSError, ValueError, AttributeError):
        return step()
    return False


def _limits(memory: int) -> bool:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_AS, (2 * memory, 2 * memory))
    return True


def _nobody() -> bool:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    return os.geteuid() != 0


def _landlock(libc: Any) -> bool:
    """A set of rules that handles every kind of access and allows none."""
    handled = ctypes.c_uint64(_ALL_FILE_ACCESS)
    rules = libc.syscall(_CREATE_RULESET, ctypes.byref(handled), 8, 0)
    if rules < 0:
        return False
    try:
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _no_network(*_: object, **__: object) -> NoReturn:
    raise PermissionError("a worker has no network")
