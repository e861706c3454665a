"""Which pages are to be told of a post: rows of its links, kept in step with it.

One row for each page a post links to. What a row was told with last is its
`told_key`; when the post would say something else there now, it is told again. Only
a webmention is told again: a pingback and a trackback happen once, and know no news.
News of a post that stays wait a while: who saves ten times in a row has one thing to
tell. What is new to a page, or taken back, is told at once.

A post that takes a password, or is told to be silent, tells nobody anything: its rows
stay as they are. Its page is still there and no link was taken away, so nothing is
taken back either; and whoever looked would find a closed door, and drop the mention.

When the post changes, who takes no pings, or could not be reached for a day, is asked
once more, weekly at most: it may have learned. Who refused is not; the author may.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from blog import html_text, permalinks
from blog.models import Post, SiteSettings
from blog.web_address import MAX_ADDRESS_LENGTH, NoAddress, normal
from comments import tasks
from comments.models import OutgoingPing
from comments.pings import own

# So many pages are told of one post. The next one gets a row that says so.
MAX_PAGES = 100
ANEW_AFTER = timedelta(days=7)
# `told_key` where the other side was told that our link is no more, and where it is
# not known what it was told.
GONE, PERHAPS = "gone", "perhaps"

State = OutgoingPing.State
WEBMENTION = OutgoingPing.Protocol.WEBMENTION
# An address, and whether it is one for trackbacks.
Page = tuple[str, bool]


def look_at(post_pk: int) -> datetime | None:
    """Bring the rows of a post in step with it; when to look again, if it is to come.

    A post that is no more has no rows: those that lost theirs are looked at instead.
    Writes only where something changed, so it may run as often as it likes.
    """
    site = SiteSettings.current()
    with transaction.atomic():
        post = locked(post_pk)
        if site.sends_pings:
            rows = OutgoingPing.objects.filter(post=post)
            if post is None:
                rows = rows.exclude(told_key=GONE)
            _too_many(rows).delete()
            told = _renew(rows.order_by("pk"), post)
            if post:
                told += _add(post)
            for ping in told:
                is_later = ping.due_at > timezone.now()
                due_at = ping.due_at if is_later else None
                tasks.send_ping.using(run_after=due_at).enqueue(ping.pk)
    own.look_at(post_pk, site)
    return post.published_at if post and post.is_scheduled else None


def matters(post: Post) -> bool:
    """Whether looking at it could lead to anything. Four queries at most."""
    if OutgoingPing.objects.filter(post=post).exists() or own.has_told(post):
        return True
    if post.status != Post.Status.PUBLISHED or is_silent(post):
        return False
    if not (
        post.trackback_urls or html_text.links_in(post.body_html, settings.SITE_URL)
    ):
        return False
    site = SiteSettings.current()
    return site.sends_pings or site.pings_itself


def count_due(post: Post) -> int:
    """How many pages are told something, as soon as the post is looked at. Two queries."""
    if not SiteSettings.current().sends_pings:
        return 0
    soon, pages = news_at(post), pages_of(post)
    rows = list(post.outgoing_pings.all())
    known = {_page_of(ping) for ping in rows}
    fresh = [page for page in pages if page not in known]
    due = [
        ping
        for ping in rows
        if to_tell(ping, post, pages)
        and (_is_anew(ping) or (ping.state == State.WAITING and ping.due_at <= soon))
    ]
    return len(due) + min(len(fresh), max(0, MAX_PAGES - len(pages) + len(fresh)))


def locked(post_pk: int | None) -> Post | None:
    """The post, and nobody changes it or its rows until the transaction ends."""
    posts = Post.objects.select_for_update(no_key=True)
    return posts.filter(pk=post_pk).first() if post_pk else None


def to_tell(
    ping: OutgoingPing, post: Post | None, pages: list[Page] | None = None
) -> str:
    """What its page has to be told now, as a key; empty: nothing. No query.

    A key stands for what the post says, or is GONE. `pages` are those of the post,
    where they are known.
    """
    if post and is_silent(post):
        return ""
    if post and pages is None:
        pages = pages_of(post)
    is_linked = _page_of(ping) in (pages or [])
    key = _key(post) if post and is_linked else GONE
    if knows(ping, ping.protocol, key):
        return ""
    return key if is_linked or is_told(ping) else ""


def knows(ping: OutgoingPing, protocol: str, key: str) -> bool:
    """Whether its page was told this, or takes no news by this protocol."""
    if protocol == WEBMENTION or not is_told(ping):
        return key == ping.told_key
    return key == GONE or ping.told_key not in ("", PERHAPS)


def news_at(post: Post | None) -> datetime:
    """When pages that know the post are told what is new."""
    is_here = post is not None and post.is_public
    wait = settings.PING_UPDATE_SECONDS if is_here else 0
    return timezone.now() + timedelta(seconds=wait)


def call_off(ping: OutgoingPing) -> None:
    """Nothing is to be told (any more): forget a row of which nobody ever heard."""
    row = OutgoingPing.objects.filter(pk=ping.pk, claimed_by=ping.claimed_by)
    if is_told(ping):
        settled = {"state": State.SENT, "due_at": timezone.now(), "reason": ""}
        row.update(**settled, claimed_by="", claimed_at=None)
    else:
        row.delete()


def is_told(ping: OutgoingPing) -> bool:
    """Whether its page heard of us, or may have."""
    return ping.sent_at is not None or bool(ping.told_key)


def is_silent(post: Post) -> bool:
    return not post.sends_pings or (post.is_public and bool(post.password))


def pages_of(post: Post) -> list[Page]:
    """What a post that everybody can read links to elsewhere, in order, each once.

    Two links that differ in their fragments lead to one page, and it is told of the
    first, as that one stands there: the other side looks for exactly this.
    """
    if not post.is_public or is_silent(post):
        return []
    named = [line.strip() for line in post.trackback_urls.splitlines()]
    links = html_text.links_in(post.body_html)
    return [
        *((url, False) for url in _elsewhere(links)),
        *((url, True) for url in _elsewhere(named)),
    ]


def _elsewhere(urls: Iterable[str]) -> Iterable[str]:
    found: dict[str, str] = {}
    for url in urls:
        try:
            page = normal(url)
        except NoAddress:
            continue
        if len(url) <= MAX_ADDRESS_LENGTH and not permalinks.is_ours(page):
            found.setdefault(page, url)
    return found.values()


def _page_of(ping: OutgoingPing) -> Page:
    return ping.target_url, ping.is_trackback


def _key(post: Post) -> str:
    """Another one when the post says something else."""
    said = "\0".join([post.title, post.body, post.excerpt])
    return blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()


def _renew(rows: Iterable[OutgoingPing], post: Post | None) -> list[OutgoingPing]:
    """Put rows that have something new to tell among those that wait; which."""
    renewed = []
    pages = pages_of(post) if post else []
    for ping in rows:
        if ping.claimed_by:
            continue  # who is at it looks at the post again afterwards
        if not to_tell(ping, post, pages):
            if ping.state == State.WAITING or not is_told(ping):
                _put_aside(ping, post)
        elif _is_anew(ping):
            ping.due_at = news_at(post) if is_told(ping) else timezone.now()
            changes = {"state": State.WAITING, "due_at": ping.due_at}
            changes |= {"attempts": 0, "handed_at": None, "reason": ""}
            OutgoingPing.objects.filter(pk=ping.pk).update(**changes)
            renewed.append(ping)
    return renewed


def _put_aside(ping: OutgoingPing, post: Post | None) -> None:
    """A link that is still there but locked away keeps what became of it."""
    if ping.state == State.WAITING or not (post and is_silent(post)):
        call_off(ping)


def _is_anew(ping: OutgoingPing) -> bool:
    """Whether what stands there now is tried (again), as something is to be told."""
    if ping.state in (State.SILENT, State.GIVEN_UP) and not is_told(ping):
        return ping.due_at < timezone.now() - ANEW_AFTER
    return ping.state not in (State.WAITING, State.REFUSED)


def _add(post: Post) -> list[OutgoingPing]:
    """Rows for pages that have none; MAX_PAGES for a post."""
    here = settings.SITE_URL + post.get_absolute_url()
    rows = {_page_of(ping): ping for ping in post.outgoing_pings.all()}
    pages = pages_of(post)
    new = [page for page in pages if page not in rows]
    room = max(0, MAX_PAGES - (len(pages) - len(new)))
    added = [
        OutgoingPing(post=post, source_url=here, target_url=url, is_trackback=named)
        for url, named in new[:room]
    ]
    # Who was not told yet does not know the address the post had before.
    never = OutgoingPing.objects.filter(post=post, sent_at=None, claimed_by="")
    never.filter(~Q(state=State.UNSURE), ~Q(source_url=here)).update(source_url=here)
    added = OutgoingPing.objects.bulk_create(added)
    if new[room:]:
        _say_too_many(post, here, new[room:])
    return added


def _too_many(rows: QuerySet[OutgoingPing]) -> QuerySet[OutgoingPing]:
    """The row that says so: nobody ever asked its page."""
    return rows.filter(state=State.REFUSED, attempts=0, sent_at=None)


def _say_too_many(post: Post, here: str, left: list[Page]) -> None:
    """The first page that is not told stands for all of them."""
    (url, named), count = left[0], len(left)
    reason = ngettext(
        "Not told: no more than %(limit)s pages are told of one post, and this one "
        "links to %(count)s more.",
        "Not told: no more than %(limit)s pages are told of one post, and this one "
        "links to %(count)s more.",
        count,
    ) % {"limit": MAX_PAGES, "count": count}
    OutgoingPing.objects.create(
        post=post,
        source_url=here,
        target_url=url,
        is_trackback=named,
        state=State.REFUSED,
        reason=reason,
    )
