"""Which posts? The questions every list, page and feed asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.taxonomy import Category, TaggedPost

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from blog.models.user import User
    from blog.prepared import Slot


class Kind(models.TextChoices):
    POST = "post", _("post")
    PAGE = "page", _("page")


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PENDING = "pending", _("waiting for review")
    PUBLISHED = "published", _("published")
    PRIVATE = "private", _("private")
    TRASH = "trash", _("in the trash")


def is_public_q(prefix: str = "", now: "datetime | Slot | None" = None) -> Q:
    """The one answer in SQL to "is this post public?"; `Post.is_public` in Python.

    Scheduled means published with a date that is still to come: the clock alone
    makes such a post appear. `prefix` leads to the post: `posts__`.
    """
    return Q(
        **{
            f"{prefix}status": Status.PUBLISHED,
            f"{prefix}published_at__lte": now or timezone.now(),
        }
    )


class TitleStart(models.Func):
    """As much of a title as an index of PostgreSQL holds, whatever stands in it."""

    # Written out: SQLite knows its index again by the same words alone.
    template = "substr(%(expressions)s, 1, 200)"
    output_field = models.CharField()


def is_hidden_q() -> Q:
    """The opposite, in a form that finds these few in an index."""
    others = set(Status.values) - {Status.PUBLISHED}
    to_come = Q(status=Status.PUBLISHED, published_at__gt=timezone.now())
    every = Q(kind__in=Kind.values)
    return (every & Q(status__in=sorted(others))) | (every & to_come)


class PostQuerySet(models.QuerySet):
    def titled_with(self, words: Iterable[str]) -> "PostQuerySet":
        """Those with every word in their title, answered by an index in order of date."""
        posts = self.annotate(title_start=TitleStart("title"))
        for word in words:
            posts = posts.filter(title_start__icontains=word)
        return posts

    def published(self) -> "PostQuerySet":
        return self.filter(is_public_q())

    def next_publication(self, now: datetime) -> datetime | None:
        """When the next post or page becomes public by itself."""
        to_come = self.filter(status=Status.PUBLISHED, published_at__gt=now)
        return to_come.aggregate(next=models.Min("published_at"))["next"]

    def visible_to(self, user: "User | AnonymousUser") -> "PostQuerySet":
        """What `user` may read: the public, their own, and for editors all."""
        if user.has_perm("blog.change_others_post"):
            return self.exclude(status=Status.TRASH)
        if user.is_authenticated:
            own = Q(author=user) & ~Q(status=Status.TRASH)
            return self.filter(is_public_q() | own)
        return self.published()

    def posts(self) -> "PostQuerySet":
        return self.filter(kind=Kind.POST)

    def newest_first(self) -> "PostQuerySet":
        return self.order_by("-published_at", "-pk")

    def in_category(self, category: Category) -> "PostQuerySet":
        """Filed in `category` or anywhere below it, each post once."""
        return self.in_branch(category.tree_id, category.lft, category.rght)

    def in_branch(self, tree_id: Any, lft: Any, rght: Any) -> "PostQuerySet":
        """The same, by the numbers of the category or by slots for them."""
        branch = Category.objects.filter(tree_id=tree_id, lft__gte=lft, rght__lte=rght)
        return self.filter(pk__in=branch.values("posts"))

    def with_cards(self) -> "PostQuerySet":
        """Loads what a post shows in a list: two queries more, however many posts."""
        return self.select_related("author", "featured_image").prefetch_related(
            Prefetch("categories", Category.objects.in_tree_order()),
            Prefetch("tagged_items", TaggedPost.objects.select_related("tag")),
        )

    def with_detail(self) -> "PostQuerySet":
        """Loads what the post page shows of the post itself."""
        return self.with_cards().select_related("social_image")


class PostManager(models.Manager.from_queryset(PostQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, guid: str) -> models.Model:
        return self.get(guid=guid)
