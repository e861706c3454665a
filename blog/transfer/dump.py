"""Reads this blog into records: what a writer writes down.

Constant memory: posts come in batches, in the order of their numbers.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from urllib.parse import urljoin

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet
from django.urls import reverse

from blog import languages
from blog.models import (
    Category,
    Media,
    MediaUse,
    Post,
    Redirect,
    SiteSettings,
    Tag,
    User,
)
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    TagRecord,
    UserRecord,
)

BATCH_POSTS = 200

# Gives the responses below each of these posts, by the post's key.
ReadResponses = Callable[[Iterable[Post]], dict[int, list[ResponseRecord]]]


@contextmanager
def one_view() -> Iterator[None]:
    """What is read within is the blog of one moment; others go on writing to it."""
    if connection.in_atomic_block:  # which has a view already
        yield
        return
    connection.ensure_connection()
    # None on PostgreSQL, which reads READ COMMITTED where nothing else is said.
    usual = getattr(connection, "transaction_mode", None)
    if usual:
        # It would keep everybody from writing until the last post is read.
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if usual:
            connection.transaction_mode = usual  # type: ignore[attr-defined]


def blog(read_responses: ReadResponses, talkers: Q) -> BlogRecord:
    """The whole blog; its posts are read while they are asked for.

    `talkers` are the accounts that said something below a post.
    """
    site = SiteSettings.current()
    posts = Post.objects.order_by("pk")
    former = _former_lists()
    return BlogRecord(
        title=site.title,
        tagline=site.tagline,
        url=settings.SITE_URL,
        language=languages.of_site(site),
        users=[
            _user(number, user, former.get(user.get_absolute_url(), []))
            for number, user in enumerate(_writers(talkers), start=1)
        ],
        categories=[
            _category(one, former.get(one.get_absolute_url(), []))
            for one in Category.objects.in_tree_order()
        ],
        tags=[
            TagRecord(tag.slug, tag.name, former.get(tag.get_absolute_url(), []))
            for tag in Tag.objects.order_by("pk")
        ],
        media=_media(),
        posts=_posts(posts, read_responses),
        post_count=posts.count(),
    )


def _writers(talkers: Q) -> QuerySet[User]:
    """Who wrote something here, or brought a file."""
    wrote = Q(posts__isnull=False) | Q(media__isnull=False) | talkers
    return User.objects.filter(wrote).distinct().order_by("username")


def _former_lists() -> dict[str, list[str]]:
    """By the address of a list, the paths that lead to it. One query."""
    found: dict[str, list[str]] = {}
    leading = Redirect.objects.filter(to_lists()).order_by("old_path")
    for redirect in leading:
        found.setdefault(redirect.new_path, []).append(redirect.old_path)
    return found


def to_lists() -> Q:
    """Redirects to pages of categories, tags and authors."""
    begins = [
        reverse(f"blog:{name}", args=["x"]).removesuffix("x/")
        for name in ("category", "tag", "author")
    ]
    return reduce(or_, (Q(new_path__startswith=begin) for begin in begins))


def _user(number: int, user: User, former: list[str]) -> UserRecord:
    return UserRecord(
        login=user.username,
        number=number,
        email=user.email,
        display_name=user.display_name,
        first_name=user.first_name,
        last_name=user.last_name,
        slug=user.slug,
        addresses=former,
    )


def _category(category: Category, former: list[str]) -> CategoryRecord:
    return CategoryRecord(
        slug=category.slug,
        name=category.name,
        parent=category.parent.slug if category.parent else "",
        description=category.description,
        addresses=former,
    )


def _media() -> list[MediaRecord]:
    files = list(Media.objects.select_related("uploaded_by").order_by("pk"))
    parents = _parents(media.name for media in files)
    return [_file(media, parents.get(media.name)) for media in files]


def _file(media: Media, parent: int | None) -> MediaRecord:
    return MediaRecord(
        guid=media.source_url or _absolute(media.file.url),
        url=_absolute(media.file.url),
        title=media.title,
        alt=media.alt,
        caption=media.caption,
        created_at=media.created_at,
        number=media.pk,
        path=_path(media),
        author=media.uploaded_by.username if media.uploaded_by else "",
        parent=parent,
    )


def _parents(names: Iterable[str]) -> dict[str, int]:
    """By the name of a file, the first post that shows it. One query."""
    uses = MediaUse.objects.filter(name__in=names).values_list("name")
    return dict(uses.annotate(first=Min("post_id")).order_by())


def _path(media: Media) -> str:
    """Where its bytes lie on this machine; empty where they lie elsewhere."""
    try:
        return str(media.file.path)
    except NotImplementedError:
        return ""


def _absolute(address: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", address)


def _posts(
    posts: QuerySet[Post], read_responses: ReadResponses
) -> Iterator[PostRecord]:
    pk = 0
    related = posts.select_related("author").prefetch_related(
        "categories", "tagged_items__tag"
    )
    while batch := list(related.filter(pk__gt=pk)[:BATCH_POSTS]):
        pk = batch[-1].pk
        responses = read_responses(batch)
        former = _former_addresses(batch)
        for post in batch:
            record = _post(post)
            record.addresses = [record.addresses[0], *former.get(post.pk, [])]
            record.responses = responses.get(post.pk, [])
            yield record


def _former_addresses(posts: list[Post]) -> dict[int, list[str]]:
    """By post, the paths that lead to it. One query."""
    pk_at = {post.get_absolute_url(): post.pk for post in posts}
    found: dict[int, list[str]] = {}
    leading = Redirect.objects.filter(new_path__in=pk_at).order_by("old_path")
    for redirect in leading:
        found.setdefault(pk_at[redirect.new_path], []).append(redirect.old_path)
    return found


def _post(post: Post) -> PostRecord:
    return PostRecord(
        guid=post.guid,
        title=post.title,
        body=post.body,
        excerpt=post.excerpt,
        kind=post.kind,
        status=post.status,
        published_at=post.published_at,
        date_is_estimated=post.date_is_estimated,
        updated_at=post.updated_at,
        slug=post.slug,
        author=post.author.username if post.author else "",
        password=post.password,
        is_sticky=post.is_sticky,
        comments_open=post.comments_open,
        pings_open=post.pings_open,
        categories=[category.slug for category in post.categories.all()],
        tags=[item.tag.slug for item in post.tagged_items.all()],
        number=post.pk,
        parent=post.parent_id,
        menu_order=post.menu_order,
        language=post.language,
        meta_title=post.meta_title,
        meta_description=post.meta_description,
        lead_image=post.featured_image_id,
        addresses=[post.get_absolute_url()],
    )
