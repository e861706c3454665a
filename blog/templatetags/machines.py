"""What the templates say to machines in a page's head. No tag costs a query."""

from django import template
from django.template.context import Context

from blog import icons, oembed, themes
from blog.icons import Icon
from blog.models import Post

register = template.Library()


@register.simple_tag(takes_context=True)
def site_icon(context: Context, purpose: str, width: int) -> Icon:
    """The icon of the blog for a purpose, as wide at least where there is one."""
    return icons.pick(context["site"], purpose, width)


@register.simple_tag(takes_context=True)
def theme_grounds(context: Context) -> tuple[str, str]:
    """The colours of the top of every page, in light and in dark."""
    return themes.of(context["site"]).grounds


@register.simple_tag
def oembed_address(post: Post, form: str) -> str:
    """Where other blogs are told what to show of a post, as `json` or `xml`."""
    return oembed.endpoint(post, form)
