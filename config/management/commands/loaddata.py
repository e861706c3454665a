"""Django's `loaddata`, for models whose rows do not stand alone.

Django saves fixtures raw, so nothing a model derives would be there. Here a row
is completed before it is saved, and what spans rows (trees, the paths of pages,
counts) is derived once all of them are in, in the same transaction. A fixture
that is loaded again writes nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.db import models
from django.utils import timezone

from blog import trees
from blog.models import Category, Page, Post, Tag, User
from blog.slugs import slug_from
from blog.transfer.load import claim_address
from comments.models import Comment, TreeNumber, new_tree_ids
from comments.posting import recount


class Command(loaddata.Command):
    def loaddata(self, fixture_labels: Iterable[str]) -> None:
        self.started_at = timezone.now()
        self.touched_post_ids: set[int] = set()
        # Before any other row, as every writer of these tables does.
        trees.lock(Category, self.using)
        trees.lock(Comment, self.using)
        super().loaddata(fixture_labels)
        self._settle()

    def save_obj(self, obj: DeserializedObject) -> bool:
        row = obj.object
        model = row._meta.concrete_model
        if model is TreeNumber:
            return False  # tree columns of a fixture are never believed
        if model is Category and not row.slug:
            _name_category(row)
        stored = model._base_manager.filter(pk=row.pk).first() if row.pk else None
        if model is User and (stored or _has_account(row)):
            return False  # nobody's password or rights change hands by a fixture
        if stored:
            _keep_dates(row, stored, self.started_at)
        elif model is Post and row.updated_at >= self.started_at:
            # What a fixture tells of the past was not edited today.
            row.updated_at = row.published_at or row.updated_at
        if model in _COMPLETE:
            _COMPLETE[model](row, stored)
        if stored and not obj.deferred_fields and _is_same(row, stored):
            _save_links(obj)
            return True
        if model is Comment:
            self.touched_post_ids |= {row.post_id, stored.post_id if stored else None}
        return super().save_obj(obj)

    def _settle(self) -> None:
        """Derive what follows from several rows; refuse what no tree can be."""
        loaded = {model._meta.concrete_model for model in self.models}
        post_ids = self.touched_post_ids - {None}
        if Category in loaded:
            Category.objects.renumber()
            _refuse("category", Category.objects.faults())
        if Post in loaded:
            _derive_page_paths()
        if post_ids:
            Comment.objects.renumber(post_ids)
            recount(post_ids)
            _refuse("comment", Comment.objects.faults(post_ids))


def _name_category(category: Category) -> None:
    """A category without a slug is the one its name leads to, here or to be."""
    category.slug = slug_from(category.name, fallback="category")
    if category.pk is None:
        same = Category.objects.filter(slug=category.slug)
        category.pk = same.values_list("pk", flat=True).first()


def _has_account(user: User) -> bool:
    return User.objects.filter(username=user.username).exists()


def _keep_dates(row: models.Model, stored: models.Model, started_at: datetime) -> None:
    """Dates a fixture does not give stay as they are.

    The deserialiser has put "now" there, later than any date in a file.
    """
    for field in row._meta.concrete_fields:
        is_stamp = getattr(field, "auto_now_add", False) or field.default is (
            timezone.now
        )
        if is_stamp:
            given = getattr(row, field.attname)
            if given is None or given >= started_at:
                setattr(row, field.attname, getattr(stored, field.attname))


def _complete_category(category: Category, stored: Category | None) -> None:
    place = _place_of(stored) if stored else trees.Place(0, 1, 2, 0)
    _put(category, place)
    category.path = stored.path if stored else category.slug


def _complete_comment(comment: Comment, stored: Comment | None) -> None:
    comment.derive()
    # A reply that becomes a root can't keep the number of its old root's tree.
    keeps_place = stored and (comment.parent_id or not stored.parent_id)
    if keeps_place:
        _put(comment, _place_of(stored))
    else:
        _put(comment, trees.Place(new_tree_ids(1)[0], 1, 2, 0))


def _complete_post(post: Post, stored: Post | None) -> None:
    if stored:
        # The conversation writes these.
        post.comment_count, post.touched_at = stored.comment_count, stored.touched_at
        post.slug = post.slug or stored.slug
        if post.status == Post.Status.PUBLISHED:
            post.published_at = post.published_at or stored.published_at
    else:
        post.comment_count = 0
        if not post.is_page:
            claim_address(post)
    parent_id = post.parent_id
    if parent_id and not Post.objects.filter(pk=parent_id).exists():
        post.parent_id = None  # it comes later in the file
    post.derive()
    post.parent_id = parent_id
    if post.is_page:
        # No address can begin like this: it is in nobody's way until all are in.
        post.path = stored.path if stored else f"?{post.guid}"


def _complete_by_saving(row: User | Tag, stored: models.Model | None) -> None:
    """New users and tags find their slugs in their own `save()`."""
    if stored is None:
        row.save()
    elif not row.slug:
        row.slug = stored.slug


_COMPLETE: dict[type[models.Model], Callable[..., None]] = {
    Category: _complete_category,
    Comment: _complete_comment,
    Post: _complete_post,
    Tag: _complete_by_saving,
    User: _complete_by_saving,
}


def _place_of(row: Category | Comment) -> trees.Place:
    return trees.Place(row.tree_id, row.lft, row.rght, row.level)


def _put(row: Category | Comment, place: trees.Place) -> None:
    row.tree_id, row.lft, row.rght, row.level = place


def _is_same(row: models.Model, stored: models.Model) -> bool:
    return all(
        getattr(row, field.attname) == getattr(stored, field.attname)
        for field in row._meta.concrete_fields
    )


def _save_links(obj: DeserializedObject) -> None:
    for name, linked in (obj.m2m_data or {}).items():
        getattr(obj.object, name).set(linked)


def _derive_page_paths() -> None:
    """The path of every page from its parent's. Raises CommandError on a circle."""
    pages = {page.pk: page for page in Page.objects.all()}
    parents = [(pk, page.parent_id) for pk, page in pages.items()]
    places = trees.number(parents, lambda _: 0)
    changed = []
    for page in sorted(pages.values(), key=lambda page: places[page.pk].level):
        if page.parent_id and not places[page.pk].level:
            raise CommandError(f"The page “{page}” stands below itself.")
        above = f"{pages[page.parent_id].path}/" if page.parent_id else ""
        if page.path != above + page.slug:
            page.path = above + page.slug
            changed.append(page)
    Page.objects.bulk_update(changed, ["path"])


def _refuse(noun: str, faults: Iterable[str]) -> None:
    # All of them first: a cursor left open would outlive its transaction.
    found = list(faults)
    if found:
        raise CommandError(f"After loading, {noun} {found[0]}.")
