"""The form of a change to many posts, and what it would do in sentences."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField

from blog.admin.category_fields import CategoriesField
from blog.admin.widgets import TagInput
from blog.bulk_edit import Change, Was, difference
from blog.models import Category, Post, User
from blog.slugs import MAX_TAG_LENGTH

Status = Post.Status
LEAVE = _("as they are")
_SWITCHED = {
    "comments": {True: _("open it for comments"), False: _("close it to comments")},
    "pings": {True: _("open it for pings"), False: _("close it to pings")},
}
_SWITCH = [("", LEAVE), ("on", _("on")), ("off", _("off"))]
_VERBS = {
    Status.DRAFT: _("make it a draft"),
    Status.PENDING: _("let it wait for review"),
    Status.PUBLISHED: _("publish"),
    Status.PRIVATE: _("make it private"),
    Status.TRASH: _("move it to the trash"),
}


class CategoryBoxes(CategoriesField):
    """A box for each, in tree order, set in by its level."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, category: Category) -> str:
        return "\u2003" * category.level + category.name


class BulkEditForm(forms.Form):
    """Empty fields change nothing."""

    add_categories = CategoryBoxes(
        Category.objects.none(), required=False, label=_("File in")
    )
    remove_categories = CategoryBoxes(
        Category.objects.none(), required=False, label=_("Take out of")
    )
    add_tags = TagField(
        required=False,
        widget=TagInput,
        label=_("Add tags"),
        help_text=_("Words, separated by commas."),
    )
    remove_tags = TagField(required=False, widget=TagInput, label=_("Remove tags"))
    status = forms.ChoiceField(required=False, label=_("State"))
    author = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Author"), empty_label=LEAVE
    )
    comments_open = forms.ChoiceField(
        choices=_SWITCH, required=False, label=_("Takes comments")
    )
    pings_open = forms.ChoiceField(
        choices=_SWITCH, required=False, label=_("Takes pings")
    )

    def __init__(
        self,
        data: Any,
        *,
        posts: QuerySet[Post],
        are_pages: bool,
        may_publish: bool,
        may_change_author: bool,
    ) -> None:
        super().__init__(data)
        if are_pages:
            for name in ("categories", "tags"):
                del self.fields[f"add_{name}"], self.fields[f"remove_{name}"]
        else:
            in_order = Category.objects.in_tree_order()
            pks = posts.order_by().values("pk")
            self.fields["add_categories"].queryset = in_order
            there = in_order.filter(pk__in=Category.objects.filter(posts__in=pks))
            self.fields["remove_categories"].queryset = there
        out = () if may_publish else (Status.PUBLISHED, Status.PRIVATE)
        states = [choice for choice in Status.choices if choice[0] not in out]
        self.fields["status"].choices = [("", LEAVE), *states]
        self.fields["author"].queryset = User.objects.filter(is_staff=True)
        if not may_change_author:
            del self.fields["author"]

    def clean_add_tags(self) -> list[str]:
        return _short(self.cleaned_data["add_tags"])

    def clean_remove_tags(self) -> list[str]:
        return _short(self.cleaned_data["remove_tags"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        change = self.change()
        if both := set(change.add_categories) & set(change.remove_categories):
            name = sorted(category.name for category in both)[0]
            raise ValidationError(
                gettext("“%(name)s” can’t be added and taken away at once.")
                % {"name": name}
            )
        removed = {tag.casefold() for tag in change.remove_tags}
        if both := [tag for tag in change.add_tags if tag.casefold() in removed]:
            raise ValidationError(
                gettext("“%(name)s” can’t be added and taken away at once.")
                % {"name": both[0]}
            )
        if change == Change():
            raise ValidationError(
                gettext("Nothing would change: choose something first.")
            )
        return cleaned

    def change(self) -> Change:
        data = self.cleaned_data
        switches = {"on": True, "off": False}
        return Change(
            tuple(data.get("add_categories") or ()),
            tuple(data.get("remove_categories") or ()),
            tuple(data.get("add_tags") or ()),
            tuple(data.get("remove_tags") or ()),
            data.get("status") or "",
            data.get("author"),
            switches.get(data.get("comments_open") or ""),
            switches.get(data.get("pings_open") or ""),
        )


def lines(change: Change, posts: Iterable[Post]) -> Iterator[tuple[str, int, int]]:
    """Of each part of a change: what it does, to how many, and how many are so already."""
    posts = list(posts)
    found = [difference(post, change) for post in posts]
    for words, is_hit in _parts(change):
        count = sum(map(is_hit, found))
        yield words, count, len(posts) - count


def _parts(change: Change) -> Iterator[tuple[str, Any]]:
    """The words of each part, and whether it is news to a post."""
    yield from _filing(change)
    if change.status:
        yield _VERBS[Status(change.status)], _in_columns("status")
    if change.author:
        yield (
            gettext("make “%(author)s” its author") % {"author": change.author},
            _in_columns("author_id"),
        )
    switches = {"comments": change.comments_open, "pings": change.pings_open}
    for noun, value in switches.items():
        if value is not None:
            yield _SWITCHED[noun][value], _in_columns(f"{noun}_open")


def _filing(change: Change) -> Iterator[tuple[str, Any]]:
    for category in change.add_categories:
        yield (
            gettext("file in “%(category)s”") % {"category": category},
            _in_list("added_categories", category.pk),
        )
    for category in change.remove_categories:
        yield (
            gettext("take out of “%(category)s”") % {"category": category},
            _in_list("removed_categories", category.pk),
        )
    for tag in change.add_tags:
        yield (
            gettext("add the tag “%(tag)s”") % {"tag": tag},
            _in_list("added_tags", tag),
        )
    for tag in change.remove_tags:
        yield gettext("remove the tag “%(tag)s”") % {"tag": tag}, _removes(tag)


def _in_list(name: str, value: object):
    return lambda was: value in getattr(was, name)


def _in_columns(name: str):
    return lambda was: name in was.columns


def _removes(tag: str):
    def is_hit(was: Was) -> bool:
        return tag.casefold() in {name.casefold() for name in was.removed_tags}

    return is_hit


def _short(tags: list[str]) -> list[str]:
    for tag in tags:
        if len(tag) > MAX_TAG_LENGTH:
            raise ValidationError(
                gettext(
                    "“%(tag)s…” is too long: a tag has at most %(limit)s characters."
                )
                % {"tag": tag[:20], "limit": MAX_TAG_LENGTH}
            )
    return tags
