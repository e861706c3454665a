"""Django's `loaddata`, for models whose rows do not stand alone.

Django saves fixtures raw, so nothing a model derives would be there. Here a row
is completed before it is saved, and what spans rows (trees, the paths of pages,
counts) is derived once all of them are in, in the same transaction. A fixture
that is loaded again writes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, models
from django.db.models import Q
from django.utils import timezone

from blog import page_paths, trees
from blog.fixture_format import numbers_of
from blog.models import (
    Category,
    Media,
    Post,
    Redirect,
    SiteSettings,
    Tag,
    User,
)
from blog.models.search import SearchEntry, SearchQueue, SearchWord
from blog.slugs import slug_from
from blog.transfer import numbers
from blog.transfer.fixture import LEADING
from comments.models import Comment, TreeNumber, new_tree_ids
from comments.posting import recount
from config import after_loading, moving_report

# What Django raises for a row that is none, or whose values no column takes.
UNFIT = (
    AttributeError,
    DatabaseError,
    DeserializationError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValidationError,
    ValueError,
)
# What is no part of a blog, but made of it here.
_FOLLOWING = (TreeNumber, SearchQueue, SearchEntry, SearchWord)


class Command(loaddata.Command):
    def loaddata(self, fixture_labels: Sequence[str]) -> None:
        self.started_at = timezone.now()
        self.touched_post_ids: set[int] = set()
        self.new_files: list[str] = []
        # Whose rows get no number by itself that one in the fixture had.
        self.reserved: set[type[models.Model]] = set()
        # The numbers of posts that have another one here, by their guids.
        self.number_there: dict[str, int] = {}
        self.renumbered_comments = 0
        # Whose pages had other addresses where the fixture was written.
        self.slug_there: dict[str, str] = {}
        # Before any other row, as every writer of these tables does.
        trees.lock(Category, self.using)
        trees.lock(Comment, self.using)
        page_paths.lock(self.using)
        try:
            super().loaddata(fixture_labels)
            self._settle()
        except UNFIT as error:
            raise CommandError(f"Nothing was loaded. {_reason(error)}") from error

    def save_obj(self, obj: DeserializedObject) -> bool:
        row = obj.object
        if self._is_left_out(row):
            return False
        if isinstance(row, Category) and not row.slug:
            _name_category(row)
        if isinstance(row, Group):
            # Roles are here before any fixture is: each is known by its name.
            same = Group.objects.filter(name=row.name).values_list("pk", flat=True)
            row.pk = same.first()
        stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
        if isinstance(row, Post | Comment):
            self._keep_number(obj, row)
        self._complete(row, stored)
        if stored and not obj.deferred_fields and _is_same(row, stored):
            _save_links(obj)
            return True
        if isinstance(row, Media) and not stored:
            self.new_files.append(row.name)
        if isinstance(row, Comment):
            self.touched_post_ids.add(row.post_id)
            if isinstance(stored, Comment):
                self.touched_post_ids.add(stored.post_id)
        return super().save_obj(obj)

    def _is_left_out(self, row: models.Model) -> bool:
        """What was excluded, and what no fixture may decide here."""
        if isinstance(row, User):
            # Nobody's password or rights change hands by a fixture.
            same = Q(username=row.username) | Q(pk=row.pk)
            self.slug_there[row.username] = row.slug
            return User.objects.filter(same).exists() or self._is_excluded(row)
        if isinstance(row, SiteSettings) and row.pk is None:
            # What the keeper chose stays, as when a blog is imported.
            row.pk = 1
            return SiteSettings.objects.exists() or self._is_excluded(row)
        if isinstance(row, Redirect) and row.new_path.startswith(LEADING):
            # Something else may be known of the address by now.
            return Redirect.objects.filter(old_path=row.old_path).exists()
        # Tree columns of a fixture are never believed, nor where they came from; and
        # what the search knows follows from the texts, as they come in.
        return isinstance(row, _FOLLOWING) or self._is_excluded(row)

    def _is_excluded(self, row: models.Model) -> bool:
        is_app_excluded = row._meta.app_config in self.excluded_apps
        return is_app_excluded or type(row) in self.excluded_models

    def _keep_number(self, obj: DeserializedObject, row: Post | Comment) -> None:
        """`/?p=12` and `#comment-12` go on to mean what they meant, if nobody has 12."""
        number, highest = numbers_of(obj)
        if number is None:
            return
        model = type(row)
        if model not in self.reserved:
            numbers.reserve(model, [highest])
            self.reserved.add(model)
        is_free = number <= numbers.MAX_NUMBER and not (
            model._base_manager.filter(pk=number).exists()
        )
        if row.pk is None and is_free:
            row.pk = number
        if isinstance(row, Post) and row.pk != number:
            self.number_there[row.guid] = number
        elif row.pk is None:
            self.renumbered_comments += 1

    def _complete(self, row: models.Model, stored: Any) -> None:
        """Fill what the fixture leaves out, from what is here or from the rest."""
        _make_aware(row)
        if stored:
            _keep_dates(row, stored, self.started_at)
        match row:
            case Category():
                _complete_category(row, stored)
            case Comment():
                _complete_comment(row, stored)
            case Media() if stored:
                _keep_file(row, stored)
            case Post():
                _complete_post(row, stored, self.started_at)
            case Tag() | User():
                _complete_by_saving(row, stored)

    def _settle(self) -> None:
        """Derive what follows from several rows; refuse what no tree can be."""
        loaded = {model._meta.concrete_model for model in self.models}
        if Category in loaded:
            Category.objects.renumber()
            _refuse("category", Category.objects.faults())
        if self.new_files:
            self._look_for_files()
        if Post in loaded:
            after_loading.derive_page_paths()
            after_loading.note_media_uses()
        if Redirect in loaded:
            after_loading.lead_on()
        after_loading.lead_from_numbers(self.number_there)
        after_loading.lead_to_authors(self.slug_there)
        if self.touched_post_ids:
            Comment.objects.renumber(self.touched_post_ids)
            recount(self.touched_post_ids)
            _refuse("comment", Comment.objects.faults(self.touched_post_ids))
        if self.renumbered_comments and self.verbosity:
            sentence = moving_report.renumbered(self.renumbered_comments)
            self.stdout.write(f"{sentence}.")

    def _look_for_files(self) -> None:
        """Say how many files are only named: a fixture holds no bytes."""
        missing = sum(not default_storage.exists(name) for name in self.new_files)
        if missing and self.verbosity:
            noun = "file is" if missing == 1 else "files are"
            self.stdout.write(
                f"{missing} {noun} not in {settings.MEDIA_ROOT}: copy the folder of "
                "media from where the fixture was written."
            )


def _reason(error: BaseException) -> str:
    """What it says of itself, and what was wrong before that."""
    told = [str(error) or type(error).__name__]
    if error.__cause__:
        told.append(str(error.__cause__))
    return " ".join(" ".join(told).split())


def _name_category(category: Category) -> None:
    """A category without a slug is the one its name leads to, here or to be."""
    category.slug = slug_from(category.name, fallback="category")
    if category.pk is None:
        same = Category.objects.filter(slug=category.slug)
        category.pk = same.values_list("pk", flat=True).first()


def _make_aware(row: models.Model) -> None:
    """A time without a zone, as people write it, is the blog's own time."""
    for field in row._meta.concrete_fields:
        moment = getattr(row, field.attname)
        if isinstance(moment, datetime) and timezone.is_naive(moment):
            setattr(row, field.attname, timezone.make_aware(moment))


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
    if stored and (comment.parent_id or not stored.parent_id):
        _put(comment, _place_of(stored))
    else:
        _put(comment, trees.Place(new_tree_ids(1)[0], 1, 2, 0))


def _keep_file(media: Media, stored: Media) -> None:
    """What was made of it here stays. Raises CommandError where it is another file."""
    if (media.name, media.content_hash) != (stored.name, stored.content_hash):
        raise CommandError(
            f"Nothing was loaded. Another file is “{stored.name}” here: what shows it "
            "would show the wrong one."
        )
    for name in (
        "renditions",
        "thumbnail_name",
        "renditions_due_at",
        "renditions_tries",
    ):
        setattr(media, name, getattr(stored, name))


def _complete_post(post: Post, stored: Post | None, started_at: datetime) -> None:
    if stored:
        # The conversation writes these.
        post.comment_count, post.touched_at = stored.comment_count, stored.touched_at
        post.slug = post.slug or stored.slug
        post.public_path = post.public_path or stored.public_path
        if post.published_on is None and post.published_at == stored.published_at:
            post.published_on = stored.published_on
        if post.status == Post.Status.PUBLISHED:
            post.published_at = post.published_at or stored.published_at
    else:
        post.comment_count = 0
        if post.updated_at >= started_at:
            # What a fixture tells of the past was not edited today.
            post.updated_at = post.published_at or post.updated_at
        if not post.is_page:
            post.claim_address()
    post.derive()
    if post.is_page:
        # No address can begin like this: it is in nobody's way until all are in.
        post.path = stored.path if stored else f"?{post.guid}"
        post.public_path = stored.public_path if stored else ""


def _complete_by_saving(row: User | Tag, stored: Any) -> None:
    """New users and tags find their slugs in their own `save()`."""
    if stored is None:
        if type(row).objects.filter(slug=row.slug).exists():
            row.slug = ""  # another's
        row.save()
    elif not row.slug:
        row.slug = stored.slug


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


def _refuse(noun: str, faults: Iterable[str]) -> None:
    # All of them first: a cursor left open would outlive its transaction.
    found = list(faults)
    if found:
        raise CommandError(f"After loading, {noun} {found[0]}.")
