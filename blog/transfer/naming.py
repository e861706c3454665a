"""A blog nobody has named yet takes the name of the one that moves in."""

from django.conf import settings

from blog import xml_text
from blog.models import SiteSettings
from blog.transfer.records import BlogRecord


def take(blog: BlogRecord) -> None:
    """Title, tagline and language, where the settings were never saved. Two queries.

    What the keeper chose stays, and so does what another import brought.
    """
    title = " ".join(xml_text.allowed(blog.title).split())
    if not title or SiteSettings.objects.exists():
        return
    site = SiteSettings.current()
    site.title = title[:200]
    site.tagline = " ".join(xml_text.allowed(blog.tagline).split())[:300]
    site.language = _known(blog.language)
    site.save()


def _known(language: str) -> str:
    """As far as the blog is translated into it; empty: as it was set up."""
    known = dict(settings.LANGUAGES)
    tried = (language.lower(), language.lower().partition("-")[0])
    return next((one for one in tried if one in known), "")
