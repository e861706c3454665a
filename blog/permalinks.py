"""Which post an address leads to, and whether it is an address of this blog at all."""

import re
from datetime import date
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import Resolver404, ResolverMatch, resolve

from blog import moved
from blog.models import Post
from blog.numbers import number_or_none
from blog.web_address import DEFAULT_PORTS, NoAddress, normal

# A page of the conversation is the post's own page.
_COMMENT_PAGE = re.compile(r"(?<=/)comment-page-[0-9]+/?$")
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_POST_VIEWS = frozenset({"blog:post", "blog:page"})


def is_ours(url: str) -> bool:
    """Whether it is an absolute address of this blog, by http or https. No query."""
    return _parts(url) is not None


def find_post(url: str) -> Post | None:
    """The public post or page that is read at an address of this blog.

    By its permalink, with or without the last slash, by number (`/?p=12`), on any
    page of its conversation, or where it stood once. None where that is nowhere, not
    ours, not public, or no post's. Six queries at most.
    """
    parts = _parts(url)
    if parts is None:
        return None
    found = _at(parts)
    if found:
        return found
    place = moved.new_address(_path(parts), parts.query)
    there = _parts(urljoin(url, place)) if place else None
    return _at(there) if there else None


def other_view(url: str) -> ResolverMatch | None:
    """What answers at an address of this blog that no post could have: a list, a form.

    None for the addresses of posts and pages, and where nothing answers. No query.
    """
    parts = _parts(url)
    match = _view(_path(parts)) if parts else None
    if parts is None or match is None or match.view_name in _POST_VIEWS:
        return None
    return None if _number(parts, match) else match


def _parts(url: str) -> SplitResult | None:
    """The address in its parts, if it is one of this blog."""
    try:
        parts = urlsplit(normal(url))
        home = urlsplit(normal(settings.SITE_URL))
    except NoAddress:
        return None
    # PostgreSQL takes no NUL in a text: nothing is looked up by one.
    return parts if _is_at(home, parts) and "%00" not in parts.path else None


def _is_at(home: SplitResult, parts: SplitResult) -> bool:
    hosts = {parts.hostname, home.hostname}
    if len(hosts) == 1 or hosts <= _THIS_MACHINE:
        return _port(parts) == _port(home)
    # What a blog on the web is called by the machine it runs on is nobody's business;
    # and on another port of a machine there is another blog, perhaps.
    if parts.hostname in _THIS_MACHINE or _port(parts) not in (None, _port(home)):
        return False
    named = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    return validate_host(parts.netloc.removesuffix(f":{parts.port}"), named)


def _port(parts: SplitResult) -> int | None:
    """None where it is the scheme's own: http and https lead to the same blog."""
    return None if parts.port == DEFAULT_PORTS[parts.scheme] else parts.port


def _path(parts: SplitResult) -> str:
    return _COMMENT_PAGE.sub("", unquote(parts.path))


def _view(path: str) -> ResolverMatch | None:
    for tried in dict.fromkeys([path, path.removesuffix("/") + "/"]):
        try:
            return resolve(tried)
        except Resolver404:
            continue
    return None


def _at(parts: SplitResult) -> Post | None:
    match = _view(_path(parts))
    posts = Post.objects.published()
    if match is None:
        return None
    if match.view_name == "blog:page":
        path = match.kwargs["path"].removesuffix("/")
        return posts.filter(kind=Post.Kind.PAGE, path=path).first()
    if match.view_name == "blog:post":
        return _of_day(**match.kwargs)
    number = _number(parts, match)
    pk = number_or_none(number) if number else None
    return posts.filter(pk=pk).first() if pk else None


def _of_day(year: int, month: int, day: int, slug: str) -> Post | None:
    try:
        published_on = date(year, month, day)
    except ValueError:
        return None
    posts = Post.objects.published().posts()
    return posts.filter(published_on=published_on, slug=slug).first()


def _number(parts: SplitResult, match: ResolverMatch) -> str:
    """What `/?p=12` says the number of the post is; empty elsewhere."""
    return moved.number_in(parts.query) if match.view_name == "blog:home" else ""
