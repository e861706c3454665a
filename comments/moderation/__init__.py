"""Whether a comment is shown at once, and why: `judge` gives a `Verdict`."""

from comments.moderation.pipeline import Verdict, judge

__all__ = ["Verdict", "judge"]
