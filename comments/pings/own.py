"""A link from one of our posts to another: a pingback there, without going out.

As in WordPress. It stands among the received pings, as if the post had told us, and
goes when the link goes. It is said by the post's author: who may moderate, or wrote
the other post as well, need not be approved.
"""

from html import escape
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from blog import html_text, permalinks
from blog.fetch import Answer
from blog.models import Post, SiteSettings
from blog.web_address import normal
from comments import posting, wording
from comments.models import Comment, IncomingPing
from comments.pings import keeping, sources
from comments.policy import Refused
from comments.submission import Submission

REASON = wording.LINKED_HERE.said()
LINK_IS_GONE = wording.LINK_IS_GONE.said()
# Links that are looked up, of one post.
MAX_LINKS = 100

Kind = Comment.Kind
State = IncomingPing.State


def look_at(post_pk: int, site: SiteSettings) -> None:
    """Bring our own pingbacks of a post in step with its links.

    Where the settings make none, those that are there follow their link all the same.
    """
    rows = {ping.post_id: ping for ping in _told(post_pk)}
    if not (rows or site.pings_itself):
        return
    post = Post.objects.select_related("author").filter(pk=post_pk).first()
    linked = _linked(post) if post else {}
    for pk, ping in rows.items():
        if pk not in linked:
            _take_away(ping)
    if post is None:
        return
    for pk, (target, url) in linked.items():
        if pk in rows:
            _keep_up(rows[pk], _submission(post, rows[pk].source_url, url, site), site)
        elif site.pings_itself:
            _tell(post, target, url, site)


def has_told(post: Post) -> bool:
    """Whether there are any. One query."""
    return _told(post.pk).exists()


def _told(post_pk: int) -> QuerySet[IncomingPing]:
    """Known by the post's number: its address may change."""
    host = urlsplit(normal(settings.SITE_URL)).hostname or ""
    return IncomingPing.objects.filter(source_host=host, given__post=post_pk)


def _linked(post: Post) -> dict[int, tuple[Post, str]]:
    """The posts it links to, by number, each with the first link there."""
    found: dict[int, tuple[Post, str]] = {}
    if not post.is_public or post.password or not post.sends_pings:
        return found
    links = html_text.links_in(post.body_html, _address(post))
    for url in [link for link in links if permalinks.is_ours(link)][:MAX_LINKS]:
        target = permalinks.find_post(url)
        if target and target.pk != post.pk:
            found.setdefault(target.pk, (target, url))
    return found


def _tell(post: Post, target: Post, url: str, site: SiteSettings) -> None:
    """Once for each pair. A post that takes no pings gets none."""
    here = normal(_address(post))
    try:
        with transaction.atomic():
            ping, is_new = IncomingPing.objects.get_or_create(
                post=target,
                source_url=here,
                defaults={
                    "kind": Kind.PINGBACK,
                    "state": State.TAKEN,
                    "reason": REASON,
                    "source_host": urlsplit(here).hostname or "",
                    "target_url": url,
                    "given": {"post": post.pk},
                },
            )
            if is_new:
                known = target.comments.filter(kind=Kind.PINGBACK, source_url=here)
                said = _submission(post, here, url, site)
                ping.comment = known.first() or posting.post_comment(target, said, site)
                ping.save(update_fields=["comment"])
    except Refused:
        return


def _submission(post: Post, here: str, url: str, site: SiteSettings) -> Submission:
    html = {"Content-Type": "text/html; charset=utf-8"}
    page = Answer(here, 200, html, post.body_html.encode(), "utf-8")
    return Submission(
        body=escape(sources.read(page, url).excerpt, quote=False),
        kind=Kind.PINGBACK,
        author=post.author,
        author_name=post.author.public_name if post.author else "",
        source_url=here,
        source_title=post.headline,
        source_site=site.title,
        source_data={"type": "mention"},
    )


def _take_away(told: IncomingPing) -> None:
    with transaction.atomic():
        ping = _held(told)
        if ping is None or ping.state != State.TAKEN:
            return
        if ping.comment:
            trash = Comment.State.TRASH
            ping.removal = posting.decide([ping.comment], trash, LINK_IS_GONE)
        ping.state, ping.reason = State.GONE, LINK_IS_GONE
        ping.save(update_fields=["state", "removal", "reason"])


def _keep_up(told: IncomingPing, said: Submission, site: SiteSettings) -> None:
    """Put back what went with its link, and have it say what the post says now."""
    with transaction.atomic():
        ping = _held(told)
        if ping is None:
            return
        if ping.state == State.GONE:
            if ping.removal:
                posting.undo(ping.removal)
            ping.state, ping.removal, ping.reason = State.TAKEN, None, REASON
            ping.save(update_fields=["state", "removal", "reason"])
        if ping.comment:
            ping.comment.refresh_from_db()
            keeping.update(ping.comment, said, site)


def _held(told: IncomingPing) -> IncomingPing | None:
    """The row as it is by now, kept from others; before any comment is locked."""
    rows = IncomingPing.objects.filter(pk=told.pk).select_related("comment")
    return rows.select_for_update(of=["self"]).first()


def _address(post: Post) -> str:
    return settings.SITE_URL + post.get_absolute_url()
