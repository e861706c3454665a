"""Where what an address of WordPress asks for is read here.

For many addresses at once: a query or two for each kind of thing that is asked for,
however many there are.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from blog.dates import last_of_month
from blog.models import Category, Post, Redirect, Tag, User
from blog.models.post_queryset import PostQuerySet
from blog.numbers import number_or_none
from blog.search_filters import clean, search_url
from blog.wordpress_addresses import FRONTS, Kind, Wanted

GONE = ""
# Of one slug, a blog has as many on other days.
MAX_TWINS = 20
Places = dict[Wanted, str]


def place(several: Sequence[Wanted]) -> str | None:
    """Where the surest of these is that is here; GONE; None: none of them is."""
    return places([several])[0]


def places(asked: Sequence[Sequence[Wanted]]) -> list[str | None]:
    """The same for each, in order. Whatever is found is public and is read there."""
    found: dict[int, str] = {}
    for kind in Kind:
        open_ones = [n for n in range(len(asked)) if n not in found]
        wanted = {one for n in open_ones for one in asked[n] if one.kind == kind}
        if not wanted:
            continue
        place_of = _FINDERS[kind](wanted)
        for n in open_ones:
            known = (place_of[one] for one in asked[n] if one in place_of)
            if (first := next(known, None)) is not None:
                found[n] = first
    return [found.get(n) for n in range(len(asked))]


def leading(old_paths: Iterable[str]) -> dict[str, str]:
    """Where redirects from these lead; GONE where that was withdrawn. Two queries."""
    rows = Redirect.objects.filter(old_path__in=set(old_paths))
    new_path_of = dict(rows.values_list("old_path", "new_path"))
    targets = set(filter(None, new_path_of.values()))
    if not targets:
        return new_path_of
    # In no order: by an index for that, SQLite would read all posts.
    at = Post.objects.filter(public_path__in=targets).order_by()
    is_read: dict[str, bool] = {}
    for post in at.only("public_path", "status", "published_at"):
        is_read[post.public_path] = post.is_public or is_read.get(
            post.public_path, False
        )
    return {
        old: new if is_read.get(new, True) else GONE for old, new in new_path_of.items()
    }


def below_post(post: Post, below: str) -> str:
    """The address of what of a post is asked for. It is whole, on one page."""
    address = post.get_absolute_url()
    is_feed = below.startswith("feed/")
    has_feed = post.has_conversation and not post.password
    if below.startswith("page/") or (is_feed and not has_feed):
        return address
    return address + below


def _below_list(address: str, below: str) -> str:
    return address + below if below.startswith(("page/", "feed/")) else address


def _itself(wanted: Iterable[Wanted]) -> Places:
    return {one: one.name for one in wanted}


def _search(wanted: Iterable[Wanted]) -> Places:
    return {one: search_url(clean(one.name)) for one in wanted}


def _posts() -> PostQuerySet:
    """Without their texts."""
    return Post.objects.defer("body", "body_html")


def _numbered_posts(wanted: Iterable[Wanted]) -> Places:
    """What moved in may have had this number where it comes from: that one is meant."""
    numbered = [(one, number_or_none(one.name)) for one in wanted]
    keys = [f"/?{name}={pk}" for _, pk in numbered if pk for name in ("p", "page_id")]
    if not keys:
        return {}
    leads_to = leading(keys)
    posts = _posts().in_bulk([pk for _, pk in numbered if pk])
    found: Places = {}
    for one, pk in numbered:
        row = leads_to.get(f"/?p={pk}", leads_to.get(f"/?page_id={pk}"))
        post = posts.get(pk or 0)
        if row is not None:
            is_page_of_it = one.below.startswith("page/")
            found[one] = row + one.below if row and not is_page_of_it else row
        elif post and post.is_public:
            found[one] = below_post(post, one.below)
        elif post and post.public_path:
            found[one] = GONE
    return found


def _numbered(wanted: Iterable[Wanted]) -> Places:
    leads_to = leading(one.name for one in wanted)
    return {
        one: _below_list(leads_to[one.name], one.below) if leads_to[one.name] else GONE
        for one in wanted
        if one.name in leads_to
    }


def _dated(wanted: Iterable[Wanted]) -> Places:
    of_slug = _by_slug(_posts(), wanted)
    found = {}
    for one in wanted:
        twins = [
            post for post in of_slug.get(one.name, []) if _day(post, one) == one.when
        ]
        if len(twins) == 1:
            found[one] = below_post(twins[0], one.below)
    return found


def _day(post: Post, one: Wanted) -> tuple[int, ...]:
    """As much of its day as is asked for."""
    on = post.published_on
    return (on.year, on.month, on.day)[: len(one.when)] if on else ()


def _pages(wanted: Iterable[Wanted]) -> Places:
    pages = _posts().published().filter(kind=Post.Kind.PAGE)
    of_path = {
        page.path: page for page in pages.filter(path__in={one.name for one in wanted})
    }
    return {
        one: below_post(of_path[one.name], one.below)
        for one in wanted
        if one.name in of_path
    }


def _slugs(wanted: Iterable[Wanted]) -> Places:
    """Where the names above it are its own categories or its author's, or mean nothing."""
    of_slug = _by_slug(
        _posts().select_related("author").prefetch_related("categories"), wanted
    )
    found = {}
    for one in wanted:
        twins = [post for post in of_slug.get(one.name, []) if _is_below(post, one)]
        if len(twins) == 1:
            found[one] = below_post(twins[0], one.below)
    return found


def _is_below(post: Post, one: Wanted) -> bool:
    above = {name.lower() for name in one.above} - FRONTS
    known = {
        name for category in post.categories.all() for name in category.path.split("/")
    }
    if post.author:
        known |= {post.author.slug, post.author.username.lower()}
    return above <= known


def _by_slug(posts: PostQuerySet, wanted: Iterable[Wanted]) -> dict[str, list[Post]]:
    """Public posts, by their slug as it was asked for; WordPress has small letters."""
    asked: dict[str, set[str]] = {}
    for one in wanted:
        for slug in (one.name, one.name.lower()):
            asked.setdefault(slug, set()).add(one.name)
    found: dict[str, list[Post]] = {}
    newest_first = F("published_at").desc(nulls_last=True), "-pk"
    rows = posts.filter(slug__in=asked).order_by(*newest_first)
    for post in rows[: MAX_TWINS * len(asked)]:
        # Asked for public ones, too, SQLite reads all that are.
        if post.is_public and not post.is_page:
            for name in asked[post.slug]:
                found.setdefault(name, []).append(post)
    return found


def _categories(wanted: Iterable[Wanted]) -> Places:
    of_slug = {
        category.slug: category
        for category in Category.objects.filter(slug__in=_spelt(wanted))
    }
    found = {}
    for one in wanted:
        category = of_slug.get(one.name) or of_slug.get(one.name.lower())
        if category:
            found[one] = _below_list(category.get_absolute_url(), one.below)
    return found


def _tags(wanted: Iterable[Wanted]) -> Places:
    slugs = Tag.objects.filter(slug__in=_spelt(wanted)).values_list("slug", flat=True)
    return _at_slug("blog:tag", wanted, set(slugs))


def _authors(wanted: Iterable[Wanted]) -> Places:
    """By the name in their address here, or where they come from."""
    public = Post.objects.published().posts().filter(author=OuterRef("pk"))
    users = User.objects.filter(Exists(public), slug__in=_spelt(wanted))
    found = _at_slug("blog:author", wanted, set(users.values_list("slug", flat=True)))
    key_of = {
        one: escape_uri_path(reverse("blog:author", args=[one.name]))
        for one in wanted
        # No author has a slash in their address: `/?author_name=a/b`.
        if one not in found and one.name and "/" not in one.name
    }
    leads_to = leading(key_of.values())
    for one, key in key_of.items():
        if key in leads_to:
            found[one] = (
                _below_list(leads_to[key], one.below) if leads_to[key] else GONE
            )
    return found


def _at_slug(view: str, wanted: Iterable[Wanted], slugs: set[str]) -> Places:
    found = {}
    for one in wanted:
        slug = one.name if one.name in slugs else one.name.lower()
        if slug in slugs:
            found[one] = _below_list(reverse(view, args=[slug]), one.below)
    return found


def _spelt(wanted: Iterable[Wanted]) -> set[str]:
    return {name for one in wanted for name in (one.name, one.name.lower())}


def _based(wanted: Iterable[Wanted]) -> Places:
    """Exactly the category's path below the word, or the one name alone."""
    of_slug = {
        category.slug: category
        for category in Category.objects.filter(slug__in=_spelt(wanted))
    }
    found = {}
    for one in wanted:
        category = of_slug.get(one.name)
        path = "/".join([*one.above, one.name])
        if category and (not one.above or category.path == path):
            found[one] = _below_list(category.get_absolute_url(), one.below)
    rest = [one for one in wanted if not one.above and one not in found]
    return found | _tags(rest) if rest else found


def _periods(wanted: Iterable[Wanted]) -> Places:
    found = {}
    for one in wanted:
        view = ("blog:year", "blog:month", "blog:day")[len(one.when) - 1]
        if _was_published(one.when):
            # What is past has no news: its feed is the whole blog's.
            is_feed = one.below.startswith("feed/")
            address = reverse("blog:home") if is_feed else reverse(view, args=one.when)
            found[one] = _below_list(address, one.below)
    return found


def _was_published(when: tuple[int, ...]) -> bool:
    year, month, day = (*when, 0, 0)[:3]
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return False
    last = first if day else last_of_month(first) if month else date(year, 12, 31)
    posts = Post.objects.published().posts()
    return posts.filter(published_on__range=(first, last)).exists()


_FINDERS: dict[Kind, Callable[[set[Wanted]], Places]] = {
    Kind.PLACE: _itself,
    Kind.SEARCH: _search,
    Kind.POST: _numbered_posts,
    Kind.NUMBERED: _numbered,
    Kind.DATED: _dated,
    Kind.PAGE: _pages,
    Kind.CATEGORY: _categories,
    Kind.TAG: _tags,
    Kind.AUTHOR: _authors,
    Kind.SLUG: _slugs,
    Kind.BASED: _based,
    Kind.PERIOD: _periods,
}
