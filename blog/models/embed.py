"""Addresses that posts embed, and what their pages say of themselves."""

from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog import embed_markup
from blog.embed_markup import Card
from blog.web_address import MAX_ADDRESS_LENGTH

MAX_TITLE_LENGTH = 300
MAX_ABOUT_LENGTH = 600


class EmbedQuerySet(models.QuerySet["Embed"]):
    def cards(self, urls: Iterable[str]) -> dict[str, Card]:
        """By address, what is known of them. One query."""
        known = self.filter(url__in=urls, state=Embed.State.KNOWN)
        return {embed.url: embed.card for embed in known}


class Embed(models.Model):
    """An address, in its one spelling (`embed_markup.key_of`), and what is known of it.

    Asked for after the post is stored; a page shows a link with what there is.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        KNOWN = "known"
        # Asked for often enough, or there is nothing to be known: it stays a link.
        LEFT = "left"

    url = models.CharField(max_length=MAX_ADDRESS_LENGTH, unique=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    title = models.CharField(max_length=MAX_TITLE_LENGTH, blank=True)
    author = models.CharField(max_length=MAX_TITLE_LENGTH, blank=True)
    site = models.CharField(max_length=MAX_TITLE_LENGTH, blank=True)
    about = models.CharField(max_length=MAX_ABOUT_LENGTH, blank=True)
    # Fetched once and written anew: a reader's browser asks nobody else for it.
    picture = models.FileField(upload_to="embeds", max_length=300, blank=True)
    picture_width = models.PositiveIntegerField(default=0)
    picture_height = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    # When it is to be asked for; None: no more.
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = EmbedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="embed_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def card(self) -> Card:
        """What pages show of it. No query; no file is looked at."""
        return Card(
            title=self.title,
            author=self.author,
            site=self.site,
            about=self.about,
            picture=self.picture.url if self.picture else "",
            width=self.picture_width,
            height=self.picture_height,
        )


class EmbedUse(models.Model):
    """A text embeds an address. Follows from the text like a column of it."""

    post = models.ForeignKey(
        "blog.Post", on_delete=models.CASCADE, related_name="embed_uses"
    )
    embed = models.ForeignKey(Embed, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "embed"], name="embed_use_once")
        ]

    @classmethod
    def note(cls, post_pk: int, source: str) -> None:
        """Bring the rows of a post to what its text embeds. One query if they are.

        An address nobody has embedded before gets a row, which is due at once.
        """
        urls = set(embed_markup.keys_in(source))
        rows = cls.objects.filter(post=post_pk)
        noted = set(rows.values_list("embed__url", flat=True))
        if noted - urls:
            rows.filter(embed__url__in=noted - urls).delete()
        if new := urls - noted:
            cls.note_new({post_pk: new})

    @classmethod
    def note_new(cls, urls_of: Mapping[int, Iterable[str]]) -> None:
        """Add these to what posts embed, whose keys they stand by. Three queries."""
        urls = {url for urls in urls_of.values() for url in urls}
        fresh = [Embed(url=url) for url in urls]
        Embed.objects.bulk_create(fresh, ignore_conflicts=True)
        pk_of = dict(Embed.objects.filter(url__in=urls).values_list("url", "pk"))
        uses = [
            EmbedUse(post_id=post_pk, embed_id=pk_of[url])
            for post_pk, embedded in urls_of.items()
            for url in embedded
            if url in pk_of  # nobody else swept it away just now
        ]
        EmbedUse.objects.bulk_create(uses, ignore_conflicts=True)
