"""Brings back what a post was, and posts that were deleted."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from reversion.models import Version

from blog import publishing, revision_notes, revisions
from blog.models import Category, Post, User
from blog.revisions import State

# What is about a post's publication stays as it is, and with the address every link
# that leads there; so does whose it is, what locks it, and its place among pages.
STAYING = frozenset(
    "status published_at slug parent menu_order author password review_note "
    "kind guid created_at".split()
)
_LINKS = ("categories", "tags")


class AlreadyHere(Exception):
    """The deleted post is here again: it was brought back, or imported anew."""


def restore_revision(
    post: Post, version: Version, by: User, fields: Iterable[str]
) -> str:
    """Make of `post` what it was in `version`, as far as `by` may change `fields`.

    Its state, date, address, author and password stay. Returns a sentence on what
    could not come back, or nothing. What it was until now stays among its revisions.
    """
    state = State(version.serialized_data)
    names = [name for name in state.values if name in set(fields) - STAYING]
    lost = _take_over(post, state, names)
    when = revisions.said_when(version)
    publishing.save_post(
        post,
        by,
        lambda: _link(post, state, names),
        revision_notes.RESTORED % {"date": when},
    )
    return _lost_sentence(lost + _lost_categories(state, names))


def recover(version: Version, by: User) -> tuple[Post, str]:
    """Bring a deleted post back as a draft, under its number, with its revisions.

    Returns it, and a sentence on what could not come back. Its comments went with
    it for ever. Raises AlreadyHere.
    """
    state = State(version.serialized_data)
    pk = int(version.object_id)
    if Post.objects.filter(models.Q(pk=pk) | models.Q(guid=state.values["guid"])):
        raise AlreadyHere
    post = Post(pk=pk)
    lost = _take_over(post, state, state.values)
    post.status, post.review_note = Post.Status.DRAFT, ""
    links = lambda: _link(post, state, _LINKS)  # noqa: E731
    publishing.save_post(post, by, links, revision_notes.BROUGHT_BACK)
    return post, _lost_sentence(lost + _lost_categories(state, _LINKS))


def _take_over(post: Post, state: State, names: Iterable[str]) -> list[str]:
    """Set columns; returns what they spoke of that is not here any more."""
    lost = []
    for name in names:
        if name in _LINKS:
            continue
        field: Any = Post._meta.get_field(name)
        value = state.body if name == "body" else state.values[name]
        if field.is_relation:
            is_here = field.related_model._base_manager.filter(pk=value).exists()
            if value is not None and not is_here:
                label = gettext(revision_notes.LABELS[name])
                lost.append(gettext("its %(what)s") % {"what": label})
                value = None
            setattr(post, field.attname, value)
        else:
            setattr(post, name, field.to_python(value))
    return lost


def _link(post: Post, state: State, names: Iterable[str]) -> None:
    if "categories" in names:
        post.categories.set(Category.objects.filter(pk__in=state.category_names))
    if "tags" in names:
        post.tags.set(state.values["tags"])


def _lost_categories(state: State, names: Iterable[str]) -> list[str]:
    if "categories" not in names:
        return []
    here = set(
        Category.objects.filter(pk__in=state.category_names).values_list(
            "pk", flat=True
        )
    )
    gone = [name for pk, name in state.category_names.items() if pk not in here]
    return [gettext("the category “%(name)s”") % {"name": name} for name in gone]


def _lost_sentence(lost: list[str]) -> str:
    if not lost:
        return ""
    said = get_text_list(lost, gettext("and"))
    sentence = ngettext(
        "%(list)s is not here any more and could not return.",
        "%(list)s are not here any more and could not return.",
        len(lost),
    )
    return sentence % {"list": said[:1].upper() + said[1:]}
