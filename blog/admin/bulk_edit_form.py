"""The form of a change to many posts, and what it would do in sentences."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from taggit.forms import TagField

from blog.admin.category_fields import CategoriesField
from blog.admin.widgets import TagInput
from blog.bulk_edit import Change, Was, difference
from blog.models import Category, Post, User
from blog.slugs import MAX_TAG_LENGTH

Status = Post.Status
LEAVE = "as they are"
_SWITCH = [("", LEAVE), ("on", "on"), ("off", "off")]
_VERBS = {
    Status.DRAFT: "make it a draft",
    Status.PENDING: "let it wait for review",
    Status.PUBLISHED: "publish",
    Status.PRIVATE: "make it private",
    Status.TRASH: "move it to the trash",
}


class CategoryBoxes(CategoriesField):
    """A box for each, in tree order, set in by its level."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, category: Category) -> str:
        return "\u2003" * category.level + category.name


class BulkEditForm(forms.Form):
    """Empty fields change nothing."""

    add_categories = CategoryBoxes(
        Category.objects.none(), required=False, label="File in"
    )
    remove_categories = CategoryBoxes(
        Category.objects.none(), required=False, label="Take out of"
    )
    add_tags = TagField(
        required=False,
        widget=TagInput,
        label="Add tags",
        help_text="Words, separated by commas.",
    )
    remove_tags = TagField(required=False, widget=TagInput, label="Remove tags")
    status = forms.ChoiceField(required=False, label="State")
    author = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Author", empty_label=LEAVE
    )
    comments_open = forms.ChoiceField(
        choices=_SWITCH, required=False, label="Takes comments"
    )
    pings_open = forms.ChoiceField(choices=_SWITCH, required=False, label="Takes pings")

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
            raise ValidationError(f"“{name}” can’t be added and taken away at once.")
        removed = {tag.casefold() for tag in change.remove_tags}
        if both := [tag for tag in change.add_tags if tag.casefold() in removed]:
            raise ValidationError(f"“{both[0]}” can’t be added and taken away at once.")
        if change == Change():
            raise ValidationError("Nothing would change: choose something first.")
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
        yield f"make “{change.author}” its author", _in_columns("author_id")
    switches = {"comments": change.comments_open, "pings": change.pings_open}
    for noun, value in switches.items():
        if value is not None:
            verb = "open it for" if value else "close it to"
            yield f"{verb} {noun}", _in_columns(f"{noun}_open")


def _filing(change: Change) -> Iterator[tuple[str, Any]]:
    for category in change.add_categories:
        yield f"file in “{category}”", _in_list("added_categories", category.pk)
    for category in change.remove_categories:
        yield f"take out of “{category}”", _in_list("removed_categories", category.pk)
    for tag in change.add_tags:
        yield f"add the tag “{tag}”", _in_list("added_tags", tag)
    for tag in change.remove_tags:
        yield f"remove the tag “{tag}”", _removes(tag)


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
                f"“{tag[:20]}…” is too long: a tag has at most {MAX_TAG_LENGTH} "
                "characters."
            )
    return tags
