"""The conversation below a post: one row for each thing somebody said."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NoReturn

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from mptt.models import MPTTModel, TreeForeignKey

from blog import comment_markup, markup, trees
from blog.models import Post
from blog.models.post import new_guid
from blog.models.post_queryset import is_public_q
from comments.addresses import permalink

MAX_FORGOTTEN = 500
# The one reason of a comment of which only the place is left.
ERASED = "erased at the writer’s wish"


class TreeNumber(models.Model):
    """Gives each root comment a `tree_id` nobody else has.

    Its rows mean nothing but their key. mptt would take the table's largest
    `tree_id` plus one, which two writers at once both do. An own table's key
    works the same on every database, and costs one small insert.
    """


class CommentQuerySet(models.QuerySet):
    def approved(self) -> "CommentQuerySet":
        return self.filter(state=Comment.State.APPROVED)

    def pending(self) -> "CommentQuerySet":
        return self.filter(state=Comment.State.PENDING)

    def state_counts(self) -> dict[str, int]:
        """How many there are in each state, none left out. One query."""
        counts = self.order_by().values_list("state").annotate(models.Count("pk"))
        return dict.fromkeys(Comment.State.values, 0) | dict(counts)

    def with_context(self) -> "CommentQuerySet":
        """Loads post, writer and parent for lists: one query, however many rows."""
        return self.select_related("post", "post__author", "author", "parent")

    def public(self) -> "CommentQuerySet":
        """Approved, under a post that is public and needs no password."""
        return self.approved().filter(is_public_q("post__"), post__password="")

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
            trees.announce_writer(Comment)
            free = kept.order_by("pk").select_for_update(skip_locked=True)
            pks = list(free.values_list("pk", flat=True)[:MAX_FORGOTTEN])
            rows = Comment.objects.filter(pk__in=pks)
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


class Comment(MPTTModel):
    """A comment, pingback, trackback or webmention below a post.

    The replies to one root comment are one mptt tree. `save()` places what is new;
    nothing ever moves, and moderation only changes `state`.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", "comment"
        PINGBACK = "pingback", "pingback"
        TRACKBACK = "trackback", "trackback"
        WEBMENTION = "webmention", "webmention"

    class Format(models.TextChoices):
        HTML = "html", "HTML, as WordPress keeps it"
        MARKDOWN = "markdown", "Markdown"

    class State(models.TextChoices):
        PENDING = "pending", "held"
        APPROVED = "approved", "approved"
        SPAM = "spam", "spam"
        TRASH = "trash", "in the trash"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    # RESTRICT: a comment goes with its post, never from under its replies.
    parent = TreeForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="replies",
    )
    # Whom it answers, where that one stands too deep for a reply to hang below it.
    # Empty where it is the parent.
    in_reply_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answers",
        editable=False,
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMMENT)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    # Why it stands where it stands, a sentence each, in the order found.
    reasons = models.JSONField(default=list, blank=True)
    # Somebody decided about its state, here or where it was imported from, and no
    # rule did: the spam filter learns from these alone.
    is_decided = models.BooleanField(default=False, editable=False)
    # How much it reads like spam, 0 to 1, when it was judged; empty where the
    # filter had not learned enough to say.
    spam_score = models.FloatField(null=True, blank=True, editable=False)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
    )
    author_name = models.CharField(
        "name", max_length=245, blank=True, help_text="Empty where it was lost."
    )
    author_email = models.EmailField("e-mail", max_length=100, blank=True)
    author_url = models.URLField("website", max_length=200, blank=True)
    body = models.TextField("comment", blank=True)
    # How `body` is to be read; it is kept as it was sent.
    body_format = models.CharField(
        max_length=8, choices=Format, default=Format.HTML, editable=False
    )
    body_html = models.TextField(editable=False, blank=True)
    # Equal where the same was said, however it was spaced: see `text_key`.
    text_key = models.CharField(max_length=16, editable=False, blank=True)

    ip_address = models.GenericIPAddressField(null=True, blank=True, editable=False)
    user_agent = models.CharField(max_length=500, blank=True, editable=False)

    created_at = models.DateTimeField("date", default=timezone.now)
    date_is_estimated = models.BooleanField(default=False, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    # What a ping tells of the page that links here.
    source_url = models.URLField("page", max_length=2000, blank=True)
    source_title = models.CharField("its title", max_length=1000, blank=True)
    source_site = models.CharField("its blog", max_length=500, blank=True)
    # What else was known of it: {"categories": ["news", …]}.
    source_data = models.JSONField(default=dict, blank=True, editable=False)

    guid = models.CharField(
        max_length=500, unique=True, default=new_guid, editable=False
    )

    objects = CommentManager()

    class Meta:
        ordering = ["tree_id", "lft"]
        permissions = [("moderate_comment", "Can moderate comments")]
        indexes = [
            # A thread in tree order.
            models.Index(fields=["post", "tree_id", "lft"], name="comment_thread"),
            # How many are approved below a post.
            models.Index(fields=["post", "state"], name="comment_count"),
            # A page of a long thread is so many roots by date.
            models.Index(
                fields=["post", "created_at", "tree_id"],
                condition=Q(parent__isnull=True),
                name="comment_roots",
            ),
            # The newest approved ones, the queue, and every list of one state.
            models.Index(fields=["state", "-created_at"], name="comment_state"),
            # "Earlier approved?"
            models.Index(fields=["author_email", "state"], name="comment_writer"),
            # "Was the same said here, or elsewhere?"
            models.Index(fields=["text_key", "post"], name="comment_same_text"),
            # Addresses old enough to be forgotten.
            models.Index(
                fields=["created_at"],
                condition=Q(ip_address__isnull=False),
                name="comment_address",
            ),
            # Flood control.
            models.Index(fields=["ip_address", "-created_at"], name="comment_flood"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tree_id"],
                condition=Q(parent__isnull=True),
                name="one_root_a_tree",
            ),
            models.UniqueConstraint(
                fields=["post", "kind", "source_url"],
                condition=~Q(source_url="") & ~Q(kind="comment"),
                name="one_ping_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(lft__lt=F("rght")), name="comment_has_place"
            ),
            # They are forgotten together.
            models.CheckConstraint(
                condition=Q(ip_address__isnull=False) | Q(user_agent=""),
                name="browser_only_with_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.writer} on “{self.post}”"

    def natural_key(self) -> tuple[str]:
        return (self.guid,)

    natural_key.dependencies = ["blog.user", "blog.post"]  # type: ignore[attr-defined]

    def save(self, *args, **kwargs) -> None:
        """Store it; a new one is placed first, so that no door can misplace it.

        Raises ValueError where a stored comment was given another parent, or a new
        one the parent of another post.
        """
        self.derive()
        if not self._state.adding:
            if self._mptt_cached_fields["parent"] != self.parent_id:
                raise ValueError("Comments never move.")
            super().save(*args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            self._take_place()
            super().save(*args, **kwargs)

    def _take_place(self) -> None:
        """Open a tree, or lock the parent's for mptt to add this as its last reply.

        Safe under any number of concurrent writers: a tree's number comes from a
        sequence, and a reply is placed while its tree is locked.
        """
        if self.parent is None:
            trees.announce_writer(Comment)
            # mptt leaves a node alone that comes with its numbers.
            self.tree_id = new_tree_ids(1)[0]
            self.lft, self.rght, self.level = 1, 2, 0
        elif self.parent.post_id != self.post_id:
            raise ValueError("A reply stands below the same post as its parent.")
        else:
            # mptt reads the parent's numbers itself, when nobody can move them.
            Comment.objects.lock_trees([self.parent.tree_id])

    def derive(self) -> None:
        """Fill the columns that follow from others. No query."""
        self.body_html = comment_markup.render(
            self.body, self.body_format, settings.LANGUAGE_CODE
        )
        self.author_email = self.author_email.lower()
        self.text_key = text_key(self.body)

    def delete(self, *args, **kwargs) -> NoReturn:
        """A comment goes with its post. Raises TypeError."""
        raise TypeError("Comments are not deleted: move them to the trash.")

    def get_absolute_url(self) -> str:
        """Leads on to where it stands, which moves as the talk grows. No query."""
        return permalink(self.pk)

    @property
    def content(self) -> SafeString:
        return markup.trusted(self.body_html)

    @property
    def writer(self) -> str:
        """The name to show; for one that was lost, a word that says so."""
        if self.author_name:
            return self.author_name
        if self.author:
            return self.author.public_name
        return "Somebody" if not self.is_ping else self.source_site or "A blog"

    @property
    def is_ping(self) -> bool:
        return self.kind != self.Kind.COMMENT

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def is_erased(self) -> bool:
        """Nothing but its place is left: there is nothing to show or to decide."""
        return self.reasons == [ERASED]

    def is_changed_since(self, seen_at: datetime | None) -> bool:
        """Whether its text may be another one than somebody saw then."""
        return bool(seen_at and self.edited_at and self.edited_at > seen_at)

    @property
    def is_by_post_author(self) -> bool:
        return self.author_id is not None and self.author_id == self.post.author_id

    @property
    def can_be_replied_to(self) -> bool:
        return self.is_approved and not self.is_ping


def text_key(body: str) -> str:
    """Equal for texts that differ in spacing and case alone: 16 hexadecimal digits."""
    said = " ".join(body.casefold().split())
    return blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()


def new_tree_ids(count: int) -> list[int]:
    """`count` tree numbers nobody else has."""
    rows = TreeNumber.objects.bulk_create([TreeNumber() for _ in range(count)])
    return [row.pk for row in rows]
