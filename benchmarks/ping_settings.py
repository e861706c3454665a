"""The shipped settings, and a web in which every `….example` is on this machine."""

import socket

from tests.peer_settings import *  # noqa: F403

_real_look_up = socket.getaddrinfo


def _look_up(host, *args, **kwargs):
    is_ours = isinstance(host, str) and host.endswith(".example")
    return _real_look_up("127.0.0.1" if is_ours else host, *args, **kwargs)


socket.getaddrinfo = _look_up
