"""What the templates of the public side ask for. Each tag says what it costs."""

import re
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.db.models import Exists, Q, QuerySet
from django.template.context import Context
from django.template.loader import get_template
from django.utils.encoding import escape_uri_path
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from blog import (
    category_index,
    fragments,
    glance,
    heading_markup,
    markup,
    picture_markup,
    post_lists,
    reading_time,
    structured_data,
    stylesheets,
)
from blog.addresses import whole
from blog.models import Category, Media, Post, SiteSettings
from blog.post_lists import Entries
from blog.prepared import Prepared

register = template.Library()

MONTHS_SHOWN = 24
LOGO_PIXELS = 56
COVER_SIZES = "(min-width: 72rem) 66rem, 100vw"
MAX_CATEGORIES = 40


@register.simple_tag(takes_context=True)
def category_tree(context: Context) -> list[Category]:
    """The categories in tree order, with `post_count`. One query.

    Of more than MAX_CATEGORIES only those at the top, and of these no more either:
    they stand at the foot of every page. All have a page of their own.
    """
    counts = category_index.own_counts(context["request"])
    shown = _CATEGORIES.objects()
    for category in shown:
        category.post_count = counts[category.pk]
    return shown


def _categories() -> QuerySet:
    more = Category.objects.order_by()[MAX_CATEGORIES : MAX_CATEGORIES + 1]
    shown = Category.objects.filter(Q(level=0) | ~Exists(more)).in_tree_order()
    return shown[:MAX_CATEGORIES]


_CATEGORIES = Prepared(_categories)


@register.simple_tag(takes_context=True)
def archive_months(context: Context) -> list[dict[str, date | int]]:
    """The newest months with posts: `month` and `count`."""
    months = glance.newest_months(context["request"])[:MONTHS_SHOWN]
    return [{"month": month.first, "count": month.count} for month in months]


@register.simple_tag(takes_context=True)
def post_cards(context: Context, entries: Entries) -> list[SafeString]:
    """Each post of a list, as every list shows it: by `blog/_post_card.html`.

    Kept in each generation of the blog; two queries where one is not. Whoever writes
    that template knows `post`, `site` and `site_url`: nothing of the reader or the list.
    """
    request = context["request"]
    kept = fragments.of(request)
    language = get_language()
    cards = {pk: kept.get(("card", language, pk)) for pk in entries.pks}
    missing = [pk for pk, card in cards.items() if card is None]
    if missing:
        made = _made_cards(context, missing)
        for pk, card in made.items():
            kept.keep(("card", language, pk), card)
        cards |= made
    return [card for card in cards.values() if card is not None]


def _made_cards(context: Context, pks: list[int]) -> dict[int, SafeString]:
    card: Any = get_template("blog/_post_card.html")
    site = SiteSettings.of(context["request"])
    own = context.new({"site": site, "site_url": settings.SITE_URL})
    made = {}
    for post in post_lists.with_cards(pks):
        with own.push(post=post):
            made[post.pk] = card.template.render(own)
    return made


@register.simple_tag(takes_context=True)
def stylesheet(context: Context) -> str:
    """The address of the one style sheet. No query."""
    return stylesheets.address(context["site"])


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int) -> str:
    """The address of page `number` of the list shown: the first has no number."""
    first = re.sub(r"page/\d+/$", "", context["request"].path)
    return first if number == 1 else f"{first}page/{number}/"


@register.simple_tag
def picture(media: Media, classes: str, *, is_lazy: bool) -> SafeString:
    """A picture of the library as wide as the column, in every size. No query."""
    sizes = picture_markup.COLUMN_SIZES
    return markup.picture(media.picture, classes, sizes=sizes, is_lazy=is_lazy)


@register.simple_tag
def cover(media: Media) -> SafeString:
    """The picture at the top of the home page, as wide as the page. No query."""
    return markup.picture(media.picture, "", sizes=COVER_SIZES, is_lazy=False)


@register.simple_tag
def logo(media: Media, name: str) -> SafeString:
    """The blog's logo, `LOGO_PIXELS` high; `name` is what it says, if anything."""
    shown = media.picture
    height = min(LOGO_PIXELS, shown.height)
    width = max(1, round(shown.width * height / shown.height))
    return markup.picture(
        replace(shown, alt=name, width=width, height=height),
        "logo",
        sizes=f"{width}px",
        is_lazy=False,
    )


@register.filter
def is_wordmark(media: Media) -> bool:
    """Whether a logo is wide enough to be the name itself."""
    shown = media.picture
    return shown.width > 2 * shown.height


@register.filter
def focus(media: Media) -> str:
    """The classes that keep a cropped picture's focal point in sight, in tenths."""
    return f"focus-x-{round(media.focal_x * 10)} focus-y-{round(media.focal_y * 10)}"


@register.simple_tag
def reading_rates() -> dict[str, int | str]:
    """How fast people read, for who counts elsewhere. No query."""
    return {
        "words": reading_time.WORDS_PER_MINUTE,
        "signs": reading_time.SIGNS_PER_MINUTE,
        "ranges": reading_time.SIGN_RANGES,
    }


@register.simple_tag(takes_context=True)
def post_as_data(context: Context, post: Post) -> SafeString:
    """A public post as JSON-LD for its head, or nothing. No query."""
    said = structured_data.of_post(post, context["site"])
    return markup.data_block(structured_data.as_text(said)) if said else SafeString("")


@register.simple_tag(takes_context=True)
def own_address(context: Context) -> str:
    """The whole address of the list shown, without what follows a question mark."""
    return settings.SITE_URL + escape_uri_path(context["request"].path)


@register.simple_tag
def text_with_links(post: Post) -> SafeString:
    """The text with a link beside each of its headings. No query."""
    label = gettext("Link to this section")
    return markup.trusted(heading_markup.with_links(post.content, label))


@register.simple_tag
def share_links(post: Post) -> dict[str, str]:
    """Where a post is handed on: pages of others, which nobody asks before. No query."""
    address = settings.SITE_URL + post.get_absolute_url()
    title, text = quote(post.headline), quote(f"{post.headline}\n{address}")
    return {
        "address": address,
        "mail": f"mailto:?subject={title}&body={quote(address)}",
        "mastodon": f"https://share.joinmastodon.org/#text={text}",
        "bluesky": f"https://bsky.app/intent/compose?text={text}",
    }


@register.filter
def absolute(address: str) -> str:
    """The whole address of what stands on this blog, or already is one."""
    return whole(address)


@register.filter(expects_localtime=True)
def day_in_words(moment: datetime | None) -> str:
    """As `date:"DATE_FORMAT"` says it, which pages ask for the same days again."""
    if moment is None:
        return ""
    return _day_in_words(moment.date(), get_language())


@lru_cache(maxsize=2048)
def _day_in_words(day: date, language: str | None) -> str:
    return date_format(day, "DATE_FORMAT")


@register.filter(expects_localtime=True)
def iso(moment: datetime | None) -> str:
    """For `datetime=`: to the second, because HTML allows no microseconds."""
    return moment.isoformat(timespec="seconds") if moment else ""
