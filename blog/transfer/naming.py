"""What a blog is called: one nobody has named yet takes the name of what moves in."""

from django.conf import settings

from blog import xml_text
from blog.models import SiteSettings
from blog.transfer.records import BlogRecord


def take(blog: BlogRecord) -> None:
    """Title, tagline and language, where the settings were never saved. Two queries.

    What the keeper chose stays, and so does what another import brought.
    """
    told = settings_of(blog)
    if not told or SiteSettings.objects.exists():
        return
    site = SiteSettings.current()
    for name, value in told.items():
        setattr(site, name, value)
    site.save()


def settings_of(blog: BlogRecord) -> dict[str, str]:
    """Those a record tells; none where it has no title."""
    title = " ".join(xml_text.allowed(blog.title).split())
    if not title:
        return {}
    return {
        "title": title[:200],
        "tagline": " ".join(xml_text.allowed(blog.tagline).split())[:300],
        "language": _known(blog.language),
    }


def _known(language: str) -> str:
    """As far as the blog is translated into it; empty: as it was set up."""
    known = dict(settings.LANGUAGES)
    tried = (language.lower(), language.lower().partition("-")[0])
    return next((one for one in tried if one in known), "")
