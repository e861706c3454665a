"""What stands in a feed of what people said: only what everybody may read."""

from django.http import HttpRequest
from django.utils.translation import gettext

from blog import feed_markup, feeds, html_text
from blog.addresses import whole
from blog.feed_entries import Channel, Entry
from blog.feed_formats import Format
from blog.models import SiteSettings
from blog.models.post_text import EXCERPT_WORDS
from comments.models import Comment
from comments.models.comment_queryset import CommentQuerySet


def of_comments(
    request: HttpRequest,
    comments: CommentQuerySet,
    form: Format,
    address: str,
    *,
    name: str,
    page: str,
) -> Channel:
    """The newest public ones of `comments`; the feed of `page` stands below `address`.

    Three queries, however many there are.
    """
    site = SiteSettings.of(request)
    newest = comments.public().order_by("-created_at", "-pk")
    # First which ones: of thousands below a post, none is read whole to be left out.
    part = feeds.part_of(request, newest.values_list("pk", flat=True), site.feed_items)
    rows = (
        newest.filter(pk__in=part.rows)
        .select_related("post", "author", "parent", "in_reply_to")
        .defer("body", "post__body", "post__body_html", "parent__body")
        .defer("parent__body_html", "in_reply_to__body", "in_reply_to__body_html")
    )
    is_shown = feeds.is_shown(request, form)
    entries = [form.written(_entry(row), is_shown=is_shown) for row in rows]
    return feeds.channel(
        site, form, address, name=name, entries=entries, page=page, part=part
    )


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
