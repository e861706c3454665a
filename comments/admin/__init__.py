"""The moderator's side of the conversation."""

from comments.admin import decisions, queue, rules

__all__ = ["decisions", "queue", "rules"]
