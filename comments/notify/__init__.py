"""Mails about the conversation: rows first, then whoever has time sends them."""

from comments.notify.digest import send_digests
from comments.notify.notices import about_decided, about_posted, send_again, sweep

__all__ = ["about_decided", "about_posted", "send_again", "send_digests", "sweep"]
