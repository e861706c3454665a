"""Who is at work: names for the processes of this machine, and whether one lives."""

import hashlib
import os
import socket
from pathlib import Path

from django.utils.crypto import get_random_string

_PROC = Path("/proc")
_ENDED = frozenset("ZX")


def name_here() -> str:
    """Says which process of which machine it is, and that it is this one; unique.

    At most 60 characters: the machine, its number, what tells it from others that
    have, had or will have that number, and what tells one name from the next.
    """
    life = _life_of(os.getpid()) or ""
    return f"{_machine()}:{os.getpid()}:{life}:{get_random_string(8)}"


def is_gone(name: str) -> bool:
    """Whether that was a process of this machine, and is no more.

    False for a process of another machine: nobody here can tell.
    """
    machine, _, rest = name.partition(":")
    pid, *told = rest.split(":")
    if machine != _machine() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass  # somebody else's
    life = _life_of(int(pid))
    if not life or len(told) < 2:
        return life == ""
    # After a restart numbers are given anew: in a container the same ones.
    return told[0] not in ("", life)


def _machine() -> str:
    return socket.gethostname()[:30]


def _life_of(pid: int) -> str | None:
    """What no other process of this number has; "" where it has ended, None: unknown.

    One that was killed keeps its number until its parent has heard of it, which takes
    seconds where the parent is gone too (proc_pid_stat(5): state, starttime).
    """
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
        boot = (_PROC / "sys/kernel/random/boot_id").read_text()
    except OSError:
        return None
    # The name, in brackets, may hold anything.
    state, *fields = stat.rpartition(")")[2].split()
    if state in _ENDED:
        return ""
    told = f"{boot} {fields[18]}".encode()
    return hashlib.blake2b(told, digest_size=6).hexdigest()
