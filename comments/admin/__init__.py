"""The moderator's side of the conversation."""

from comments.admin import decisions, notices, pings, queue, rules

__all__ = ["decisions", "notices", "pings", "queue", "rules"]
