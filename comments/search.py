"""Comments as the search sees them."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from blog import html_text
from blog.models import User
from blog.search import snippets
from blog.search.entries import Document
from blog.search.groups import Group
from blog.search.posts import filed_under, titled
from blog.search.results import Filters, Hit
from blog.search.rows import among
from blog.search.sources import Narrowed, Shown, Source, Visible, Watch
from comments.models import Comment
from comments.models.search import CommentEntry

_COLUMNS = (
    "state",
    "post_id",
    "author_id",
    "author_name",
    "body_html",
    "created_at",
    "source_site",
    "source_title",
)


def documents(pks: Sequence[int]) -> Iterable[Document]:
    """What is to be found of these comments. Three queries.

    Who wrote one stands where a post has its tags; its categories are its post's.
    """
    rows = Comment._base_manager.filter(pk__in=among(pks))
    comments = list(rows.values_list("pk", *_COLUMNS, named=True))
    accounts = {each.author_id for each in comments if not each.author_name} - {None}
    names = _names_of(accounts) if accounts else {}
    filed = filed_under({each.post_id for each in comments})
    for each in comments:
        writer = each.author_name or names.get(each.author_id, each.source_site)
        yield Document(
            object_id=each.pk,
            at=each.created_at,
            tags=[name for name in (writer, each.source_title) if name],
            html=each.body_html,
            facets=[
                f"s{each.state}",
                *([f"a{each.author_id}"] if each.author_id else ()),
                *filed.get(each.post_id, ()),
            ],
        )


def _names_of(user_pks: Iterable[int]) -> dict[int, str]:
    """What readers call them."""
    names = ("display_name", "first_name", "last_name")
    users = User._base_manager.filter(pk__in=among(user_pks)).only(*names)
    return {user.pk: user.public_name for user in users}


def _by_account(user_pks: Sequence[int]) -> QuerySet:
    written = Comment._base_manager.filter(author__in=user_pks, author_name="")
    return written.order_by().values_list("pk", flat=True)


def _below(post_pks: Sequence[int]) -> QuerySet:
    below = Comment._base_manager.filter(post__in=post_pks)
    return below.order_by().values_list("pk", flat=True)


def narrowed(filters: Filters) -> Narrowed | None:
    if filters.kind not in ("", "comment"):
        return None
    facets: list[Sequence[str]] = []
    if filters.author:
        facets.append([f"a{filters.author.pk}"])
    if filters.category:
        facets.append(filters.branch)
    if not filters.without:
        return Narrowed(_VISIBLE, facets)
    visible = Comment.objects.public()
    for phrase in filters.without:  # a comment is shown below its post's title
        visible = visible.exclude(post__in=titled(phrase))
    return Narrowed(visible, facets)


def hits(pks: Sequence[int], groups: Sequence[Group]) -> dict[int, Hit]:
    """One query."""
    return {each.pk: _hit(each, groups) for each in _SHOWN.objects(pks)}


def _hit(comment: Comment, groups: Sequence[Group]) -> Hit:
    return Hit(
        kind="comment",
        url=comment.get_absolute_url(),
        title=snippets.marked(comment.post.headline, groups),
        snippet=snippets.snippet(html_text.text_of(comment.body_html), groups),
        author_name=comment.writer,
        at=comment.created_at,
        language=comment.post.language,
        post=comment.post,
    )


_VISIBLE = Visible(Comment.objects.public)
_SHOWN = Shown(
    Comment.objects.public,
    (
        *("body_html", "created_at", "kind", "author_name", "source_site"),
        *(f"author__{name}" for name in ("display_name", "first_name", "last_name")),
        *(f"post__{name}" for name in ("title", "lead", "language", "password")),
    ),
    beside=("post", "author"),
)
SOURCE = Source(
    name="comment",
    entry=CommentEntry,
    public=f"s{Comment.State.APPROVED}",
    objects=Comment._base_manager.order_by,
    narrowed=narrowed,
    documents=documents,
    hits=hits,
    at_once=1000,
    watches=(
        Watch("comments_comment", "comment", "id", _COLUMNS),
        Watch("blog_user", "user", "id", ("display_name", "first_name", "last_name")),
        # Not with the post: all below it would be entered anew at each change of it.
        Watch("blog_post_categories", "filed", "post_id"),
    ),
    through={"user": _by_account, "filed": _below},
)
