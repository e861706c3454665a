"""Categories, a tree, and tags, a flat list."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey
from taggit.models import ItemBase, TagBase

from blog import addresses, trees
from blog.slugs import MAX_SLUG_LENGTH, free_slug, slug_from, tag_slug_from
from blog.web_address import MAX_ADDRESS_LENGTH


def _count(rows: models.QuerySet) -> Coalesce:
    """How many rows there are for a category, 0 where there is none."""
    counted = rows.order_by().values("category").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


class CategoryQuerySet(models.QuerySet):
    def in_tree_order(self) -> "CategoryQuerySet":
        return self.order_by("tree_id", "lft")

    def with_post_counts(self) -> "CategoryQuerySet":
        """Adds `post_count`: public posts filed in the category itself.

        All that are filed, which an index counts, without the few nobody sees:
        looking at each post took seven times as long.
        """
        from blog.models.post import Post
        from blog.models.post_queryset import is_hidden_q

        filed = Post.categories.through._base_manager.filter(category=OuterRef("pk"))
        hidden = filed.filter(post__in=Post.objects.filter(is_hidden_q()).order_by())
        return self.annotate(post_count=_count(filed) - _count(hidden))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Deletes one by one, deepest first: a bulk DELETE would leave gaps."""
        total = 0
        per_model: dict[str, int] = {}
        category: Category
        for category in self.order_by("-level"):  # type: ignore[assignment]
            count, counts = category.delete()
            total += count
            for label, number in counts.items():
                per_model[label] = per_model.get(label, 0) + number
        return total, per_model


class CategoryManager(models.Manager.from_queryset(CategoryQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> "Category":
        return self.get(slug=slug)

    def renumber(self) -> int:
        """Derive the tree columns and the path of every category from its parent.

        Siblings stand by name. Returns how many rows were wrong. A blog has
        hundreds of categories at most, so the whole forest is computed at each
        write: simpler than moving numbers about, and it cannot drift.
        """
        with transaction.atomic(using=self.db):
            trees.lock(self.model, self.db)
            rows = list(self.order_by("name", "pk"))
            root_order = iter(range(1, len(rows) + 1))
            places = trees.number(
                ((row.pk, row.parent_id) for row in rows), lambda _: next(root_order)
            )
            paths = self._paths(rows, places)
            changed = []
            for row in rows:
                derived = (*places[row.pk], paths[row.pk])
                if derived != (row.tree_id, row.lft, row.rght, row.level, row.path):
                    row.tree_id, row.lft, row.rght, row.level, row.path = derived
                    changed.append(row)
            self.bulk_update(changed, [*trees.Place._fields, "path"])
        return len(changed)

    def uproot(self, pks: Iterable[int]) -> None:
        """Make roots of categories whose parents run in a circle.

        For repairs, which hold the lock on the table; `renumber()` follows.
        """
        self.filter(pk__in=pks).update(parent=None)

    def faults(self) -> Iterator[str]:
        """One sentence for each number and path that is wrong. Two queries."""
        yield from trees.faults(trees.read(self.all()))
        rows = list(self.all())
        places = trees.number(((row.pk, row.parent_id) for row in rows), lambda _: 0)
        paths = self._paths(rows, places)
        for row in rows:
            if row.path != paths[row.pk]:
                yield f"{row.pk} has the path “{row.path}”, not “{paths[row.pk]}”"

    @staticmethod
    def _paths(
        rows: Iterable["Category"], places: dict[int, trees.Place]
    ) -> dict[int, str]:
        paths: dict[int, str] = {}
        for row in sorted(rows, key=lambda row: places[row.pk].level):
            above = paths.get(row.parent_id) if places[row.pk].level else None
            paths[row.pk] = f"{above}/{row.slug}" if above else row.slug
        return paths


class Category(MPTTModel):
    """A subject posts are filed in; a category page shows its descendants' too.

    All tree columns follow from `parent` and `name`: `save()` and `delete()` are
    the only doors, and both hold the one lock on the table.
    """

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=MAX_SLUG_LENGTH,
        unique=True,
        blank=True,
        allow_unicode=True,
    )
    parent = TreeForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        # SET_NULL would leave two roots in one tree.
        on_delete=models.PROTECT,
        related_name="children",
    )
    description = models.TextField(_("description"), blank=True)
    path = models.CharField(max_length=MAX_ADDRESS_LENGTH, editable=False, default="")

    objects = CategoryManager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["tree_id", "lft"]
        indexes = [models.Index(fields=["tree_id", "lft"], name="category_tree")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return addresses.of_category(self.path)

    def clean(self) -> None:
        if self.parent_id and self.would_circle(self.parent_id):
            raise ValidationError(
                {
                    "parent": gettext(
                        "A category can't be put under itself or its own branch."
                    )
                }
            )

    def would_circle(self, parent_id: int) -> bool:
        """Whether `parent_id` is this category or below it, asked of the rows."""
        parent_of = dict(Category.objects.values_list("pk", "parent_id"))
        return bool(self.pk) and trees.leads_to(self.pk, parent_id, parent_of)

    def save(self, *args, **kwargs) -> None:
        """Store the row and renumber the forest under one lock.

        Raises ValidationError where the parent lies below this category.
        """
        with transaction.atomic():
            trees.lock(Category)
            self.clean()
            if not self.slug:
                wanted = slug_from(self.name, fallback="category")
                self.slug = free_slug(wanted, Category.objects.all(), self.pk)
            # mptt's own moves would be undone by the renumbering: left out.
            with Category._tree_manager.disable_mptt_updates():
                super().save(*args, **kwargs)
            Category.objects.renumber()
            self.refresh_from_db(fields=[*trees.Place._fields, "path"])

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        """Raises ProtectedError while other categories stand below it."""
        with transaction.atomic():
            trees.lock(Category)
            result = models.Model.delete(self, *args, **kwargs)
            Category.objects.renumber()
        return result


class Tag(TagBase):
    """A word posts share. Its slug tells `C++` from `C#`."""

    class Meta(TagBase.Meta):
        abstract = False
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        return tag_slug_from(tag, suffix="" if i is None else f"-{i}")

    def get_absolute_url(self) -> str:
        return addresses.of_tag(self.slug)


class TaggedPostManager(models.Manager["TaggedPost"]):
    def get_by_natural_key(self, tag: str, guid: str) -> "TaggedPost":
        return self.get(tag__name=tag, content_object__guid=guid)


class TaggedPost(ItemBase):
    """One tag on one post: a real foreign key each, so fixtures can name both."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="items")
    content_object = models.ForeignKey(
        "blog.Post", on_delete=models.CASCADE, related_name="tagged_items"
    )

    objects = TaggedPostManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="tag_once_a_post"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} on {self.content_object}"

    def natural_key(self) -> tuple[str, str]:
        return (self.tag.name, self.content_object.guid)

    natural_key.dependencies = ["blog.tag", "blog.post"]  # type: ignore[attr-defined]
