"""What stands in a feed of posts, and how any feed is answered."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import getsizeof
from typing import Protocol

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language, gettext

from blog import (
    feed_markup,
    fragments,
    freshness,
    icons,
    languages,
    pictures,
    stylesheets,
)
from blog.addresses import whole
from blog.feed_entries import Answers, Channel, Entry, File, Written
from blog.feed_formats import ICON_PIXELS, Format
from blog.models import Media, Post, SiteSettings
from blog.numbers import number_or_none
from blog.post_lists import Posts, with_cards, with_tags

# Nobody reads on for longer; and what is left out has to be counted each time.
MAX_PARTS = 10_000
# A second change may come in the same second, and be committed a little later.
SETTLED_SECONDS = 2
_PLAIN_XML = "text/xml; charset=utf-8"


def answer(request: HttpRequest, channel: Channel, form: Format) -> HttpResponse:
    """The feed, or 304 where the asker has it as it is.

    The ETag is of the bytes, so that no change of any kind is missed: a category that
    is called otherwise, a post taken back. The date is that of the newest change; it is
    told when nothing else can come with the same, and good for who says that very date.
    """
    is_for_people = is_shown(request, form)
    document = form.write(channel, is_shown=is_for_people)
    etag = quote_etag(hashlib.blake2b(document, digest_size=16).hexdigest())
    response = HttpResponse(
        document, content_type=_PLAIN_XML if is_for_people else form.content_type
    )
    response["Vary"] = "Accept"
    # Search engines list the posts, not the feeds they stand in.
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag
    # To be kept, and asked for whether it is still so.
    response["Cache-Control"] = "no-cache"
    changed_at = _date_of(channel)
    date = http_date(changed_at) if changed_at is not None else None
    if date:
        response["Last-Modified"] = date
    is_that = request.headers.get("If-Modified-Since") == date
    known = changed_at if is_that else None
    return get_conditional_response(request, etag, known, response) or response


def _date_of(channel: Channel) -> int | None:
    """The second of its newest change, once it is over (RFC 9110, section 8.8.2.2)."""
    if not channel.entries:
        return None
    changed_at = int(channel.changed_at.timestamp())
    settled_at = changed_at + SETTLED_SECONDS
    if time.time() >= settled_at:
        return changed_at
    freshness.good_until(datetime.fromtimestamp(settled_at, UTC))
    return None


def is_shown(request: HttpRequest, form: Format) -> bool:
    """Whether a browser asks, for a person to look at: none asks for feeds, all for pages.

    Of the types of feeds browsers show the bare source, or offer to save it.
    """
    if not form.is_xml:
        return False
    accepted = request.headers.get("Accept", "").replace("application/xhtml+xml", "")
    return "text/html" in accepted and "+xml" not in accepted


@dataclass(frozen=True)
class Part:
    """So many rows of a long list, and whether others come after them."""

    rows: list
    number: int
    has_more: bool


class Keys(Protocol):
    """The keys of a long list, of which a part is read by itself."""

    def __getitem__(self, part: slice, /) -> list[int]: ...


def part_of(request: HttpRequest, rows: Keys, size: int) -> Part:
    """The first `size` of these, or by `?paged=2` those that follow. One query.

    Raises Http404 where none are left.
    """
    asked = request.GET.get("paged", "1")
    number = min(number_or_none(asked) or 0, MAX_PARTS + 1)
    if not 1 <= number <= MAX_PARTS:
        raise Http404("A feed has no such part.")
    start = (number - 1) * size
    found = rows[start : start + size + 1]
    if not found and number > 1:
        raise Http404("A feed has no such part.")
    return Part(found[:size], number, has_more=len(found) > size)


def of_posts(
    request: HttpRequest, posts: Posts, form: Format, address: str, name: str = ""
) -> Channel:
    """The first of `posts`, newest first: the list at `address`, called `name`.

    Of what is kept one query; four more where a post is not, however many there are,
    and one where files are named in the texts.
    """
    site = SiteSettings.of(request)
    part = part_of(request, posts, site.feed_items)
    return channel(
        site,
        form,
        address,
        name=name,
        entries=_written(request, part.rows, form, site),
        part=part,
        hub=settings.WEBSUB_HUB,
    )


def _written(
    request: HttpRequest, pks: list[int], form: Format, site: SiteSettings
) -> list[Written]:
    """What a format has of each post; kept in each generation of the blog."""
    kept = fragments.of(request)
    is_for_people = is_shown(request, form)
    kind = ("feed", form.name, is_for_people, get_language())
    found: dict[int, Written | None] = {pk: kept.get((*kind, pk)) for pk in pks}
    missing = [pk for pk, entry in found.items() if entry is None]
    posts = with_tags(with_cards(missing)) if missing else []
    sounds = _sounds(posts)
    is_whole = site.feed_style == SiteSettings.ListingStyle.WHOLE
    for post in posts:
        entry = form.written(
            _entry(post, sounds, is_whole=is_whole), is_shown=is_for_people
        )
        kept.keep((*kind, post.pk), entry, getsizeof(entry.text))
        found[post.pk] = entry
    return [entry for entry in found.values() if entry is not None]


def channel(
    site: SiteSettings,
    form: Format,
    address: str,
    *,
    name: str,
    entries: list[Written],
    page: str = "",
    part: Part,
    hub: str = "",
) -> Channel:
    """The feed below `address`, a path of this blog; of the `page`, if that is another."""
    own = whole(f"{address}feed/{form.path}")
    return Channel(
        title=f"{name} · {site.title}" if name else site.title,
        address=whole(page or address),
        own_address=_numbered(own, part.number),
        feed_address=own,
        about=" ".join((site.description or site.tagline).split()),
        language=languages.of_site(site),
        author=site.title,
        entries=entries,
        icons=tuple(
            whole(icons.pick(site, "any", width).address) for width in ICON_PIXELS
        ),
        sheet=stylesheets.address(site),
        hub=hub,
        older=_numbered(own, part.number + 1) if part.has_more else "",
        newer=_numbered(own, part.number - 1) if part.number > 1 else "",
    )


def _numbered(address: str, number: int) -> str:
    return address if number == 1 else f"{address}?paged={number}"


def _entry(post: Post, sounds: dict[str, Media], *, is_whole: bool) -> Entry:
    """What a feed says of a post. Of a locked one: that it is there. No query."""
    address = whole(post.get_absolute_url())
    published_at = post.published_at or post.created_at
    subjects = [category.name for category in post.categories.all()]
    subjects += [item.tag.name for item in post.tagged_items.all()]
    is_open = not post.password
    media = post.featured_image if is_open else None
    image = media if media and media.is_image else None
    return Entry(
        guid=post.guid,
        address=address,
        title=post.headline,
        summary=post.summary if is_open else gettext("This opens with a password."),
        content=_content(post, image, address) if is_open and is_whole else "",
        published_at=published_at,
        # One that was scheduled is news when it appears.
        updated_at=max(post.updated_at, published_at),
        author=post.author.public_name if post.author else "",
        author_address=whole(post.author.get_absolute_url()) if post.author else "",
        language=post.language,
        subjects=tuple(dict.fromkeys(subjects)),
        picture=whole(image.picture.fallback) if image else "",
        files=tuple(_files(post, image, sounds)) if is_open else (),
        answers=_answers(post, address) if is_open else None,
    )


def _content(post: Post, image: Media | None, address: str) -> str:
    above = feed_markup.picture(image) if image else ""
    content = feed_markup.for_readers(above + post.body_html, address)
    return feed_markup.in_language(content, post.language)


def _answers(post: Post, address: str) -> Answers:
    return Answers(
        page=f"{address}#responses",
        feed=f"{address}feed/",
        count=post.comment_count,
        changed_at=post.touched_at,
    )


def _sounds(posts: Iterable[Post]) -> dict[str, Media]:
    """By their names, the sounds and films of the library that the texts play."""
    names = {
        name
        for post in posts
        if not post.password
        for name in pictures.names_in(post.body_html)
    }
    if not names:
        return {}
    found = Media.objects.filter(file__in=names, width__isnull=True)
    return {
        media.name: media
        for media in found
        if media.mime_type.startswith(("audio/", "video/"))
    }


def _files(post: Post, image: Media | None, sounds: dict[str, Media]) -> list[File]:
    """What can be listened to or watched, in the order of the text, then the picture."""
    body = post.body_html
    names = pictures.names_in(body) & sounds.keys() if sounds else set()
    played = [sounds[name] for name in sorted(names, key=body.find)]
    return [
        File(whole(media.file.url), media.mime_type, media.byte_count)
        for media in (*played, *([image] if image else []))
    ]
