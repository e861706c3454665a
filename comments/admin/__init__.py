"""The moderator's side of the conversation."""

from comments.admin import decisions, notices, queue, rules

__all__ = ["decisions", "notices", "queue", "rules"]
