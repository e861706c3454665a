"""A category added where a post is written, without leaving it."""

from typing import NamedTuple

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import publishing, trees
from blog.models import Category
from blog.numbers import number_or_none

NOT_YOURS = _("You may not add categories.")
NO_NAME = _("A category needs a name.")
PARENT_GONE = _("The category it was to stand below is not here any more.")
MAX_NAME = Category._meta.get_field("name").max_length
TOO_LONG = format_lazy(
    _("That name is too long: a category has at most {limit} characters."),
    limit=MAX_NAME,
)


class Found(NamedTuple):
    category: Category
    is_new: bool


class AddRefused(Exception):
    """It can't be added; the message says why."""


class AddingInPlace(admin.ModelAdmin):
    """The door for scripts: JSON, and nothing that leads away."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.add_in_place)
        own = [path("add-in-place/", view, name="blog_category_add_in_place")]
        return own + super().get_urls()

    def add_in_place(self, request: HttpRequest) -> JsonResponse:
        """Store a category by `name` and `parent`; say where in the tree it stands.

        `after` is the key of the category before it in tree order, or null.
        """
        if request.method != "POST" or not self.has_add_permission(request):
            return JsonResponse({"sentence": NOT_YOURS}, status=403)
        try:
            category, is_new = find_or_add(
                request.POST.get("name", ""), request.POST.get("parent", "")
            )
        except AddRefused as refusal:
            return JsonResponse({"sentence": str(refusal)}, status=400)
        if is_new:
            self.log_addition(request, category, [{"added": {}}])
        said = (
            gettext("“%(name)s” is added.")
            if is_new
            else gettext("“%(name)s” is here already, and checked now.")
        )
        return JsonResponse(
            {
                "pk": category.pk,
                "name": category.name,
                "level": category.level,
                "after": _before(category),
                "is_new": is_new,
                "sentence": said % {"name": category.name},
            }
        )


def find_or_add(name: str, parent: str) -> Found:
    """The category of this name below the one with the key `parent`; "": at the top.

    A name that differs in case alone is the same one. Raises AddRefused.
    """
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise AddRefused(NO_NAME)
    if len(name) > MAX_NAME:
        raise AddRefused(TOO_LONG)
    with transaction.atomic():
        trees.lock(Category)  # nobody adds the same between the look and the save
        above = _parent(parent)
        beside = Category.objects.filter(parent=above)
        # Not asked of the database: SQLite knows no case beyond ASCII.
        for category in beside.order_by("pk"):
            if category.name.casefold() == name.casefold():
                return Found(category, is_new=False)
        category = Category(name=name, parent=above)
        try:
            publishing.save_category(category)
        except ValidationError as error:
            raise AddRefused(" ".join(error.messages)) from None
    return Found(category, is_new=True)


def _parent(key: str) -> Category | None:
    if not key:
        return None
    pk = number_or_none(key)
    above = Category.objects.filter(pk=pk).first() if pk else None
    if above is None:
        raise AddRefused(PARENT_GONE)
    return above


def _before(category: Category) -> int | None:
    """The key of the one before it in tree order."""
    keys = list(Category.objects.in_tree_order().values_list("pk", flat=True))
    place = keys.index(category.pk)
    return keys[place - 1] if place else None
