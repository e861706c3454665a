"""Categories, a tree one can drag, and tags."""

from typing import NamedTuple

# Registers its own Tag, which is not the one used here.
import taggit.admin  # noqa: F401
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from mptt.admin import DraggableMPTTAdmin
from mptt.forms import MPTTAdminForm
from taggit.models import Tag as UnusedTag

from blog import publishing, trees
from blog.admin.category_adding import AddingInPlace
from blog.admin.tag_names import TagNames
from blog.models import Category, Tag

admin.site.unregister(UnusedTag)


class Move(NamedTuple):
    """What a drag asks for."""

    category: Category
    parent: Category | None


class MoveRefused(Exception):
    """A drag that can't be done; the message says why."""


class CategoryForm(MPTTAdminForm):
    def _post_clean(self) -> None:
        # What is checked of the tree holds until the category is stored.
        trees.lock(Category)
        super()._post_clean()


@admin.register(Category)
class CategoryAdmin(AddingInPlace, DraggableMPTTAdmin):
    """Siblings stand by their names, so dragging changes the parent alone."""

    form = CategoryForm
    list_display = ["tree_actions", "indented_title", "slug", "post_count"]
    list_display_links = ["indented_title"]
    expand_tree_by_default = True
    fields = ["name", "parent", "slug", "description"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_post_counts()

    def get_actions(self, request: HttpRequest) -> dict:
        """None: mptt's own bulk delete goes round `Category.delete()`."""
        return {}

    @admin.display(description=_("branch"))
    def tree_actions(self, category: Category) -> str:
        # Only named: mptt leaves the head of the column empty.
        return super().tree_actions(category)

    @admin.display(description=_("name"))
    def indented_title(self, category: Category) -> str:
        level = min(category.level, 9)
        return format_html('<span class="level-{}">{}</span>', level, category.name)

    @admin.display(description=_("posts"), ordering="post_count")
    def post_count(self, category: Category) -> str:
        url = reverse("admin:blog_post_changelist")
        return format_html(
            '<a href="{}?category={}">{}</a>', url, category.pk, category.post_count
        )

    def save_model(
        self, request: HttpRequest, category: Category, form, change
    ) -> None:
        publishing.save_category(category)

    def delete_model(self, request: HttpRequest, category: Category) -> None:
        publishing.delete_category(category)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None):
        category = self.get_object(request, object_id)
        below = category.children.count() if category else 0
        if below and self.has_delete_permission(request, category):
            self.message_user(
                request,
                _not_while(category, below),
                messages.ERROR,
            )
            url = reverse("admin:blog_category_change", args=[category.pk])
            return HttpResponseRedirect(url)
        return super().delete_view(request, object_id, extra_context)

    def _tree_context(self, request: HttpRequest) -> dict:
        context = super()._tree_context(request)
        context["messages"] |= {
            "before": gettext("beside"),
            "after": gettext("beside"),
            "child": gettext("below"),
        }
        return context

    def _move_node(self, request: HttpRequest) -> HttpResponse:
        """Answers a drag. mptt's own would move numbers past the one lock."""
        try:
            move = self._read_move(request)
            if move.category.parent_id != (move.parent.pk if move.parent else None):
                move.category.parent = move.parent
                publishing.save_category(move.category)
                self._log_move(request, move)
        except MoveRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponse("FAIL", status=400)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponse("FAIL", status=400)
        said = (
            gettext("“%(category)s” now stands below “%(parent)s”, by its name.")
            if move.parent
            else gettext("“%(category)s” now stands at the top, by its name.")
        )
        names = {"category": move.category, "parent": move.parent}
        self.message_user(request, said % names)
        return HttpResponse("OK")

    def _read_move(self, request: HttpRequest) -> Move:
        categories = Category.objects.select_related("parent")
        try:
            category = categories.get(pk=request.POST.get("cut_item"))
            target = categories.get(pk=request.POST.get("pasted_on"))
        except (Category.DoesNotExist, ValueError):
            raise MoveRefused(gettext("That category is not there any more.")) from None
        if not self.has_change_permission(request, category):
            raise MoveRefused(gettext("You may not move categories."))
        match request.POST.get("position"):
            case "last-child":
                return Move(category, target)
            case "left" | "right":
                return Move(category, target.parent)
        raise MoveRefused(gettext("Nobody understood where that was to go."))

    def _log_move(self, request: HttpRequest, move: Move) -> None:
        self.log_change(request, move.category, [{"changed": {"fields": ["Parent"]}}])


@admin.register(Tag)
class TagAdmin(TagNames):
    list_display = ["name", "slug", "use_count"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug"]
    ordering = ["name"]
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(use_count=Count("items"))

    @admin.display(description=_("posts"), ordering="use_count")
    def use_count(self, tag: Tag) -> str:
        url = reverse("admin:blog_post_changelist")
        return format_html('<a href="{}?tag={}">{}</a>', url, tag.slug, tag.use_count)

    def save_model(self, request: HttpRequest, tag: Tag, form, change) -> None:
        publishing.save_tag(tag)

    def delete_model(self, request: HttpRequest, tag: Tag) -> None:
        publishing.delete_tags([tag])

    def delete_queryset(self, request: HttpRequest, tags: QuerySet) -> None:
        publishing.delete_tags(tags)


def _not_while(category: Category, below: int) -> str:
    said = ngettext(
        "“%(category)s” can't be deleted while a category stands below it. "
        "Move or delete what is below it first.",
        "“%(category)s” can't be deleted while %(count)s categories stand below it. "
        "Move or delete what is below it first.",
        below,
    )
    return said % {"category": category, "count": below}
