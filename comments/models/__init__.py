"""The conversation in rows: what was said and decided, what is mailed and pinged."""

from comments.models.comment import Comment
from comments.models.judgement import Decision, Rule, SpamModel
from comments.models.like import Like
from comments.models.mail import Notice, Subscription
from comments.models.photo import Photo
from comments.models.ping import IncomingPing, OutgoingPing
from comments.models.search import CommentEntry
from comments.models.tree_number import TreeNumber, new_tree_ids

__all__ = [
    "Comment",
    "CommentEntry",
    "Decision",
    "IncomingPing",
    "Like",
    "Notice",
    "OutgoingPing",
    "Photo",
    "Rule",
    "SpamModel",
    "Subscription",
    "TreeNumber",
    "new_tree_ids",
]
