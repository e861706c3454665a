"""The rules, each a pure function: a `Case` in, a sentence out, or nothing.

The order and the defaults of those WordPress has are WordPress's.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils.translation import ngettext

from blog.models import SiteSettings
from comments.models import Rule
from comments.moderation.case import Case, Ruling
from comments.moderation.classifier import Opinion

MIN_SECONDS = 3
# The filter's word from which a comment is held, and above which it is in doubt.
SPAM_FROM, DOUBTFUL_ABOVE = 0.9, 0.5

ProofOfWork = SiteSettings.ProofOfWork


def find_own(case: Case) -> str | None:
    return "approved: written by the blog" if case.is_own else None


def find_block(case: Case) -> str | None:
    for ruling in case.rulings:
        if ruling.action == Rule.Action.BLOCK and _applies(ruling, case):
            return f"trashed: the {_named(ruling)} is blocked"
    return None


def find_disallowed_word(case: Case) -> str | None:
    word = _first_word(case.site.disallowed_words, case)
    return f"trashed: “{word}” is on the list of disallowed words" if word else None


def find_trap(case: Case) -> str | None:
    if case.submission.is_trapped:
        return "spam: a field was filled in that people don’t see"
    return None


def find_trust(case: Case) -> str | None:
    for ruling in case.rulings:
        if ruling.action == Rule.Action.TRUST:
            return f"approved: the {_named(ruling)} is always trusted"
    return None


def hold_all(case: Case) -> str | None:
    if case.site.hold_all:
        return "held: the settings hold every comment"
    return None


def hold_pings(case: Case) -> str | None:
    if case.submission.is_ping and case.site.hold_pings:
        return "held: the settings hold every ping"
    return None


def count_links(case: Case) -> str | None:
    """Links are counted after plain addresses were made links, as readers see them."""
    limit = case.site.hold_links
    found = _link_count(case)
    if limit and found >= limit:
        counted = ngettext("%d link", "%d links", found) % found
        return f"held: {counted}, the limit is {limit}"
    return None


def find_held_word(case: Case) -> str | None:
    word = _first_word(case.site.held_words, case)
    return f"held: “{word}” is on the list of held words" if word else None


def find_haste(case: Case) -> str | None:
    seconds = case.submission.typed_seconds
    if seconds is None or seconds >= MIN_SECONDS:
        return None
    return f"held: sent {seconds:.1f} seconds after the form was opened"


def find_links_of_unknown_origin(case: Case) -> str | None:
    """A ping comes from no form, and a browser that solved the puzzle is one."""
    how = case.submission
    if how.is_ping or how.has_proof or how.typed_seconds is not None:
        return None
    if not _link_count(case):
        return None
    return "held: it has links, and no browser said when its form was opened"


def find_same_text(case: Case) -> str | None:
    count = case.same_text_count
    # A page that links to two posts in one breath quotes it for both.
    if not count or case.submission.is_ping:
        return None
    posts = ngettext("%d other post", "%d other posts", count) % count
    return f"held: the same text was sent below {posts}"


def find_spam(case: Case) -> str | None:
    opinion = case.opinion
    if opinion is None or opinion.probability < SPAM_FROM:
        return None
    return f"held: reads like spam ({opinion.percent}): {', '.join(opinion.words)}"


def find_doubt(case: Case) -> str | None:
    """Held where a proof of work, or an account, does not speak for it."""
    opinion = case.opinion
    if opinion is None or not is_doubtful(opinion):
        return None
    if case.submission.has_proof or case.submission.author:
        return None
    why = f": {', '.join(opinion.words)}" if opinion.words else ""
    doubt = f"held: doubtful ({opinion.percent} spam-like{why})"
    missing = ", and sent without the proof of work" if why_proof(case) else ""
    return doubt + missing


def find_missing_proof(case: Case) -> str | None:
    """Where everybody is asked for one; of a doubtful one `find_doubt` has said it."""
    cause = why_proof(case)
    if not cause or (case.opinion and is_doubtful(case.opinion)):
        return None
    return f"held: sent without the proof of work; {cause}"


def hold_first(case: Case) -> str | None:
    """Of pings, the first one from each host: nobody signs a page."""
    if not case.site.hold_first or case.has_earlier_approved:
        return None
    if case.submission.is_ping:
        return f"held: nothing from {_host(case)} was approved before"
    return "held: no earlier comment of this writer was approved"


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
    """Why a stranger who brought no proof of work needs one, or nothing.

    Only strangers are asked: a ping has no browser, and a reader has an account.
    """
    asked = case.site.proof_of_work
    how = case.submission
    if asked == ProofOfWork.NEVER or how.has_proof or how.author or how.is_ping:
        return ""
    if asked == ProofOfWork.ALWAYS:
        return "this blog asks every visitor for a proof of work"
    if case.is_under_attack:
        return "many doubtful comments are arriving just now"
    if case.opinion and is_doubtful(case.opinion):
        return "something in it reads like spam to this blog’s filter"
    return ""


def _host(case: Case) -> str:
    return urlsplit(case.submission.source_url).hostname or "there"


def _link_count(case: Case) -> int:
    return case.rendered.count("<a ")


def _named(ruling: Ruling) -> str:
    trait = Rule.Trait(ruling.trait)
    label = "wording" if trait == Rule.Trait.WORDS else trait.label
    return f"{label} “{ruling.value}”"


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
