"""What a moderator wants to know beside a comment: who writes, and from where."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Count, Min
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, ngettext_lazy

from blog import html_text
from comments import wording
from comments.models import Comment

State = Comment.State
EXCERPT_WORDS = 40
# For texts that have no spaces.
EXCERPT_CHARACTERS = 400
MAX_NAMES = 3
MAX_DOMAINS = 3
_LINK = re.compile(r'href="(https?://[^"]+)"')
_COUNTED = {
    State.APPROVED: ngettext_lazy("%(count)s approved", "%(count)s approved", "count"),
    State.PENDING: ngettext_lazy("%(count)s held", "%(count)s held", "count"),
    State.SPAM: ngettext_lazy("%(count)s spam", "%(count)s spam", "count"),
    State.TRASH: ngettext_lazy(
        "%(count)s in the trash", "%(count)s in the trash", "count"
    ),
}


@dataclass
class History:
    """What one person has written here so far, in all states."""

    states: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    first_seen_at: datetime | None = None

    def add(self, state: str, name: str, count: int, first: datetime) -> None:
        self.states[state] += count
        self.names[name] += count
        self.first_seen_at = min(self.first_seen_at or first, first)

    def in_words(self, name: str) -> str:
        """`12 approved, 1 spam; first seen 3 March 2024; also wrote as “Bob B.”`"""
        if self.states.total() <= 1 or self.first_seen_at is None:
            return gettext("First comment")
        counts = [
            words % {"count": self.states[state]}
            for state, words in _COUNTED.items()
            if self.states[state]
        ]
        day = date_format(localtime(self.first_seen_at), gettext("j F Y"))
        first_seen = gettext("first seen %(date)s") % {"date": day}
        told = [", ".join(counts), first_seen]
        others = [other for other, _ in self.names.most_common() if other != name]
        if shown := [f"“{other}”" for other in others if other][:MAX_NAMES]:
            more = len(others) - len(shown)
            words = (
                ngettext(
                    "also wrote as %(names)s and %(count)s more",
                    "also wrote as %(names)s and %(count)s more",
                    more,
                )
                if more > 0
                else gettext("also wrote as %(names)s")
            )
            told.append(words % {"names": ", ".join(shown), "count": more})
        return "; ".join(told)


@dataclass(frozen=True)
class Row:
    """A comment in the queue with all that is shown beside it."""

    comment: Comment
    excerpt: str
    is_cut: bool
    answered: str
    reasons: list[str]
    likeness: int | None
    history: str
    history_query: str
    neighbours: str
    domains: list[str]


def rows(comments: Sequence[Comment]) -> list[Row]:
    """These comments with their context. At most three queries, however many."""
    emails = _histories("author_email", _given(c.author_email for c in comments))
    accounts = _histories("author_id", _given(c.author_id for c in comments))
    addresses = _address_counts(_given(c.ip_address for c in comments))
    return [
        _row(
            comment,
            accounts.get(comment.author_id) or emails.get(comment.author_email),
            addresses.get(comment.ip_address, 1) - 1,
        )
        for comment in comments
    ]


def _given(values: Iterable[object]) -> set[object]:
    return {value for value in values if value}


def _histories(trait: str, values: set[object]) -> dict[object, History]:
    if not values:
        return {}
    found: dict[object, History] = {}
    groups = (
        Comment.objects.filter(**{f"{trait}__in": values})
        .order_by()
        .values_list(trait, "state", "author_name")
        .annotate(Count("pk"), Min("created_at"))
    )
    for value, state, name, count, first in groups:
        found.setdefault(value, History()).add(state, name, count, first)
    return found


def _address_counts(addresses: set[object]) -> dict[str, int]:
    if not addresses:
        return {}
    seen = Comment.objects.filter(ip_address__in=addresses).order_by()
    return dict(seen.values_list("ip_address").annotate(Count("pk")))


def _row(comment: Comment, history: History | None, others: int) -> Row:
    excerpt = _excerpt(comment.body_html)
    parent = comment.parent
    told = ngettext(
        "%(count)s other from there", "%(count)s others from there", others
    ) % {"count": others}
    return Row(
        comment=comment,
        excerpt=excerpt,
        is_cut=excerpt.endswith(" …"),
        answered=html_text.first_words(parent.body_html, 12, " …") if parent else "",
        reasons=_reasons(comment),
        likeness=_percent(comment.spam_score),
        history=history.in_words(comment.author_name) if history else "",
        history_query=_history_query(comment, history),
        neighbours=told if others > 0 else "",
        domains=domains(comment),
    )


def _excerpt(rendered: str) -> str:
    words = html_text.first_words(rendered, EXCERPT_WORDS, " …")
    if len(words) <= EXCERPT_CHARACTERS:
        return words
    return words[:EXCERPT_CHARACTERS].removesuffix(" …") + " …"


def _reasons(comment: Comment) -> list[str]:
    """Why it stands as it does, without the word that stands above them."""
    told = [wording.shown_below(reason, comment.state) for reason in comment.reasons]
    return [reason for reason in told if reason]


def _percent(score: float | None) -> int | None:
    return None if score is None else round(score * 100)


def _history_query(comment: Comment, history: History | None) -> str:
    """Where all of theirs are listed; empty where this is their only one."""
    if history is None or history.states.total() <= 1:
        return ""
    if comment.author_id:
        return f"account={comment.author_id}"
    return f"writer={comment.author_email}"


def domains(comment: Comment) -> list[str]:
    """The domains it leads to; the one of its e-mail where it leads nowhere."""
    links = [comment.author_url, comment.source_url]
    links += _LINK.findall(comment.body_html)
    hosts = [_host(link) for link in links if link]
    if not any(hosts):
        hosts = [comment.author_email.rpartition("@")[2]]
    return list(dict.fromkeys(filter(None, hosts)))[:MAX_DOMAINS]


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
