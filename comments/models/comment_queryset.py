"""Which comments? And what is done to whole trees of them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import connections, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import trees
from blog.models.post_queryset import is_public_q
from comments.models.tree_number import new_tree_ids

if TYPE_CHECKING:
    from comments.models.comment import Comment

MAX_FORGOTTEN = 500


class State(models.TextChoices):
    PENDING = "pending", _("held")
    APPROVED = "approved", _("approved")
    SPAM = "spam", _("spam")
    TRASH = "trash", _("in the trash")


class CommentQuerySet(models.QuerySet):
    def approved(self) -> "CommentQuerySet":
        return self.filter(state=State.APPROVED)

    def pending(self) -> "CommentQuerySet":
        return self.filter(state=State.PENDING)

    def state_counts(self) -> dict[str, int]:
        """How many there are in each state, none left out. One query."""
        counts = self.order_by().values_list("state").annotate(models.Count("pk"))
        return dict.fromkeys(State.values, 0) | dict(counts)

    def with_context(self) -> "CommentQuerySet":
        """Loads post, writer and parent for lists: one query, however many rows."""
        return self.select_related("post", "post__author", "author", "parent")

    def public(self, now: Any = None) -> "CommentQuerySet":
        """Approved, under a post that is public and needs no password.

        At a moment, or a slot for one; else just now.
        """
        return self.approved().filter(is_public_q("post__", now), post__password="")

    def astray(self) -> "CommentQuerySet":
        """Replies to something that was said below another post."""
        return self.filter(parent__isnull=False).exclude(post=F("parent__post"))

    def forget_addresses(self, days: int) -> int:
        """Blank address and browser of what is older than `days`; how many.

        At most MAX_FORGOTTEN at a time. What somebody is writing to just now is
        left for the next time: nobody waits for this, and this waits for nobody.
        """
        old = timezone.now() - timedelta(days=days)
        kept = self.filter(created_at__lt=old, ip_address__isnull=False)
        with transaction.atomic():
            trees.announce_writer(self.model)
            free = kept.order_by("pk").select_for_update(skip_locked=True)
            pks = list(free.values_list("pk", flat=True)[:MAX_FORGOTTEN])
            rows = self.model._default_manager.filter(pk__in=pks)
            return rows.update(ip_address=None, user_agent="") if pks else 0

    def delete(self) -> NoReturn:
        raise TypeError(
            "Comments are not deleted in bulk: that would leave gaps in their "
            "trees. Move them to the trash."
        )


class CommentManager(models.Manager.from_queryset(CommentQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, guid: str) -> "Comment":
        return self.get(guid=guid)

    def lock_trees(self, tree_ids: Iterable[int]) -> None:
        """Let nobody else write to these trees until the transaction ends.

        Everybody who writes comments takes locks in this order, so that no two can
        wait for each other: the table's, roots of trees by key, then posts by key.
        On SQLite the transaction has the write lock already.
        """
        trees.announce_writer(self.model, self.db)
        if not connections[self.db].features.has_select_for_update:
            return
        roots = self.filter(tree_id__in=set(tree_ids), parent=None)
        list(roots.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def renumber(self, post_ids: Iterable[int] | None = None) -> int:
        """Derive the tree columns from the parents: of these posts, or of all.

        Siblings stand by date. Roots keep their tree number where it is theirs
        alone. Returns how many rows were wrong. Holds the lock on the table.
        """
        with transaction.atomic(using=self.db):
            trees.lock(self.model, self.db)
            rows = self.all() if post_ids is None else self.filter(post__in=post_ids)
            nodes = [
                trees.Node(pk, parent, trees.Place(*place))
                for pk, parent, *place in rows.order_by("created_at", "pk").values_list(
                    "pk", "parent_id", "tree_id", "lft", "rght", "level"
                )
            ]
            numbers = self._tree_numbers(nodes, post_ids)
            places = trees.number(
                ((node.pk, node.parent) for node in nodes),
                # On a circle, or where the parent is elsewhere, a reply comes first.
                lambda pk: numbers.get(pk) or new_tree_ids(1)[0],
            )
            return trees.write(self.model, nodes, places)

    def uproot(self, pks: Iterable[int]) -> None:
        """Make roots of replies whose parents can't be kept; `renumber()` follows.

        For repairs, which hold the lock on the table.
        """
        for pk in pks:
            tree_id = new_tree_ids(1)[0]
            self.filter(pk=pk).update(parent=None, tree_id=tree_id)

    def faults(self, post_ids: Iterable[int] | None = None) -> Iterator[str]:
        """One sentence for each number that is wrong and each reply gone astray.

        Of these posts, or of all. Two queries.
        """
        rows = self.all() if post_ids is None else self.filter(post__in=post_ids)
        yield from trees.faults(trees.read(rows))
        for pk, parent in rows.astray().values_list("pk", "parent_id"):
            yield f"{pk} answers {parent}, which stands below another post"

    def _tree_numbers(
        self, nodes: list[trees.Node], post_ids: Iterable[int] | None
    ) -> dict[int, int]:
        """A tree number for each node without a parent."""
        taken = set()
        if post_ids is not None:
            others = self.exclude(post__in=post_ids).filter(parent=None)
            wanted = [node.place.tree_id for node in nodes]
            taken = set(
                others.filter(tree_id__in=wanted).values_list("tree_id", flat=True)
            )
        numbers, homeless = {}, []
        for node in nodes:
            tree_id = node.place.tree_id
            if node.parent is None and tree_id > 0 and tree_id not in taken:
                taken.add(tree_id)
                numbers[node.pk] = tree_id
            elif node.parent is None:
                homeless.append(node.pk)
        for pk, number in zip(homeless, new_tree_ids(len(homeless)), strict=True):
            numbers[pk] = number
        return numbers
