"""Which old addresses are to be asked for: of a list, of a source, of this blog."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.utils import timezone

from blog.models import Category, Post, Redirect, Tag, User
from blog.slugs import slug_from
from blog.transfer.old_lists import path_of
from blog.transfer.records import BlogRecord, PostRecord

# Both may stand in one file: nothing else looks like them.
_IN_SITEMAP = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)")
# What a server wrote down that it answered well, or sent on.
_IN_LOG = re.compile(r'"(?:GET|HEAD) (?P<address>\S+) HTTP/[0-9.]+" [23][0-9][0-9] ')


class NoList(Exception):
    """The file can't be read as a list; the message says why."""


def of_file(path: Path) -> Iterator[str]:
    """One a line, blank ones and those that begin with `#` left out; each once.

    A sitemap and a web server's log will do, too. Raises NoList.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from dict.fromkeys(_in_lines(file))
    except OSError as error:
        raise NoList(f"{path}: {error.strerror}") from error


def _in_lines(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        said = line.strip().lstrip("\ufeff")
        if located := _IN_SITEMAP.findall(said):
            yield from map(unescape, located)
        elif logged := _IN_LOG.search(said):
            yield logged["address"]
        elif said and not said.startswith(("#", "<")) and '"' not in said:
            yield said


def of_source(blog: BlogRecord) -> Iterator[str]:
    """All that was public there by what the source tells; each once.

    Permalinks, numbers, former slugs, feeds, comments, archives, categories, tags,
    authors, files.
    """
    base = urlsplit(blog.url).path.strip("/")
    base = f"/{base}" if base else ""
    yield from (f"{base}{path}" for path in ("/", "/feed/", "/comments/feed/rss2/"))
    seen: set[str] = set()
    authors: set[str] = set()
    for post in blog.posts:
        if _was_public(post):
            authors |= {post.author} if post.kind == "post" else set()
            yield from _of_post(post)
            for archive in _archives(post, base):
                if archive not in seen:
                    seen.add(archive)
                    yield archive
    yield from _of_lists(blog, base, authors)
    yield from dict.fromkeys(_of_files(blog, base))


def _of_files(blog: BlogRecord, base: str) -> Iterator[str]:
    """Some exports tell of a file twice."""
    for file in blog.media:
        parts = urlsplit(file.url)
        if parts.netloc == urlsplit(blog.url).netloc:
            yield parts.path
        if file.number:
            yield f"{base}/?attachment_id={file.number}"


def of_this_blog() -> Iterator[str]:
    """All by which it is known to lead somewhere: what is public, and redirects."""
    yield from ("/", "/feed/", "/comments/feed/")
    posts = Post.objects.published().exclude(public_path="")
    yield from posts.values_list("public_path", flat=True).iterator()
    for things in (Category.objects.all(), Tag.objects.all()):
        for thing in things.iterator():
            yield thing.get_absolute_url()
    public = Post.objects.published().posts().values("author")
    for author in User.objects.filter(pk__in=public).iterator():
        yield author.get_absolute_url()
    rows = Redirect.objects.exclude(new_path="").filter(old_path__startswith="/")
    yield from rows.values_list("old_path", flat=True).iterator()


def _was_public(post: PostRecord) -> bool:
    is_past = post.published_at is not None and post.published_at <= timezone.now()
    return post.status == "published" and is_past


def _of_post(post: PostRecord) -> Iterator[str]:
    yield from dict.fromkeys(post.addresses)
    pretty = next((one for one in post.addresses if "?" not in one), None)
    if pretty is None:
        return
    if not post.password and (post.kind == "post" or post.responses):
        yield f"{pretty.rstrip('/')}/feed/"
    for response in post.responses:
        if response.number and response.state == "approved" and not post.password:
            yield f"{pretty}#comment-{response.number}"


def _archives(post: PostRecord, base: str) -> Iterator[str]:
    if post.kind == "post" and post.published_at:
        day = timezone.localtime(post.published_at)
        yield f"{base}/{day:%Y}/"
        yield f"{base}/{day:%Y/%m}/"
        yield f"{base}/{day:%Y/%m/%d}/"


def _of_lists(blog: BlogRecord, base: str, authors: set[str]) -> Iterator[str]:
    by_slug = {category.slug: category for category in blog.categories}
    for category in blog.categories:
        path = quote(path_of(category, by_slug))
        for shown in dict.fromkeys([path, quote(category.slug)]):
            yield f"{base}/category/{shown}/"
        yield f"{base}/category/{path}/feed/rss2/"
        yield from category.addresses
    for tag in blog.tags:
        yield f"{base}/tag/{quote(tag.slug)}/"
        yield f"{base}/tag/{quote(tag.slug)}/feed/"
        yield from tag.addresses
    for user in blog.users:
        if user.login in authors:
            yield f"{base}/author/{quote(slug_from(user.login, 'author'))}/"
            yield from user.addresses
