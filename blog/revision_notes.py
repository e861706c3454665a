"""What was done to a post, in the line its history has for each change."""

import re

from django.utils.text import get_text_list
from django.utils.translation import gettext, gettext_noop

from blog.models import Post
from blog.retelling import Retelling

# What a revision holds, besides categories and tags, and what people call it.
LABELS = {
    "title": gettext_noop("title"),
    "body": gettext_noop("text"),
    "excerpt": gettext_noop("excerpt"),
    "status": gettext_noop("state"),
    "published_at": gettext_noop("date"),
    "date_is_estimated": gettext_noop("estimated date"),
    "slug": gettext_noop("slug"),
    "parent": gettext_noop("place"),
    "menu_order": gettext_noop("order"),
    "author": gettext_noop("author"),
    "language": gettext_noop("language"),
    "password": gettext_noop("password"),
    "is_sticky": gettext_noop("sticky"),
    "featured_image": gettext_noop("picture"),
    "meta_title": gettext_noop("title elsewhere"),
    "meta_description": gettext_noop("description elsewhere"),
    "social_image": gettext_noop("picture elsewhere"),
    "comments_open": gettext_noop("takes comments"),
    "pings_open": gettext_noop("takes pings"),
    "sends_pings": gettext_noop("tells the pages it links to"),
    "trackback_urls": gettext_noop("send trackbacks to"),
    "review_note": gettext_noop("note about the review"),
    "categories": gettext_noop("categories"),
    "tags": gettext_noop("tags"),
}
BECAME = {
    Post.Status.DRAFT: gettext_noop("made a draft"),
    Post.Status.PENDING: gettext_noop("sent for review"),
    Post.Status.PUBLISHED: gettext_noop("published"),
    Post.Status.PRIVATE: gettext_noop("made private"),
    Post.Status.TRASH: gettext_noop("moved to the trash"),
}
AS_BEFORE = gettext_noop("As it was before the first change that was kept")
WRITTEN = gettext_noop("Written")
PUBLISHED_AT_ONCE = gettext_noop("Written, published")
DELETED = gettext_noop("Deleted")
RESTORED = gettext_noop("Restored as it was on %(date)s")
BROUGHT_BACK = gettext_noop("Brought back from the deleted")
COPIED = gettext_noop("Copied from another post")
FILE_CAME = gettext_noop("A file of the old blog came")

_BETWEEN = re.compile(r", | and ")


def of_changes(labels: list[str]) -> str:
    """`Title, text and tags`, as it is stored."""
    return _begun(" and ".join([*filter(None, [", ".join(labels[:-1])]), labels[-1]]))


def _changes(note: str) -> str:
    """The same in the reader's language, where all of it is known."""
    known = {*LABELS.values(), *BECAME.values()}
    labels = _BETWEEN.split(note[:1].lower() + note[1:])
    if not known.issuperset(labels):
        return note
    return _begun(get_text_list([gettext(label) for label in labels], gettext("and")))


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


# What a line says, to whoever reads it.
told = Retelling(
    [
        AS_BEFORE,
        WRITTEN,
        PUBLISHED_AT_ONCE,
        DELETED,
        RESTORED,
        BROUGHT_BACK,
        COPIED,
        FILE_CAME,
    ],
    _changes,
)
