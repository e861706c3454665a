"""The order in which the rules speak: who is trusted, what is stopped, what is held."""

from dataclasses import dataclass

from django.utils.translation import gettext

from comments import wording
from comments.models import Comment
from comments.moderation import checks
from comments.moderation.case import Case
from comments.policy import ProofNeeded

State = Comment.State

# Each speaks for itself, the first one that does.
DECIDING_CHECKS = [
    (checks.find_own, State.APPROVED),
    (checks.find_block, State.TRASH),
    (checks.find_disallowed_word, State.TRASH),
    (checks.find_trap, State.SPAM),
    (checks.find_trust, State.APPROVED),
]


@dataclass(frozen=True)
class Verdict:
    """The state a comment starts in, and why, in words."""

    state: str
    reasons: list[str]
    # 0 to 1; None where the filter was not asked or had nothing to say.
    spam_score: float | None = None


def judge(case: Case) -> Verdict:
    """Decide about what was gathered. What it says alone never makes it spam.

    Pure: no query. Raises ProofNeeded where the browser is to solve a puzzle first.
    """
    score = case.opinion.probability if case.opinion else None
    for check, state in DECIDING_CHECKS:
        if reason := check(case):
            return Verdict(state, [reason], score)
    _ask_for_proof(case)
    reasons = [reason for check in checks.HOLDING_CHECKS if (reason := check(case))]
    if reasons:
        return Verdict(State.PENDING, reasons, score)
    return Verdict(State.APPROVED, [wording.NOTHING_HELD_IT.said()], score)


def _ask_for_proof(case: Case) -> None:
    """Raise ProofNeeded, unless there is one or the stranger rather waits."""
    if case.submission.is_unproven:
        return
    if cause := checks.why_proof(case):
        raise ProofNeeded(
            gettext(
                "Nothing is lost, but %(cause)s: please send it once more, and your "
                "browser solves a small puzzle first. Where that does not work, choose "
                "“Send it for approval”: somebody looks at it before it is shown."
            )
            % {"cause": wording.shown(cause)}
        )
