"""The rules, each a pure function: a `Case` in, a sentence to store out, or nothing.

The order and the defaults of those WordPress has are WordPress's.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from blog.models import SiteSettings
from comments import wording
from comments.models import Rule
from comments.moderation.case import Case, Ruling
from comments.moderation.classifier import Opinion

MIN_SECONDS = 3
# The filter's word from which a comment is held, and above which it is in doubt.
SPAM_FROM, DOUBTFUL_ABOVE = 0.9, 0.5

ProofOfWork = SiteSettings.ProofOfWork


def find_own(case: Case) -> str | None:
    return wording.OWN.said() if case.is_own else None


def find_block(case: Case) -> str | None:
    for ruling in case.rulings:
        if ruling.action == Rule.Action.BLOCK and _applies(ruling, case):
            return wording.BLOCKED[ruling.trait].said(value=ruling.value)
    return None


def find_disallowed_word(case: Case) -> str | None:
    word = _first_word(case.site.disallowed_words, case)
    return wording.DISALLOWED.said(word=word) if word else None


def find_trap(case: Case) -> str | None:
    if case.submission.is_trapped:
        return wording.TRAPPED.said()
    return None


def find_trust(case: Case) -> str | None:
    for ruling in case.rulings:
        if ruling.action == Rule.Action.TRUST:
            return wording.TRUSTED.said(value=ruling.value)
    return None


def hold_all(case: Case) -> str | None:
    if case.site.hold_all:
        return wording.ALL_HELD.said()
    return None


def hold_pings(case: Case) -> str | None:
    if case.submission.is_ping and case.site.hold_pings:
        return wording.PINGS_HELD.said()
    return None


def count_links(case: Case) -> str | None:
    """Links are counted after plain addresses were made links, as readers see them."""
    limit = case.site.hold_links
    found = _link_count(case)
    if limit and found >= limit:
        return wording.LINKS.said(count=found, limit=limit)
    return None


def find_held_word(case: Case) -> str | None:
    word = _first_word(case.site.held_words, case)
    return wording.HELD_WORD.said(word=word) if word else None


def find_haste(case: Case) -> str | None:
    seconds = case.submission.typed_seconds
    if seconds is None or seconds >= MIN_SECONDS:
        return None
    return wording.HASTE.said(seconds=f"{seconds:.1f}")


def find_links_of_unknown_origin(case: Case) -> str | None:
    """A ping comes from no form, and a browser that solved the puzzle is one."""
    how = case.submission
    if how.is_ping or how.has_proof or how.typed_seconds is not None:
        return None
    if not _link_count(case):
        return None
    return wording.NO_FORM.said()


def find_same_text(case: Case) -> str | None:
    count = case.same_text_count
    # A page that links to two posts in one breath quotes it for both.
    if not count or case.submission.is_ping:
        return None
    return wording.SAME_TEXT.said(count=count)


def find_spam(case: Case) -> str | None:
    opinion = case.opinion
    if opinion is None or opinion.probability < SPAM_FROM:
        return None
    return wording.SPAM.said(percent=opinion.percent, words=", ".join(opinion.words))


def find_doubt(case: Case) -> str | None:
    """Held where a proof of work, or an account, does not speak for it."""
    opinion = case.opinion
    if opinion is None or not is_doubtful(opinion):
        return None
    if case.submission.has_proof or case.submission.author:
        return None
    words = ", ".join(opinion.words)
    if why_proof(case):
        somehow, by_words = wording.DOUBTFUL_SOMEHOW_UNPROVEN, wording.DOUBTFUL_UNPROVEN
    else:
        somehow, by_words = wording.DOUBTFUL_SOMEHOW, wording.DOUBTFUL
    if not words:
        return somehow.said(percent=opinion.percent)
    return by_words.said(percent=opinion.percent, words=words)


def find_missing_proof(case: Case) -> str | None:
    """Where everybody is asked for one; of a doubtful one `find_doubt` has said it."""
    cause = why_proof(case)
    if not cause or (case.opinion and is_doubtful(case.opinion)):
        return None
    return wording.UNPROVEN.said(cause=cause)


def hold_first(case: Case) -> str | None:
    """Of pings, the first one from each host: nobody signs a page."""
    if not case.site.hold_first or case.has_earlier_approved:
        return None
    if case.submission.is_ping:
        return wording.NEW_HOST.said(host=_host(case))
    return wording.NEW_WRITER.said()


HOLDING_CHECKS: list[Callable[[Case], str | None]] = [
    hold_all,
    hold_pings,
    count_links,
    find_held_word,
    find_haste,
    find_links_of_unknown_origin,
    find_same_text,
    find_spam,
    find_doubt,
    find_missing_proof,
    hold_first,
]


def is_doubtful(opinion: Opinion) -> bool:
    return DOUBTFUL_ABOVE < opinion.probability < SPAM_FROM


def why_proof(case: Case) -> str:
    """Why a stranger who brought no proof of work needs one, as stored, or nothing.

    Only strangers are asked: a ping has no browser, and a reader has an account.
    """
    asked = case.site.proof_of_work
    how = case.submission
    if asked == ProofOfWork.NEVER or how.has_proof or how.author or how.is_ping:
        return ""
    if asked == ProofOfWork.ALWAYS:
        return wording.ALL_PROVE.said()
    if case.is_under_attack:
        return wording.UNDER_ATTACK.said()
    if case.opinion and is_doubtful(case.opinion):
        return wording.SPAM_LIKE.said()
    return ""


def _host(case: Case) -> str:
    return urlsplit(case.submission.source_url).hostname or "there"


def _link_count(case: Case) -> int:
    return case.rendered.count("<a ")


def _applies(ruling: Ruling, case: Case) -> bool:
    """The others were looked up by what they are about."""
    if ruling.trait != Rule.Trait.WORDS:
        return True
    words = " ".join(ruling.value.lower().split())
    return any(words in " ".join(said.lower().split()) for said in _said(case))


def _first_word(listed: str, case: Case) -> str | None:
    """The first listed word found anywhere in the submission, ignoring case."""
    if not listed:
        return None
    haystack = "\n".join(_said(case))
    for line in listed.splitlines():
        word = line.strip()
        if word and re.search(re.escape(word), haystack, re.IGNORECASE):
            return word
    return None


def _said(case: Case) -> list[str]:
    """Everything that came in, as sent and as it would be seen, each by itself."""
    submission = case.submission
    return [
        submission.author_name,
        submission.author_email,
        submission.author_url,
        submission.source_url,
        submission.source_title,
        submission.source_site,
        submission.body,
        case.sample.text,
        submission.ip_address or "",
        submission.user_agent,
    ]
