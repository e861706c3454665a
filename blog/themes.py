"""The themes: each is a few style sheets after the common ones, and the templates in
`templates/themes/NAME/` that stand for those of the same name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FOLDER = Path("templates") / "themes"


@dataclass(frozen=True)
class Theme:
    """`styles` are names of static files; they come last, in layer `theme`.

    `grounds` are the colours of the top of a page, in light and in dark: what browsers
    paint around it.
    """

    name: str
    label: str | Promise
    styles: tuple[str, ...] = ()
    grounds: tuple[str, str] = ("#fdfaf5", "#1b1715")


DEFAULT = "book"
THEMES = {
    theme.name: theme
    for theme in (
        Theme(DEFAULT, _("Book: a well-set page"), ("blog/css/margin.css",)),
        Theme(
            "classic",
            _("Classic: a sheet and a sidebar, as in 2006"),
            ("blog/css/classic.css",),
            ("#dadde0", "#0a0e12"),
        ),
    )
}

# Who asks for a page now; the theme is looked up when a template needs it.
_request: ContextVar[Any] = ContextVar("request", default=None)


def choices() -> list[tuple[str, str | Promise]]:
    return [(theme.name, theme.label) for theme in THEMES.values()]


def of(site: Any) -> Theme:
    """The theme a row of settings names; the default where there is none of the name."""
    return THEMES.get(site.theme, THEMES[DEFAULT])


@contextmanager
def for_request(request: Any) -> Iterator[None]:
    """Templates loaded within are those of the theme of `request`'s blog."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def overriding(template_name: str) -> str:
    """The theme that has a template of its own for this name; empty: none has.

    One query a request where any theme has one, else none.
    """
    own = _own_templates().get(template_name)
    request = _request.get()
    if not own or request is None:
        return ""
    # Models need the themes' names.
    from blog.models import SiteSettings

    name = of(SiteSettings.of(request)).name
    return name if name in own else ""


@cache
def _own_templates() -> dict[str, set[str]]:
    """Which themes have a template of a name of their own."""
    found: dict[str, set[str]] = {}
    for theme in THEMES:
        folder = settings.BASE_DIR / FOLDER / theme
        for path in folder.rglob("*"):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                found.setdefault(name, set()).add(theme)
    return found
