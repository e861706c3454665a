"""What a post is, in schema.org's words: JSON-LD for search engines.

https://schema.org/BlogPosting. It is data in a page: text that would end the element
it stands in, or begin a comment there, is written with escapes.
"""

import json
from typing import Any

from blog import languages
from blog.addresses import fixed, whole
from blog.models import Media, Post, SiteSettings, User

# As Django's json_script has them, and the two line ends of JavaScript that JSON allows.
_ESCAPES = {sign: f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def of_post(post: Post, site: SiteSettings) -> dict[str, Any]:
    """What is said of a post; nothing of one that is locked, not public, or a page.

    No query where the post was loaded with its cards.
    """
    if post.is_page or post.password or not (post.is_public and post.published_at):
        return {}
    address = whole(post.get_absolute_url())
    said = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": post.title_elsewhere,
        "description": post.description_elsewhere,
        "datePublished": _moment(post.published_at),
        "dateModified": _moment(max(post.updated_at, post.published_at)),
        "inLanguage": post.language or languages.of_site(site),
        "author": _person(post.author),
        "image": _picture(post.picture_elsewhere),
        "articleSection": [category.name for category in post.categories.all()],
        "keywords": [item.tag.name for item in post.tagged_items.all()],
        "commentCount": post.comment_count,
        "isPartOf": _blog(site),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def as_text(said: dict[str, Any]) -> str:
    """JSON that may stand in a script element, whatever it says."""
    text = json.dumps(said, ensure_ascii=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def _moment(moment: Any) -> str:
    return moment.isoformat(timespec="seconds")


def _person(author: User | None) -> dict[str, str] | None:
    """None for a byline that was lost."""
    if author is None:
        return None
    address = whole(author.get_absolute_url())
    said = {"@type": "Person", "name": author.public_name, "url": address}
    return said | ({"sameAs": author.website} if author.website else {})


def _picture(media: Media | None) -> dict[str, Any] | None:
    if media is None:
        return None
    address, width, height = media.picture.card
    return {
        "@type": "ImageObject",
        "url": whole(address),
        "width": width,
        "height": height,
    }


def _blog(site: SiteSettings) -> dict[str, str]:
    return {"@type": "Blog", "name": site.title, "url": whole(fixed("blog:home"))}
