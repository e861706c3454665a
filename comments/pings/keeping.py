"""The response a ping becomes: how it is stored, follows its page, and goes with it."""

from html import escape
from typing import Any

from django.db import transaction

from blog.models import SiteSettings
from comments import moderation
from comments.models import Comment, IncomingPing
from comments.pings import excerpts
from comments.pings.mention import Mention
from comments.posting import decide, post_comment, store_changed, undo
from comments.submission import Submission

# As much of what a trackback tells of itself as of what a page says.
MAX_GIVEN_EXCERPT = 300
# What follows the page.
FOLLOWED = [
    "author_name",
    "author_url",
    "body",
    "source_title",
    "source_site",
    "source_data",
]
_REMOVED_STATES = (Comment.State.SPAM, Comment.State.TRASH)


def store(ping: IncomingPing, mention: Mention, site: SiteSettings) -> Comment:
    """The response to `ping`, saying what its page says now.

    What was removed because the link was gone comes back; what people removed stays
    as it is. Called in a transaction that holds the row. Raises policy.Refused.
    """
    said = _submission(ping, mention)
    comment = response_to(ping)
    if comment is None:
        return post_comment(ping.post, said, site)
    if ping.removal:
        undo(ping.removal)
        comment.refresh_from_db()
    update(comment, said, site)
    return comment


def remove(ping: IncomingPing, reason: str) -> None:
    """Take the response away: `reason`, as stored, says what became of the page.

    What was taken away for that before, and put back by a moderator, stays.
    """
    comment = ping.comment
    if comment is None or ping.removal or not _stands(comment):
        return
    ping.removal = decide([comment], Comment.State.TRASH, reason)


def response_to(ping: IncomingPing) -> Comment | None:
    """Its own, or one that stood here before: it moved in from another blog."""
    if ping.comment:
        return ping.comment
    pings = Comment.objects.filter(post=ping.post_id).exclude(kind=Comment.Kind.COMMENT)
    return pings.filter(source_url=ping.source_url).order_by("pk").first()


def update(comment: Comment, said: Submission, site: SiteSettings) -> None:
    """Say what the page says now: judged anew, as an edited comment is.

    A rule may take it from view, but none shows what waited. What was known and the
    page does not tell any more stays known; what was removed or erased stays as it is.
    """
    changed = _changes(comment, said)
    if not changed or not _stands(comment):
        return
    # What takes time comes first: while one writes, others wait.
    verdict = moderation.judge(moderation.gather(comment.post, said, site))
    with transaction.atomic():
        Comment.objects.lock_trees([comment.tree_id])
        comment.refresh_from_db()
        if not _stands(comment):
            return
        for name, value in changed.items():
            setattr(comment, name, value)
        store_changed(comment, FOLLOWED, verdict, site)


def _stands(comment: Comment) -> bool:
    return not comment.is_erased and comment.state not in _REMOVED_STATES


def _changes(comment: Comment, said: Submission) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(said, name) for name in FOLLOWED}
    told["source_data"] = comment.source_data | said.source_data
    for name in ("author_name", "author_url", "source_title", "source_site"):
        told[name] = told[name] or getattr(comment, name)
    return {
        name: value for name, value in told.items() if getattr(comment, name) != value
    }


def _submission(ping: IncomingPing, mention: Mention) -> Submission:
    """What the page says; where it says nothing, what a trackback told of itself."""
    given = Mention(
        title=_given(ping, "title"),
        site=_given(ping, "blog_name"),
        excerpt=excerpts.beginning(_given(ping, "excerpt"), MAX_GIVEN_EXCERPT),
    )
    # Kept as WordPress keeps it, as HTML: nothing in it is to be markup.
    words = escape(mention.excerpt or given.excerpt, quote=False)
    return Submission(
        body=words,
        kind=ping.kind,
        author_name=mention.author_name,
        author_url=mention.author_url,
        ip_address=ping.ip_address,
        source_url=ping.source_url,
        source_title=mention.title or given.title,
        source_site=mention.site or given.site,
        source_data={"type": mention.type},
    )


def _given(ping: IncomingPing, name: str) -> str:
    value = ping.given.get(name)
    return excerpts.line(value) if isinstance(value, str) else ""
