"""Templates of the theme first: what it has a template of its own for."""

from collections.abc import Iterator

from django.conf import settings
from django.template import Origin
from django.template.loaders import cached, filesystem
from django.utils._os import safe_join

from blog import themes


class Loader(filesystem.Loader):
    """Looks in the folder of the theme whose page is being made."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:  # type: ignore[override]
        theme = themes.overriding(template_name)
        if theme:
            folder = settings.BASE_DIR / themes.FOLDER / theme
            path = safe_join(folder, template_name)
            yield Origin(name=path, template_name=template_name, loader=self)


class CachedLoader(cached.Loader):
    """Keeps one compiled template for each theme that has its own."""

    def cache_key(self, template_name, skip=None):  # type: ignore[no-untyped-def]
        theme = themes.overriding(template_name)
        return f"{theme}:{super().cache_key(template_name, skip)}"
