"""What the blog, its lists and its pages are, in schema.org's words, as JSON-LD.

Of a post `blog/structured_data.py` tells.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from blog import icons
from blog.addresses import whole
from blog.models import Post, SiteSettings, User
from blog.models.post_queryset import Kind

_CONTEXT = "https://schema.org"
_LOGO_PIXELS = 512


def of_blog(site: SiteSettings) -> dict[str, Any]:
    """The site, how to search it, and the blog it is; for the home page. No query."""
    home = whole(reverse("blog:home"))
    told = {
        "url": home,
        "name": site.title,
        "description": " ".join((site.description or site.tagline).split()),
        "inLanguage": get_language(),
    }
    blog = {"@type": "Blog", "@id": f"{home}#blog", **told}
    publisher = {
        "@type": "Organization",
        "@id": f"{home}#publisher",
        "name": site.title,
        "url": home,
        "logo": _logo(site),
        "sameAs": [link["url"] for link in site.profiles],
    }
    website = {
        "@type": "WebSite",
        "@id": f"{home}#website",
        "potentialAction": _search(),
        **told,
    }
    of: dict[str, Any] = {"publisher": {"@id": publisher["@id"]}}
    parts: list[dict[str, Any]] = [website | of, blog | of, publisher]
    return {"@context": _CONTEXT, "@graph": [_given(part) for part in parts]}


def of_author(author: User) -> dict[str, Any]:
    """The page of somebody who writes here. No query."""
    address = whole(author.get_absolute_url())
    links = [author.website, *(link["url"] for link in author.profiles)]
    person = {
        "@type": "Person",
        "@id": f"{address}#person",
        "name": author.public_name,
        "url": address,
        "description": " ".join(author.bio.split()),
        "sameAs": [link for link in dict.fromkeys(links) if link],
    }
    page = {"@type": "ProfilePage", "@id": address, "url": address}
    return {"@context": _CONTEXT, **page, "mainEntity": _given(person)}


def trail(site: SiteSettings, places: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way from the home page to a page: names and addresses, the page itself last."""
    steps = [(site.title, reverse("blog:home")), *places]
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": whole(address),
            }
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }


def pages_to(page: Post) -> list[tuple[str, str]]:
    """The public pages a page stands below, and itself. One query below another."""
    above: list[Post] = []
    if page.parent_id:
        names = page.path.split("/")
        paths = ["/".join(names[:count]) for count in range(1, len(names))]
        pages = Post.objects.published().filter(kind=Kind.PAGE, path__in=paths)
        found = pages.only("title", "kind", "path", "lead", "password")
        above = sorted(found, key=lambda post: len(post.path))
    return [(post.headline, post.get_absolute_url()) for post in (*above, page)]


def _search() -> dict[str, Any]:
    """https://schema.org/SearchAction"""
    template = f"{whole(reverse('blog:search'))}?q={{search_term_string}}"
    return {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": template},
        "query-input": "required name=search_term_string",
    }


def _logo(site: SiteSettings) -> dict[str, Any]:
    icon = icons.pick(site, "any", _LOGO_PIXELS)
    return {
        "@type": "ImageObject",
        "url": whole(icon.address),
        "width": icon.width,
        "height": icon.width,
    }


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
