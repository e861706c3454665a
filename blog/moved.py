"""Where what stood at an address of this blog once stands now, or that it is gone.

Addresses come as a path without percent-encoding, and a query as it is written.
"""

import re

from django.utils.encoding import escape_uri_path, iri_to_uri

from blog import old_file_places, wordpress_addresses, wordpress_places
from blog.answering import answers, is_known
from blog.models import Post, Redirect
from blog.wordpress_addresses import FEEDS, number_in, plain
from blog.wordpress_places import GONE

__all__ = ["GONE", "by_query", "new_address", "number_in", "redirected"]
_FURTHER_PAGE = re.compile(
    r"(?P<list>/.+?/)(?P<page>(?:page/|comment-page-)[0-9]+/|feed/(?:(?:atom|json)/)?|embed/)"
)


def new_address(path: str, query: str = "") -> str | None:
    """For an address at which nothing is found; None: nothing ever was.

    Always in one step. A list that moved took its further pages and its feeds along,
    and so did a conversation; a post the page of it that others frame. Four queries
    where something is left of what was there, else up to nine more: WordPress has many
    addresses for one thing, and what moved in from there had them all.
    """
    now = plain(path)
    if now != path and answers(now):
        return now
    old: dict[str, str] = {}
    for one in dict.fromkeys([path, now]):
        other = one[:-1] if one.endswith("/") else f"{one}/"
        old |= dict.fromkeys([*_spelt(one), *_spelt(other)], "")
        if further := _FURTHER_PAGE.fullmatch(one):
            old |= dict.fromkeys(_spelt(further["list"]), further["page"])
    found = _redirected(old, query)
    if found == "/" and wordpress_addresses.asks_for_something(query):
        return by_query(query)  # the whole blog was there once
    if found is None:
        found = _of_post(old)
    if found is None:
        found = old_file_places.place(path, query)
    if found is None and not is_known(path):
        found = wordpress_places.place(wordpress_addresses.wanted(path, query))
    return None if found and _is_asked_for(path, found) else found


def _is_asked_for(path: str, place: str) -> bool:
    """Whether there is nothing there, by what was answered: it is nowhere else.

    A page of a list that is not as long, or the feed of a talk that is not open.
    """
    return any(
        spelt.removeprefix(place) in ("", *FEEDS.values()) for spelt in _spelt(path)
    )


def by_query(query: str) -> str | None:
    """Where `/?p=12`, `/?cat=3` or `/?m=200611` is read. Three queries at most."""
    if place := old_file_places.place("/", query):
        return place
    return wordpress_places.place(wordpress_addresses.wanted("/", query))


def redirected(path: str, query: str = "") -> str | None:
    """Where a redirect from exactly this address leads. Two queries at most."""
    return _redirected(dict.fromkeys(_spelt(path), ""), query)


def _spelt(path: str) -> list[str]:
    """As it is written, and percent-encoded, as the blog's own redirects are."""
    return [escape_uri_path(path), path]


def _redirected(old: dict[str, str], query: str) -> str | None:
    """Where the first of these that is known leads to. To each stands what to add.

    With the query where that is known, too: it says more.
    """
    query = iri_to_uri(query) or ""
    if query:
        old = {f"{path}?{query}": "" for path in old} | old
    rows = Redirect.objects.filter(old_path__in=old)
    new_path_of = dict(rows.values_list("old_path", "new_path"))
    for path, page in old.items():
        if path in new_path_of:
            new_path = new_path_of[path]
            return GONE if _is_gone(new_path) else new_path + page
    return None


def _is_gone(place: str) -> bool:
    """Whether nobody need be sent there: it was a post's, and that was withdrawn."""
    if not place:
        return True
    posts = Post.objects.filter(public_path=place).only("status", "published_at")
    found = list(posts)
    return bool(found) and not any(post.is_public for post in found)


def _of_post(old: dict[str, str]) -> str | None:
    """Where the post is that was public at one of these addresses.

    One whose date was moved and came appears elsewhere by the clock alone, without
    anybody who could leave a redirect.
    """
    paths = filter(None, old)  # what never was public has an empty one
    posts = Post.objects.filter(public_path__in=paths).defer("body", "body_html")
    found: str | None = None
    for post in posts.order_by("pk"):
        address = post.get_absolute_url()
        if not post.is_public:
            found = GONE
        elif address != post.public_path:
            return address + old[post.public_path]
    return found
