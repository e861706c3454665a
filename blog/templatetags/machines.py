"""What the templates say to machines in a page's head."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from blog import icons, markup, oembed, structured_data, structured_lists, themes
from blog.icons import Icon
from blog.models import Category, Media, Post, User

register = template.Library()

# The land that goes without saying, where it has another name than the language.
# Open Graph wants one always: https://ogp.me/#optional
_LANDS = dict(
    pair.split("_")
    for pair in (
        "ar_AR cs_CZ da_DK el_GR en_US et_EE fa_IR he_IL hi_IN ja_JP ko_KR nb_NO sl_SI "
        "sv_SE uk_UA vi_VN zh_CN"
    ).split()
)


@register.simple_tag(takes_context=True)
def site_icon(context: Context, purpose: str, width: int) -> Icon:
    """The icon of the blog for a purpose, as wide at least where there is one. No query."""
    return icons.pick(context["site"], purpose, width)


@register.simple_tag(takes_context=True)
def theme_grounds(context: Context) -> tuple[str, str]:
    """The colours of the top of every page, in light and in dark. No query."""
    return themes.of(context["site"]).grounds


@register.simple_tag
def oembed_address(post: Post, form: str) -> str:
    """Where other blogs are told what to show of a post, as `json` or `xml`. No query."""
    return oembed.endpoint(post, form)


@register.simple_tag(takes_context=True)
def blog_as_data(context: Context) -> SafeString:
    """The blog as JSON-LD, for the home page. No query."""
    return _block(structured_lists.of_blog(context["site"]))


@register.simple_tag
def author_as_data(author: User) -> SafeString:
    """Who writes here as JSON-LD, for their page. No query."""
    return _block(structured_lists.of_author(author))


@register.simple_tag(takes_context=True)
def category_trail(context: Context, category: Category, above: Any) -> SafeString:
    """The way to a category as JSON-LD. No query where those above are loaded."""
    places = [(one.name, one.get_absolute_url()) for one in (*above, category)]
    return _block(structured_lists.trail(context["site"], places))


@register.simple_tag(takes_context=True)
def page_trail(context: Context, page: Post) -> SafeString:
    """The way to a page as JSON-LD. One query where it stands below another."""
    places = structured_lists.pages_to(page)
    return _block(structured_lists.trail(context["site"], places))


@register.filter
def locale(language: str) -> str:
    """A language as Open Graph writes it: `de_DE`, `pt_BR`. Empty: the page's own."""
    name, _, land = (language or get_language() or "").replace("_", "-").partition("-")
    name, land = name.lower(), land.rpartition("-")[2]
    if len(land) != 2 or not land.isalpha():
        land = _LANDS.get(name, name)
    return f"{name}_{land.upper()}"


@register.simple_tag(takes_context=True)
def list_picture(context: Context) -> tuple[str, int, int] | None:
    """What other sites show of a list: the blog's cover, else its icon; or nothing.

    Address, width, height. One query where there is a cover that was not loaded.
    """
    site = context["site"]
    cover: Media | None = site.pictures.get("cover") if site.cover_id else None
    if cover and cover.is_image:
        return cover.picture.card
    if not (site.icon_id and site.icon_files):
        return None
    icon = icons.pick(site, "any", 512)
    return icon.address, icon.width, icon.width


def _block(said: dict[str, Any]) -> SafeString:
    return markup.data_block(structured_data.as_text(said))
