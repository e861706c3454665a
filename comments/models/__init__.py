"""The conversation in rows: what was said, what was decided, what is to be mailed."""

from comments.models.comment import Comment
from comments.models.judgement import Decision, Rule, SpamModel
from comments.models.mail import Notice, Subscription
from comments.models.photo import Photo
from comments.models.tree_number import TreeNumber, new_tree_ids

__all__ = [
    "Comment",
    "Decision",
    "Notice",
    "Photo",
    "Rule",
    "SpamModel",
    "Subscription",
    "TreeNumber",
    "new_tree_ids",
]
