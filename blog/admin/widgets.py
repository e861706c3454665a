"""Form controls of the write page: categories as a tree, tags with suggestions."""

from collections import Counter
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from taggit.forms import TagWidget

from blog.models import Post
from blog.slugs import MAX_TAG_LENGTH

# What stands deeper is indented no further.
MAX_SHOWN_LEVEL = 9
# Of so many categories those used lately are offered apart.
MIN_FOR_LATELY = 15
MAX_LATELY = 5
LATELY_FILED = 200
LOCAL_MINUTE = "%Y-%m-%dT%H:%M"


class ProjectTemplateMixin:
    """Renders a widget from the project's templates, not from Django's own alone."""

    def _render(
        self, template_name: str, context: dict, renderer: object = None
    ) -> str:
        return render_to_string(template_name, context)


class CategoryTree(ProjectTemplateMixin, forms.CheckboxSelectMultiple):
    """Checkboxes in tree order; each knows its level, the stylesheet indents it.

    `may_add` offers to add one; the form says so for who may.
    """

    template_name = "admin/blog/widgets/category_tree.html"
    may_add = False

    class Media:
        css = {"all": ["blog/admin/choices.css"]}
        js = [forms.Script("blog/admin/categories.js", type="module")]

    def create_option(self, name, value, *args, **kwargs) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["level"] = value.instance.level
        option["shown_level"] = min(option["level"], MAX_SHOWN_LEVEL)
        return option

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        options = [
            option for _, group, _ in context["widget"]["optgroups"] for option in group
        ]
        lately = _used_lately() if len(options) >= MIN_FOR_LATELY else []
        place = {pk: place for place, pk in enumerate(lately)}
        used = [option for option in options if option["value"].value in place]
        context["used_lately"] = sorted(used, key=lambda o: place[o["value"].value])
        context["may_add"] = self.may_add
        return context


def _used_lately() -> list[int]:
    """Keys of the categories posts were filed in lately, most used first. One query."""
    filed = Post.categories.through.objects.order_by("-pk")
    keys = filed.values_list("category", flat=True)[:LATELY_FILED]
    return [pk for pk, _ in Counter(keys).most_common(MAX_LATELY)]


class TagInput(ProjectTemplateMixin, TagWidget):
    """A comma list. With JavaScript each tag is a word of its own, and all are offered."""

    template_name = "admin/blog/widgets/tag_input.html"

    class Media:
        css = {"all": ["blog/admin/choices.css"]}
        js = [forms.Script("blog/admin/tags.js", type="module")]

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["autocomplete"] = "off"
        context["max_length"] = MAX_TAG_LENGTH
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
