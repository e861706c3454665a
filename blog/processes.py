"""Who is at work: names for the processes of this machine, and whether one lives."""

import os
import socket

from django.utils.crypto import get_random_string


def name_here() -> str:
    """Says which process of which machine it is, and that it is this one."""
    machine = socket.gethostname()[:30]
    return f"{machine}:{os.getpid()}:{get_random_string(8)}"


def is_gone(name: str) -> bool:
    """Whether that was a process of this machine, and is no more.

    False for a process of another machine: nobody here can tell.
    """
    machine, _, rest = name.partition(":")
    pid = rest.partition(":")[0]
    if machine != socket.gethostname()[:30] or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's, so not one of ours
        return False
    return False
