"""Posts and pages as the search sees them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from blog import html_text, markup
from blog.models import Post, TaggedPost
from blog.models.post_queryset import is_public_q
from blog.models.search import PostEntry
from blog.prepared import Slot
from blog.search import candidates, snippets
from blog.search.entries import TITLE_SIGN, Document
from blog.search.groups import Group, Phrase
from blog.search.results import Filters, Hit
from blog.search.rows import among
from blog.search.sources import Narrowed, Shown, Source, Visible, Watch
from blog.search.stems import primary
from blog.search.wanted import Wanted


def documents(pks: Sequence[int]) -> Iterable[Document]:
    """What is to be found of these posts. Three queries.

    Of one that a password locks, title and tags alone.
    """
    filed = filed_under(pks)
    tags: dict[int, list[str]] = {}
    tagged = TaggedPost.objects.filter(content_object__in=among(pks)).order_by("tag")
    for post_pk, name in tagged.values_list("content_object_id", "tag__name"):
        tags.setdefault(post_pk, []).append(name)
    rows = Post._base_manager.filter(pk__in=among(pks)).values_list(
        *("pk", *_COLUMNS), named=True
    )
    for post in rows:
        yield Document(
            object_id=post.pk,
            at=post.published_at or post.created_at,
            title=post.title,
            tags=tags.get(post.pk, ()),
            html="" if post.password else post.body_html,
            excerpt="" if post.password else post.excerpt,
            language=primary(post.language),
            facets=[*_facets_of(post), *filed.get(post.pk, ())],
        )


def _facets_of(post: Any) -> list[str]:
    author = [f"a{post.author_id}"] if post.author_id else []
    return [f"k{post.kind}", f"s{post.status}", *author]


def filed_under(post_pks: Iterable[int]) -> dict[int, list[str]]:
    """The categories of these posts, as facets. One query."""
    filed: dict[int, list[str]] = {}
    links = Post.categories.through._base_manager.filter(post__in=among(post_pks))
    for post_pk, category_pk in links.order_by("category").values_list(
        "post_id", "category_id"
    ):
        filed.setdefault(post_pk, []).append(f"c{category_pk}")
    return filed


def text_of(post: Post) -> str:
    """What a reader reads of it, and the excerpt that stands in lists."""
    text = html_text.text_of(markup.running_text(post.body_html))
    return f"{text}\n{post.excerpt}" if post.excerpt else text


_COLUMNS = (
    "kind",
    "status",
    "author_id",
    "published_at",
    "created_at",
    "title",
    "body_html",
    "excerpt",
    "language",
    "password",
)


def titled(phrase: Phrase) -> RawSQL:
    """The keys of posts that have this in their titles, whatever their state."""
    groups = [Group(((TITLE_SIGN + word,),)) for word in phrase]
    if len(phrase) > 1:
        groups.append(Group((phrase,)))
    sql, params = candidates.matching(SOURCE, Wanted(groups))
    return RawSQL(sql, params)  # noqa: S611


def _with_tags(tag_pks: Sequence[int]) -> QuerySet:
    tagged = TaggedPost.objects.filter(tag__in=tag_pks).order_by()
    return tagged.values_list("content_object_id", flat=True)


def narrowed(filters: Filters) -> Narrowed | None:
    if filters.kind not in ("", Post.Kind.POST, Post.Kind.PAGE):
        return None
    facets: list[Sequence[str]] = []
    if filters.kind:
        facets.append([f"k{filters.kind}"])
    if filters.author:
        facets.append([f"a{filters.author.pk}"])
    if filters.category:
        facets.append(filters.branch)
    return Narrowed(_VISIBLE, facets)


def hits(pks: Sequence[int], groups: Sequence[Group]) -> dict[int, Hit]:
    """One query."""
    return {post.pk: _hit(post, groups) for post in _SHOWN.objects(pks)}


def _hit(post: Post, groups: Sequence[Group]) -> Hit:
    text = "" if post.password else text_of(post)
    return Hit(
        kind=post.kind,
        url=post.get_absolute_url(),
        title=snippets.marked(post.headline, groups),
        snippet=snippets.snippet(text, groups),
        author_name=post.author.public_name if post.author else "",
        at=post.published_at or post.created_at,
        language=post.language,
        post=post,
    )


def _public(now: Slot) -> QuerySet:
    return Post.objects.filter(is_public_q(now=now))


_VISIBLE = Visible(_public)
_SHOWN = Shown(
    _public,
    (
        *_COLUMNS,
        *("lead", "slug", "path", "published_on"),
        *(f"author__{name}" for name in ("display_name", "first_name", "last_name")),
    ),
    beside=("author",),
)
SOURCE = Source(
    name="post",
    entry=PostEntry,
    public=f"s{Post.Status.PUBLISHED}",
    objects=Post._base_manager.order_by,
    narrowed=narrowed,
    documents=documents,
    hits=hits,
    watches=(
        Watch("blog_post", "post", "id", _COLUMNS),
        Watch("blog_post_categories", "post", "post_id"),
        Watch("blog_taggedpost", "post", "content_object_id"),
        Watch("blog_tag", "tag", "id", ("name",)),
        Watch("blog_sitesettings", "language", "id", ("language",)),
    ),
    through={"tag": _with_tags},
)
