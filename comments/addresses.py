"""Where what was said is found."""

from urllib.parse import urlencode

from django.urls import reverse

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
