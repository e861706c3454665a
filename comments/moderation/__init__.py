"""Whether a comment is shown at once, and why.

`gather` asks what is known of a submission, `judge` decides about it: a `Verdict`.
"""

from comments.moderation.case import gather
from comments.moderation.pipeline import Verdict, judge

__all__ = ["Verdict", "gather", "judge"]
