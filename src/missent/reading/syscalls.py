"""A filter in the kernel (seccomp(2), mode filter) that refuses a worker what reading a file never needs.

Refused calls fail with EPERM; the process lives on and can say what it found. The list names what would give a hostile
file a way out: network, other programs, other processes, mounts, keys, shared memory, and changing files. On a machine
that is not in the table nothing is refused, and the worker says that this step does not hold.
"""

import ctypes
import platform
import struct
from typing import Any, NamedTuple

_REFUSED = """
    socket 41 198, connect 42 203, bind 49 200, listen 50 201, accept 43 202, accept4 288 242, sendto 44 206, sendmsg 46 211,
    sendmmsg 307 269, recvfrom 45 207, recvmsg 47 212, recvmmsg 299 243, socketpair 53 199, ptrace 101 117, kill 62 129,
    tkill 200 130, process_vm_readv 310 270, process_vm_writev 311 271, pidfd_open 434 434, pidfd_getfd 438 438,
    pidfd_send_signal 424 424, mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, unshare 272 97, setns 308 268,
    open_tree 428 428, move_mount 429 429, fsopen 430 430, bpf 321 280, userfaultfd 323 282, io_uring_setup 425 425,
    io_uring_enter 426 426, io_uring_register 427 427, perf_event_open 298 241, keyctl 250 219, add_key 248 217,
    request_key 249 218, init_module 175 105, finit_module 313 273, kexec_load 246 104, reboot 169 142, swapon 167 224,
    settimeofday 164 170, clock_settime 227 112, mknodat 259 33, mkdirat 258 34, unlinkat 263 35, linkat 265 37,
    symlinkat 266 36, renameat 264 38, renameat2 316 276, fchmodat 268 53, fchownat 260 54, truncate 76 45, openat2 437 437,
    open_by_handle_at 304 265, setxattr 188 5, utimensat 280 88, mkdir 83 -, rmdir 84 -, creat 85 -, link 86 -, unlink 87 -,
    symlink 88 -, rename 82 -, chmod 90 -, chown 92 -, lchown 94 -, mknod 133 -, utimes 235 -, shmget 29 194, shmat 30 196,
    msgget 68 186, semget 64 190, mq_open 240 180, inotify_init1 294 26, fanotify_init 300 262
"""
_PROGRAMS = "fork 57 -, vfork 58 -, execve 59 221, execveat 322 281"
_OPENING = "open 2 -, openat 257 56"
_CLONING = "clone 56 220, clone3 435 435"

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06  # BPF: ld [k], jeq, jge, and, ret
_ALLOW, _REFUSE, _NO_SUCH_CALL = 0x7FFF0000, 0x00050001, 0x00050026  # allow; EPERM; ENOSYS, so that clone is used
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; arguments are 8 octets, low half first
_OTHER_ABI = 0x40000000  # x32
_SET_SECCOMP, _FILTER = 22, 2  # prctl(2)
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_THREAD = 0x10000  # CLONE_THREAD


class _Machine(NamedTuple):
    """A processor as the kernel's audit knows it, and its column in the tables."""

    audit: int
    column: int

    def numbers(self, table: str) -> dict[str, int]:
        """Call numbers by name; calls this machine has not are left out."""
        rows = (row.split() for row in table.split(","))
        return {row[0]: int(row[self.column]) for row in rows if row[self.column] != "-"}


_MACHINES = {"x86_64": _Machine(0xC000003E, 1), "aarch64": _Machine(0xC00000B7, 2)}


def refuse(libc: Any, *, programs: bool) -> bool:
    """Install the filter, for good; whether it holds. `programs` allows other programs to be started."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _filter(machine, programs=programs)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(held))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def _filter(machine: _Machine, *, programs: bool) -> bytes:
    """The filter's steps; a `return` is jumped over unless the test before it is met."""
    code = [_step(_LOAD, _MACHINE), _step(_EQUAL, machine.audit, 1, 0), _step(_RETURN, _REFUSE), _step(_LOAD, _NUMBER)]
    code += [_step(_AT_LEAST, _OTHER_ABI, 0, 1), _step(_RETURN, _REFUSE)]
    for number in machine.numbers(_REFUSED if programs else f"{_REFUSED},{_PROGRAMS}").values():
        code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    for name, number in machine.numbers(_OPENING).items():
        code += _if_bits(number, 1 if name == "open" else 2, _WRITING, refused=True)
    cloning = machine.numbers(_CLONING)
    code += [_step(_EQUAL, cloning["clone3"], 0, 1), _step(_RETURN, _NO_SUCH_CALL)]
    if not programs:
        code += _if_bits(cloning["clone"], 0, _THREAD, refused=False)
    return b"".join([*code, _step(_RETURN, _ALLOW)])


def _if_bits(number: int, argument: int, bits: int, *, refused: bool) -> list[bytes]:
    """Refuse a call if any of these bits of its argument is set (or if none is); its number is loaded again behind it."""
    inside = [_step(_LOAD, _FIRST_ARGUMENT + 8 * argument), _step(_AND, bits)]
    inside += [_step(_EQUAL, 0, *((1, 0) if refused else (0, 1))), _step(_RETURN, _REFUSE), _step(_LOAD, _NUMBER)]
    return [_step(_EQUAL, number, 0, len(inside)), *inside]


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
