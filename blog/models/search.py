"""What the search knows: an entry for each text, and what is still to be entered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchQueue(models.Model):
    """Something was written: its entry in the index is to be made anew.

    Triggers of the database add these rows, so that no door is forgotten; one that
    stands here twice does no harm. `object_id` 0: everything of that source. What broke
    the indexer is tried again at `later_at`.
    """

    source = models.CharField(max_length=10)
    object_id = models.BigIntegerField()
    later_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("text to be indexed")
        verbose_name_plural = _("texts to be indexed")


class SearchEntry(models.Model):
    """A text as the index has it. Its key grows with its date, to the second.

    `words`: what `blog.search.entries` made of it, a blank between each two. On SQLite
    an FTS5 table of triggers' making indexes the column, on PostgreSQL a GIN index.
    """

    id = models.BigIntegerField(primary_key=True)
    object_id = models.BigIntegerField(unique=True)
    words = models.TextField()

    class Meta:
        abstract = True


class PostEntry(SearchEntry):
    """A post or a page in the index, whatever its state."""

    class Meta:
        verbose_name = _("indexed post")
        verbose_name_plural = _("indexed posts")


class SearchWord(models.Model):
    """A word that occurs here: in how many texts, and in how many of their titles.

    `language` is that of the texts, empty where it is the blog's own; `stem` the word
    without its endings, behind the language by whose rules it lost them.
    """

    word = models.CharField(max_length=64)
    language = models.CharField(max_length=10, blank=True)
    stem = models.CharField(max_length=80)
    text_count = models.IntegerField(default=0)
    title_count = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("indexed word")
        verbose_name_plural = _("indexed words")
        indexes = [
            models.Index(fields=["stem"], name="search_word_stem"),
            # "Which words of titles have this in them?"
            models.Index(
                fields=["word"],
                condition=models.Q(title_count__gt=0),
                name="search_word_title",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["word", "language"],
                name="search_word_once",
                # So that PostgreSQL finds what begins with something by it, too.
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            )
        ]
