"""Whether a comment is shown at once: a short row of checks, each with its reason.

The order and the defaults are WordPress's. A check looks at a Case and answers
with a sentence, or with nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from blog import markup
from blog.models import Post, SiteSettings
from comments.models import Comment
from comments.policy import is_trusted
from comments.submission import Submission


@dataclass(frozen=True)
class Verdict:
    """The state a comment starts in, and why, in words."""

    state: str
    reasons: list[str]


@dataclass(frozen=True)
class Case:
    """All a check may look at: no check asks the database."""

    submission: Submission
    site: SiteSettings
    is_trusted: bool
    has_earlier_approved: bool


def judge(post: Post, submission: Submission, site: SiteSettings) -> Verdict:
    """Decide about one submission. At most one query."""
    case = Case(
        submission,
        site,
        is_trusted=is_trusted(post, submission.author),
        has_earlier_approved=_has_earlier_approved(submission),
    )
    if case.is_trusted:
        return Verdict(Comment.State.APPROVED, ["approved: written by the blog"])
    if reason := find_disallowed_word(case):
        return Verdict(Comment.State.TRASH, [reason])
    reasons = [reason for check in HOLDING_CHECKS if (reason := check(case))]
    if reasons:
        return Verdict(Comment.State.PENDING, reasons)
    return Verdict(Comment.State.APPROVED, ["approved: no rule held it"])


def hold_all(case: Case) -> str | None:
    if case.site.hold_all:
        return "held: the settings hold every comment"
    return None


def count_links(case: Case) -> str | None:
    """Links are counted after plain addresses were made links, as readers see them."""
    limit = case.site.hold_links
    found = markup.render_comment(case.submission.body).count("<a ")
    if limit and found >= limit:
        return f"held: {found} links, the limit is {limit}"
    return None


def find_held_word(case: Case) -> str | None:
    word = _first_word(case.site.held_words, case.submission)
    return f"held: “{word}” is on the list of held words" if word else None


def find_disallowed_word(case: Case) -> str | None:
    word = _first_word(case.site.disallowed_words, case.submission)
    return f"trashed: “{word}” is on the list of disallowed words" if word else None


def hold_first(case: Case) -> str | None:
    if case.site.hold_first and not case.has_earlier_approved:
        return "held: no earlier comment of this writer was approved"
    return None


HOLDING_CHECKS: list[Callable[[Case], str | None]] = [
    hold_all,
    count_links,
    find_held_word,
    hold_first,
]


def _first_word(listed: str, submission: Submission) -> str | None:
    """The first listed word found anywhere in the submission, ignoring case."""
    haystack = "\n".join(
        [
            submission.author_name,
            submission.author_email,
            submission.author_url,
            submission.body,
            submission.ip_address or "",
            submission.user_agent,
        ]
    )
    for line in listed.splitlines():
        word = line.strip()
        if word and re.search(re.escape(word), haystack, re.IGNORECASE):
            return word
    return None


def _has_earlier_approved(submission: Submission) -> bool:
    """Whether the same account, or the same name and e-mail, was approved before."""
    approved = Comment.objects.approved().filter(kind=Comment.Kind.COMMENT)
    if submission.author:
        return approved.filter(author=submission.author).exists()
    if not submission.author_email:
        return False
    return approved.filter(
        author_email=submission.author_email,
        author_name=submission.author_name,
    ).exists()
