"""The look of the blog in its settings: a theme from small pictures, and a colour."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blog import colours, stylesheets, themes
from blog.admin.widgets import ProjectTemplateMixin
from blog.models import SiteSettings


class ThemeChoice(ProjectTemplateMixin, forms.RadioSelect):
    """A radio button for each theme, beside a small drawing of it."""

    template_name = "admin/blog/widgets/theme_choice.html"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return option | {"drawing": f"blog/themes/{option['value']}.svg"}


class AccentInput(ProjectTemplateMixin, forms.TextInput):
    """A colour, or a tick at the theme's own: a colour field is never empty."""

    template_name = "admin/blog/widgets/accent_input.html"
    theme = themes.DEFAULT

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[forms.Script("blog/admin/accent.js", type="module")])

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        own = {theme: _tokens(theme) for theme in themes.THEMES}
        context["own"] = {
            theme: colours.as_hex(known["accent"][0]) for theme, known in own.items()
        }
        context["default"] = context["own"][self.theme]
        context["shown"] = value if _is_colour(value) else context["default"]
        context["samples"] = _samples(self.theme, value) if _is_colour(value) else []
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        if f"{name}-own" in data:
            return ""
        return super().value_from_datadict(data, files, name)


class LookForm(forms.ModelForm):
    """The part of the settings' form that says how the blog looks."""

    theme = forms.ChoiceField(
        label=_("Theme"), choices=themes.choices, widget=ThemeChoice
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accent"].widget = AccentInput()
        self.fields["accent"].widget.theme = themes.of(self.instance).name
        self.fields["accent"].help_text = _(
            "Its hue colours links and buttons; how light it is follows from what can "
            "be read."
        )
        self.fields["logo"].help_text = _(
            "At the top of every page, beside the blog’s name; in its place where it "
            "is more than twice as wide as high."
        )
        self.fields["cover"].help_text = _(
            "At the top of the home page, as a wide strip. What must not be cut off is "
            "marked in the library."
        )


def _tokens(theme: str, accent: str = "") -> dict[str, tuple[str, str]]:
    sheet = stylesheets.of(SiteSettings(theme=theme, accent=accent))
    return colours.tokens(sheet.css)


def _is_colour(value: Any) -> bool:
    return bool(value) and colours.HEX.fullmatch(value) is not None


def _samples(theme: str, accent: str) -> list[dict[str, Any]]:
    """What becomes of the keeper's colour on both papers."""
    known = _tokens(theme, accent)
    return [
        {
            "label": label,
            "paper": colours.as_hex(known["paper"][index]),
            "accent": colours.as_hex(known["accent"][index]),
        }
        for index, label in enumerate((_("light"), _("dark")))
    ]
