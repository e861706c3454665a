"""The conversation in rows: what was said, what was decided, what is to be mailed."""

from comments.models.comment import Comment, TreeNumber, new_tree_ids
from comments.models.judgement import Decision, Rule, SpamModel
from comments.models.mail import Notice, Subscription
from comments.models.photo import Photo

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
