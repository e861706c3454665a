"""What comes in is checked for what costs nothing, and a row waits to be verified."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from blog import permalinks
from blog.fetch import UnsafeURL, check_url
from blog.guarded_connections import PORTS, allowed_ports
from blog.models import Post, SiteSettings
from blog.numbers import number_or_none
from blog.public_addresses import is_public
from blog.web_address import MAX_ADDRESS_LENGTH, NoAddress, normal
from comments import policy, tasks
from comments.models import Comment
from comments.models.ping import IncomingPing
from comments.pings import limits
from comments.pings.refusals import (
    AlreadyRegistered,
    PingRefused,
    SourceMissing,
    TargetClosed,
    TargetUnknown,
)

Kind, State = IncomingPing.Kind, IncomingPing.State
# Of a response that nobody removed.
STANDING = (Comment.State.APPROVED, Comment.State.PENDING)


@dataclass(frozen=True)
class _Claim:
    """That the page `source` links to `post`, at the address `target`."""

    kind: str
    source: str
    target: str
    post: Post
    address: str | None
    given: dict[str, Any]

    @property
    def host(self) -> str:
        return urlsplit(self.source).hostname or ""


def take(
    kind: str,
    source_url: str,
    target_url: str,
    *,
    address: str | None,
    given: dict[str, Any] | None = None,
    is_awaited: bool = False,
) -> IncomingPing:
    """The row of this pair, waiting to be verified. Asks nobody out there.

    A task is enqueued for it, unless it waits already or, `is_awaited`, the caller
    verifies it now. Where somebody looks at the page just now, it is looked at once
    more afterwards: it may have changed since. Raises a PingRefused; nothing is stored
    then. About ten queries.
    """
    source, target = _source(source_url), _target(target_url)
    if source == normal(target):
        raise PingRefused(gettext("A page’s links to itself are no news."))
    if permalinks.is_ours(source):
        # Where it wants to know of its own links it sees to them itself: see `own`.
        raise TargetClosed(
            gettext("This blog knows its own links; nobody need tell it.")
        )
    post = _post(target)
    sent_by = limits.sender(address)
    claim = _Claim(kind, source, target, post, sent_by, given or {})
    known = IncomingPing.objects.filter(post=post, source_url=source).first()
    said = known.comment if known else _said_before(claim, source_url)
    _check_open(claim, said)
    if kind != Kind.WEBMENTION:
        _check_news(known, said)
    if known and _will_be_seen(known) and not is_awaited:
        return known
    limits.check(sent_by, claim.host, known)
    try:
        return _store(claim, said, is_awaited=is_awaited)
    except IntegrityError:
        if Post.objects.filter(pk=post.pk).exists():
            raise
        raise TargetUnknown(
            gettext("There is nothing at that address any more.")
        ) from None


def has_standing(post: Post) -> bool:
    """Whether a page that links here is shown below `post`. One query."""
    shown = Comment.objects.approved().filter(post=post)
    return _pings(shown).exists()


def _source(url: str) -> str:
    """The page's address in its one spelling. Raises SourceMissing."""
    if not url.strip():
        raise SourceMissing(
            gettext("Your page can’t be looked at. Its address is missing.")
        )
    try:
        source = normal(url.strip()) if len(url) <= MAX_ADDRESS_LENGTH else url
        if len(source) > MAX_ADDRESS_LENGTH:
            raise SourceMissing(
                gettext("An address has %(limit)s characters at most.")
                % {"limit": MAX_ADDRESS_LENGTH}
            )
        if not permalinks.is_ours(source):
            check_url(source)
            _check_place(source)
    except (NoAddress, UnsafeURL) as error:
        raise SourceMissing(
            gettext("Your page can’t be looked at. %(error)s") % {"error": error}
        ) from None
    return source


def _check_place(source: str) -> None:
    """Raise UnsafeURL for a machine that nobody outside can see.

    Only where the address itself says so: names are looked up when it is fetched,
    and there it is checked again.
    """
    parts = urlsplit(source)
    try:
        place = str(ip_address(parts.hostname or ""))
    except ValueError:
        return
    if not is_public(place) and parts.port not in allowed_ports() - PORTS:
        raise UnsafeURL(
            gettext("%(place)s is not on the public internet.") % {"place": place}
        )


def _target(url: str) -> str:
    """As it was sent, because the page has to name it so. Raises TargetUnknown."""
    target = url.strip()
    if len(target) > MAX_ADDRESS_LENGTH:
        raise TargetUnknown(gettext("No address of this blog is as long as that."))
    try:
        normal(target)
    except NoAddress as error:
        raise TargetUnknown(
            gettext("That is no page of this blog. %(error)s") % {"error": error}
        ) from None
    return target


def _post(target: str) -> Post:
    """What it leads to. Raises TargetUnknown, TargetClosed."""
    post = permalinks.find_post(target)
    if post is None:
        other = permalinks.other_view(target)
        if other is None:
            raise TargetUnknown(
                gettext("There is nothing at that address of this blog.")
            )
        if other.view_name == "comments:permalink":
            post = _post_of_comment(other.kwargs["pk"])
    if post is None:
        raise TargetClosed(gettext("Only posts and pages take pings; that is neither."))
    return post


def _post_of_comment(pk: int) -> Post | None:
    """The post below which something was said that everybody sees."""
    if number_or_none(str(pk)) is None:
        return None
    found = Comment.objects.approved().filter(pk=pk).select_related("post").first()
    return found.post if found and found.post.is_public else None


def _said_before(claim: _Claim, source_url: str) -> Comment | None:
    """The response this page has already, from before there were rows: imported."""
    pings = _pings(Comment.objects.filter(post=claim.post))
    spelt = {claim.source, source_url.strip()}
    return pings.filter(source_url__in=spelt).first()


def _pings(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    return comments.exclude(kind=Comment.Kind.COMMENT).order_by("pk")


def _check_open(claim: _Claim, said: Comment | None) -> None:
    """Raise TargetClosed where nothing is taken.

    Of what stands here already a webmention may tell that it changed or is gone, as
    long as this blog takes any: nothing new comes in by it.
    """
    site = SiteSettings.current()
    closed = policy.why_pings_closed(claim.post, site)
    is_news_of_it = claim.kind == Kind.WEBMENTION and site.takes_pings
    if closed and not (is_news_of_it and said and said.state in STANDING):
        raise TargetClosed(closed)


def _will_be_seen(ping: IncomingPing) -> bool:
    """Whether whoever looks at its page next has not begun to."""
    return ping.state == State.WAITING and ping.claimed_at is None


def _check_news(known: IncomingPing | None, said: Comment | None) -> None:
    """Raise AlreadyRegistered where there is a response, shown or not.

    Not where it went because its page or link had gone: they may be back.
    """
    if said and not (known and known.state == State.GONE):
        raise AlreadyRegistered(gettext("This link is known here already."))


def _store(claim: _Claim, said: Comment | None, *, is_awaited: bool) -> IncomingPing:
    """Make the row wait, and have somebody look at it. One transaction.

    Of two that come in the same moment, one makes the row and the other finds it.
    """
    with transaction.atomic():
        ping, is_new = IncomingPing.objects.get_or_create(
            post=claim.post,
            source_url=claim.source,
            defaults=_first(claim, said),
        )
        if not is_new:
            ping = IncomingPing.objects.select_for_update().get(pk=ping.pk)
        is_asleep = is_new or ping.state != State.WAITING
        if not is_new and (is_awaited or not _will_be_seen(ping)):
            _renew(ping, claim)
        if is_asleep and not is_awaited:
            tasks.verify_ping.enqueue(ping.pk)
    return ping


def _first(claim: _Claim, said: Comment | None) -> dict[str, Any]:
    return {
        "kind": said.kind if said else claim.kind,
        "comment": said,
        "source_host": claim.host,
        "target_url": claim.target,
        "given": claim.given,
        "ip_address": claim.address,
        "asked_count": 1,
    }


def _renew(ping: IncomingPing, claim: _Claim) -> None:
    """Have it looked at once more, for whoever asks now.

    Who looks at it just now sees by `asked_at` that it was asked for since.
    """
    now = timezone.now()
    asked = limits.times_asked(ping, now)
    ping.counted_at = ping.counted_at if asked else now
    ping.asked_count = asked + 1
    ping.asked_at, ping.ip_address = now, claim.address
    if ping.claimed_at is None:
        _say_anew(ping, claim)
    if ping.state != State.WAITING:
        ping.state, ping.due_at, ping.attempts = State.WAITING, now, 0
        ping.claimed_by, ping.claimed_at, ping.reason = "", None, ""
    ping.save()


def _say_anew(ping: IncomingPing, claim: _Claim) -> None:
    """What it is now said to be.

    What stands here goes on standing by the link it was taken for: else anybody could
    have it removed by naming the post in another way.
    """
    ping.given = claim.given or ping.given
    if ping.comment_id is None or ping.state == State.GONE:
        ping.target_url = claim.target
    if ping.comment_id is None:
        ping.kind = claim.kind
