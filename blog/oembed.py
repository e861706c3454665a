"""What other blogs are given to show of a post: oEmbed 1.0, https://oembed.com."""

import io
from typing import Any
from urllib.parse import quote_plus
from xml.sax.xmlreader import AttributesImpl

from django.urls import reverse
from django.utils.html import format_html
from django.utils.xmlutils import SimplerXMLGenerator

from blog import xml_text
from blog.addresses import fixed, whole
from blog.models import Media, Post, SiteSettings

# In pixels, where the asker names none; WordPress makes a frame no lower than 200.
WIDTH, MIN_WIDTH, MIN_HEIGHT = 600, 200, 200
CACHE_SECONDS = 600


def endpoint(post: Post, form: str) -> str:
    """Where a post is told of as `json` or `xml`: a whole address."""
    url = quote_plus(whole(post.get_absolute_url()))
    return f"{whole(fixed('oembed'))}?url={url}&format={form}"


def frame_address(post: Post) -> str:
    """The page of a post that others may frame; a whole address."""
    return whole(f"{post.get_absolute_url()}embed/")


def of_post(
    post: Post, site: SiteSettings, max_width: int, max_height: int
) -> dict[str, Any]:
    """Section 2.3.4.4: what is said of a public post without a password.

    In at most so many pixels. No query where the post was loaded with its detail.
    """
    width = max(min(WIDTH, max_width), MIN_WIDTH)
    height = min(max(width * 9 // 16, MIN_HEIGHT), max_height)
    said: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        "title": post.title_elsewhere,
        "provider_name": site.title,
        "provider_url": whole(reverse("blog:home")),
        "cache_age": CACHE_SECONDS,
        "width": width,
        "height": height,
        "html": _html(post, width, height),
    }
    if post.author:
        said["author_name"] = post.author.public_name
        said["author_url"] = whole(post.author.get_absolute_url())
    return said | _thumbnail(post.picture_elsewhere, max_width, max_height)


def as_xml(said: dict[str, Any]) -> bytes:
    """The same as a document: section 2.3.3."""
    out = io.BytesIO()
    handler = SimplerXMLGenerator(out, "utf-8")
    handler.startDocument()
    handler.startElement("oembed", AttributesImpl({}))
    for name, value in said.items():
        handler.addQuickElement(name, xml_text.allowed(str(value)))
    handler.endElement("oembed")
    return out.getvalue()


def _html(post: Post, width: int, height: int) -> str:
    """A quotation that needs nothing of ours, and a frame that nobody sees.

    WordPress shows nothing of a blog it does not know but in a frame: it drops `hidden`
    and shows the frame in place of the quotation. It knows both by how they begin.
    """
    address, title = whole(post.get_absolute_url()), post.title_elsewhere
    return format_html(
        '<blockquote class="quillback-post"><p><a href="{}">{}</a></p> <p>{}</p>'
        '</blockquote><iframe hidden loading="lazy" sandbox="allow-scripts" src="{}"'
        ' width="{}" height="{}" title="{}"></iframe>',
        address,
        title,
        post.description_elsewhere,
        frame_address(post),
        width,
        height,
        title,
    )


def _thumbnail(
    media: Media | None, max_width: int, max_height: int
) -> dict[str, str | int]:
    """The largest there is of a picture that is no larger than what is asked for."""
    if media is None:
        return {}
    shown = media.picture
    for width, address in reversed(shown.own.addresses):
        height = round(shown.height * width / (shown.width or 1))
        if width <= max_width and height <= max_height:
            return {
                "thumbnail_url": whole(address),
                "thumbnail_width": width,
                "thumbnail_height": height,
            }
    return {}
