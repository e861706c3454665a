"""The blog that is measured, the addresses of its pages, and what they ask.

Not run by itself: speed.py and growth.py measure it.
"""

import random
import sys
from typing import Any

from django.db.models import Model

# Comments of posts that are talked about: how long the talk is shall cost nothing.
LONG = (100, 1_000, 10_000)
_dice = random.Random(1)
# Posts with a tag of their own, so that its page is as full in every blog.
TAGGED = 40


def prepared(posts: int, comments: int) -> None:
    """Fill the database, where it is empty: as rows, which takes a fraction of the time."""
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.search_texts import fill
    from blog import table_statistics
    from blog.models import Post, SiteSettings
    from comments.posting import recount
    from tests.builders import make_user

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if Post.objects.exists():
        return
    fill(posts, comments)
    keys = list(Post.objects.values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        recount(keys[start : start + 500])
    for count in LONG:
        _make_long_post(count)
    _tag_some()
    make_user("alice", role="Editor")
    # A machine that sends a thousand comments a minute is nobody's visitor.
    SiteSettings(hold_first=False, proof_of_work="never", moderator_mail="off").save()
    call_command("search_index", stdout=sys.stderr)
    # As `setup` and a chore do it: what is known of all rows leads SQLite other ways.
    table_statistics.refresh()
    if connection.vendor == "postgresql":
        # Which does so by itself, some time in the next minutes.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _make_long_post(count: int) -> None:
    from benchmarks.threads import make_post

    post = make_post(count, 5, f"A long talk of {count}")
    # Not among the newest: on the home page it would stand beside whole texts.
    post.published_at = post.published_at.replace(year=post.published_at.year - 1)
    post.save()


def _tag_some() -> None:
    from blog.models import Post, Tag, TaggedPost

    tag = Tag.objects.create(name="measured", slug="measured")
    posts = Post.objects.published().posts().order_by("-pk")[:TAGGED]
    TaggedPost.objects.bulk_create(TaggedPost(content_object=p, tag=tag) for p in posts)


def paths() -> dict[str, str]:
    """An address for each kind of page that readers see, by name."""
    from blog.models import Category, Post

    public = Post.objects.published().posts()
    quiet = _first(public.filter(comment_count=7, password="").order_by("pk"))
    long = {
        f"post, {count:,} comments": _address(
            _first(Post.objects.filter(title=f"A long talk of {count}"))
        )
        for count in LONG
    }
    last = -(-public.count() // 10)
    return {
        "home": "/",
        "home, last page": f"/page/{last}/",
        "post": _address(quiet),
        **long,
        "year": f"/{quiet.published_at:%Y}/",
        "month": f"/{quiet.published_at:%Y/%m}/",
        "archives": "/archives/",
        "category": _address(_first(Category.objects.filter(slug="root-0"))),
        "categories": "/categories/",
        "tag": "/tag/measured/",
        "tags": "/tags/",
        "author": _address(quiet.author),
        "feed": "/feed/",
        "feed of comments": "/comments/feed/",
        "sitemap": "/sitemap.xml",
        "sitemap, posts": "/sitemap-posts-1.xml",
        "sitemap, categories": "/sitemap-categories-1.xml",
        "search": "/search/?q=people",
        "search, two words": "/search/?q=the+people",
        "nowhere": "/2006/11/30/nowhere/",
    }


def desk_paths() -> dict[str, str]:
    """The lists of the desk, and the page a post is written on."""
    from blog.models import Post

    newest = _first(Post.objects.published().posts().order_by("-pk"))
    return {
        "desk": "/admin/",
        "posts": "/admin/blog/post/",
        "posts, searched": "/admin/blog/post/?q=people",
        "comments": "/admin/comments/comment/?state=approved",
        "comments, spam": "/admin/comments/comment/?state=spam",
        "categories": "/admin/blog/category/",
        "a post, to write in": f"/admin/blog/post/{newest.pk}/change/",
    }


def change() -> None:
    """A post somewhere in the blog, which says what it said: pages stay as long."""
    from django.utils import timezone

    from blog.models import Post

    posts = Post.objects.filter(pk__gte=_dice.randrange(Post.objects.count()))
    pk = posts.published().posts().order_by("pk").values_list("pk", flat=True)[0]
    Post.objects.filter(pk=pk).update(updated_at=timezone.now())


def queries(addresses: dict[str, str], user: str = "") -> dict[str, int]:
    """How many each page asks when it is made; for somebody who is logged in, or all."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from blog.models import User

    client, counts = Client(headers={"host": "localhost"}), {}
    if user:
        client.force_login(User.objects.get(username=user))
    for name, path in addresses.items():
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == (404 if name == "nowhere" else 200), path
        counts[name] = len(asked)
    return counts


def _first(found: Any) -> Any:
    row = found.first()
    if row is None:
        raise SystemExit(f"The blog has nothing of the kind: {found.query}")
    return row


def _address(row: Model) -> str:
    address: str = row.get_absolute_url()  # type: ignore[attr-defined]
    return address
