"""Form controls of the write page: categories as a tree, tags with suggestions."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from taggit.forms import TagWidget

from blog.models import Tag

MAX_SUGGESTED_TAGS = 500
LOCAL_MINUTE = "%Y-%m-%dT%H:%M"


class ProjectTemplateMixin:
    """Renders a widget from the project's templates, not from Django's own alone."""

    def _render(
        self, template_name: str, context: dict, renderer: object = None
    ) -> str:
        return render_to_string(template_name, context)


class CategoryTree(ProjectTemplateMixin, forms.CheckboxSelectMultiple):
    """Checkboxes in tree order; each knows its level, the stylesheet indents it."""

    template_name = "admin/blog/widgets/category_tree.html"

    def create_option(self, name, value, *args, **kwargs) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["level"] = value.instance.level
        return option


class TagInput(ProjectTemplateMixin, TagWidget):
    """A comma list; the names in use are offered while typing."""

    template_name = "admin/blog/widgets/tag_input.html"

    class Media:
        js = [forms.Script("blog/admin/tags.js", defer=True)]

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_names"
        context["widget"]["attrs"] |= {"list": list_id, "autocomplete": "off"}
        context["list_id"] = list_id
        names = Tag.objects.order_by("name").values_list("name", flat=True)
        context["names"] = names[:MAX_SUGGESTED_TAGS]
        return context


class LocalDateTimeInput(forms.DateTimeInput):
    """The browser's own date and time, to the minute. It knows the blog's clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": 60}, format=LOCAL_MINUTE)

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        now = timezone.localtime().strftime(LOCAL_MINUTE)
        context["widget"]["attrs"]["data-now"] = now
        return context
