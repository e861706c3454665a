"""What stands in a feed of what people said: only what everybody may read."""

from sys import getsizeof

from django.db.models import BigIntegerField, DateTimeField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext

from blog import feed_markup, feeds, fragments, html_text
from blog.addresses import whole
from blog.feed_entries import Channel, Entry, Written
from blog.feed_formats import Format
from blog.models import Post, SiteSettings
from blog.models.post_text import EXCERPT_WORDS
from blog.prepared import Prepared, Slot
from comments.models import Comment
from comments.models.comment_queryset import CommentQuerySet


def of_comments(
    request: HttpRequest,
    post: Post | None,
    form: Format,
    address: str,
    *,
    name: str,
    page: str,
) -> Channel:
    """The newest public ones below `post`, or all; that of `page` is below `address`.

    Of what is kept one query; one more where an entry is not, however many there are.
    """
    site = SiteSettings.of(request)
    # First which ones: of thousands below a post, none is read whole to be left out.
    part = feeds.part_of(request, _Newest(post), site.feed_items)
    entries = _written(request, part.rows, form)
    return feeds.channel(
        site, form, address, name=name, entries=entries, page=page, part=part
    )


class _Newest:
    """The keys of the newest public ones below `post`, or of all; to be sliced."""

    def __init__(self, post: Post | None) -> None:
        self._post = post

    def __getitem__(self, part: slice) -> list[int]:
        now = timezone.now()
        if self._post is None:
            rows = _OF_ALL.part(part.start, part.stop, now=now)
        else:
            rows = _BELOW.part(part.start, part.stop, now=now, post=self._post.pk)
        return [pk for (pk,) in rows]


def _written(request: HttpRequest, pks: list[int], form: Format) -> list[Written]:
    """What a format has of each comment; kept in each generation of the blog."""
    kept = fragments.of(request)
    is_shown = feeds.is_shown(request, form)
    kind = ("feed of comments", form.name, is_shown, get_language())
    found: dict[int, Written | None] = {pk: kept.get((*kind, pk)) for pk in pks}
    missing = [pk for pk, entry in found.items() if entry is None]
    for comment in _whole(missing) if missing else []:
        entry = form.written(_entry(comment), is_shown=is_shown)
        kept.keep((*kind, comment.pk), entry, getsizeof(entry.text))
        found[comment.pk] = entry
    return [entry for entry in found.values() if entry is not None]


def _whole(pks: list[int]) -> CommentQuerySet:
    return (
        Comment.objects.public()
        .filter(pk__in=pks)
        .select_related("post", "author", "parent", "in_reply_to")
        .defer("body", "post__body", "post__body_html", "parent__body")
        .defer("parent__body_html", "in_reply_to__body", "in_reply_to__body_html")
    )


def _keys() -> CommentQuerySet:
    public = Comment.objects.public(Slot("now", DateTimeField()))
    return public.order_by("-created_at", "-pk").values_list("pk")


_OF_ALL = Prepared(_keys)
_BELOW = Prepared(lambda: _keys().filter(post=Slot("post", BigIntegerField())))


def _entry(comment: Comment) -> Entry:
    page = whole(comment.post.get_absolute_url())
    names = {"writer": comment.writer, "post": comment.post.headline}
    return Entry(
        guid=comment.guid,
        address=whole(comment.get_absolute_url()),
        title=gettext("%(writer)s on “%(post)s”") % names,
        summary=html_text.first_words(comment.body_html, EXCERPT_WORDS, " […]"),
        content=feed_markup.for_readers(comment.body_html, page),
        published_at=comment.created_at,
        updated_at=max(comment.created_at, comment.edited_at or comment.created_at),
        author=comment.writer,
        author_address=comment.author_url,
        answered=_answered(comment, page),
    )


def _answered(comment: Comment, page: str) -> tuple[str, str]:
    """What it answers: another comment if that can be read, else the post."""
    above = comment.in_reply_to or comment.parent
    if above and above.is_approved:
        return above.guid, whole(above.get_absolute_url())
    return comment.post.guid, page
