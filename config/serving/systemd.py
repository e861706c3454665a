"""What systemd is told (sd_notify), where it started the server."""

import os
import socket


def notify(state: str) -> None:
    """Say `state`, such as READY=1; nothing where nobody asked for it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # a name that is no file
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.sendto(state.encode(), address)
