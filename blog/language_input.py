"""Languages in forms: one of those the blog speaks, or any a text is written in."""

from collections.abc import Iterator

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def spoken(empty: object) -> Iterator[tuple[str, object]]:
    """What the blog is translated into, by the names people there have for it."""
    yield "", empty
    yield from settings.LANGUAGES


class LanguageChoice(forms.ChoiceField):
    """One of the blog's own languages; `empty` says what holds where none is chosen."""

    def __init__(self, *, empty: object, **kwargs) -> None:
        super().__init__(choices=lambda: spoken(empty), required=False, **kwargs)


class TagInput(forms.TextInput):
    """A tag as it is typed, with languages to choose from. Needs no script."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        listed = f"{(attrs or {}).get('id') or name}_languages"
        field = super().render(name, value, (attrs or {}) | {"list": listed}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', _suggested())
        return format_html('{}<datalist id="{}">{}</datalist>', field, listed, options)


def _suggested() -> Iterator[tuple[str, str]]:
    """Every language Django knows a name for, without its varieties."""
    for tag, known in sorted(LANG_INFO.items()):
        if "name_local" in known and (len(tag) < 4 or tag.startswith("zh-han")):
            yield tag, known["name_local"]
