"""What a list of posts is of: a category, a tag or a writer, by its address.

Each is one query, compiled once, and raises Http404 where there is none.
"""

from typing import Any

from django.db.models import BigIntegerField, CharField, IntegerField
from django.http import Http404, HttpRequest

from blog import post_lists
from blog.models import Category, Post, Tag, User
from blog.prepared import Prepared, Slot


def category_at(path: str) -> Category:
    return _found(_CATEGORY, path=path)


def tag_at(slug: str) -> Tag:
    return _found(_TAG, slug=slug)


def author_at(request: HttpRequest, slug: str) -> User:
    """An account that has published nothing has no page. A second query, or third."""
    found: User = _found(_AUTHOR, slug=slug)
    if post_lists.WRITTEN.of(request, author=found.pk).count():
        return found
    # One who wrote pages alone has an empty list.
    if Post.objects.filter(author=found).published().exists():
        return found
    raise Http404("Nobody of that name has published here.")


def above(category: Category) -> list[Category]:
    """Those a category stands below, the topmost first. No query at the top."""
    if not category.level:
        return []
    return _ABOVE.objects(tree=category.tree_id, lft=category.lft, rght=category.rght)


def below(category: Category) -> list[Category]:
    """Those right below it. No query where the tree has none."""
    if category.rght - category.lft == 1:
        return []
    return _BELOW.objects(parent=category.pk)


def _found(prepared: Prepared, **values: str) -> Any:
    found = prepared.instance(**values)
    if found is None:
        raise Http404("There is no such list.")
    return found


_CATEGORY = Prepared(lambda: Category.objects.filter(path=Slot("path", CharField())))
_TAG = Prepared(lambda: Tag.objects.filter(slug=Slot("slug", CharField())))
_AUTHOR = Prepared(lambda: User.objects.filter(slug=Slot("slug", CharField())))
_ABOVE = Prepared(
    lambda: Category.objects.filter(
        tree_id=Slot("tree", IntegerField()),
        lft__lt=Slot("lft", IntegerField()),
        rght__gt=Slot("rght", IntegerField()),
    ).in_tree_order()
)
_BELOW = Prepared(
    lambda: Category.objects.filter(
        parent=Slot("parent", BigIntegerField())
    ).in_tree_order()
)
