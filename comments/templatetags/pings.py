"""Pings in the templates of the admin."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import ngettext

from blog.models import Post
from comments.admin_views import pinging
from comments.pings import follow, page_address

register = template.Library()


@register.inclusion_tag("admin/comments/ping/_panel.html", takes_context=True)
def told_blogs(context: Context, post: Post) -> dict[str, Any]:
    """What became of telling the pages `post` links to, and what waits or was refused
    of what came in. Two queries."""
    return pinging.panel(context["request"], post)


@register.simple_tag
def pages_told_now(post: Post) -> str:
    """What is said of it to who just saved `post`; empty where nobody is told."""
    count = follow.count_due(post)
    if not count:
        return ""
    return ngettext("%d page is told of it.", "%d pages are told of it.", count) % count


@register.filter
def page_parts(url: str) -> page_address.PageAddress:
    """A web address in the parts one reads. No query."""
    return page_address.read(url)
