"""The icons of the blog: those made of the keeper's picture, or the ones it comes with."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.templatetags.static import static

from blog.icon_drawing import SHAPES, Shape
from blog.models import SiteSettings

ICO_TYPE = "image/x-icon"
BUILT_IN = "blog/icons/"


@dataclass(frozen=True)
class Icon:
    """`purpose` is `any`, `maskable`, or `touch` for the home screens of Apple."""

    address: str
    mime_type: str
    width: int
    purpose: str


def of(site: SiteSettings) -> list[Icon]:
    """Each purpose's smallest first. No query, and no file is looked at.

    Of a picture chosen just now, the icons that were there before.
    """
    made = [made for made in site.icon_files if made["purpose"] != "ico"]
    if not (site.icon_id and made):
        return [
            Icon(static(f"{BUILT_IN}{shape.mark}.png"), "image/png", *_known(shape))
            for shape in SHAPES
        ]
    url = default_storage.url
    return [
        Icon(url(icon["name"]), icon["mime_type"], icon["width"], icon["purpose"])
        for icon in made
    ]


def pick(site: SiteSettings, purpose: str, width: int = 0) -> Icon:
    """The smallest of a purpose that is as wide, else the widest there is."""
    fitting = [icon for icon in of(site) if icon.purpose == purpose]
    return next((icon for icon in fitting if icon.width >= width), fitting[-1])


def _known(shape: Shape) -> tuple[int, str]:
    return shape.width, shape.purpose
