"""Where what was said is found, and where other blogs call."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from blog.addresses import fixed
from blog.models import Post


def permalink(pk: int) -> str:
    """Leads on to where a comment stands just now."""
    return reverse("comments:permalink", args=[pk])


def page_address(post: Post, number: int) -> str:
    """Page `number` of a conversation: WordPress's own, and for drafts too."""
    address = post.get_absolute_url()
    if "?" in address:
        return with_query(post, cpage=number)
    return f"{address}comment-page-{number}/"


def with_query(post: Post, **fields: str | int) -> str:
    """The address of `post` with more in its query; a draft's has one already."""
    address = post.get_absolute_url()
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}"


def xmlrpc_door() -> str:
    """Where pingbacks go; whole, as the next two are."""
    return settings.SITE_URL + fixed("comments:xmlrpc")


def webmention_door() -> str:
    return settings.SITE_URL + fixed("comments:webmention")


def trackback_door(post: Post) -> str:
    return f"{settings.SITE_URL}{post.get_absolute_url()}trackback/"
