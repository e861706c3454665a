"""What a post says: as it was written, as it is served, and in a few words."""

from collections.abc import Callable, Mapping

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import (
    embed_markup,
    footnote_markup,
    heading_markup,
    html_text,
    languages,
    markup,
    pictures,
    reading_time,
)
from blog.embed_markup import Card
from blog.heading_markup import Section
from blog.models.embed import Embed
from blog.models.media import Media
from blog.pictures import Picture

EXCERPT_WORDS = 55
UNTITLED_WORDS = 8
# A shorter text is seen at a glance.
MIN_MINUTES_OF_CONTENTS = 3
# As many as the column holds.
MAX_MINUTES = 32_767
# Search engines show half as much of a description.
MAX_SHARED_SIGNS = 300


def cut(text: str, limit: int) -> str:
    """At most `limit` code points of `text`, cut between words where there are any."""
    if len(text) <= limit:
        return text
    begun = text[: limit - 1]
    whole = begun.rpartition(" ")[0]
    return (whole if len(whole) > limit // 2 else begun).rstrip(" ,;:–—-") + "…"


class PostText(models.Model):
    """The words of a post, the picture they go with, and the password before them."""

    # A column of the post's; its footnotes are known by it.
    guid: str
    get_absolute_url: Callable[[], str]

    title = models.CharField(_("title"), max_length=1000, blank=True)
    body = models.TextField(_("body"), blank=True)
    # What is served: rendered from `body` whenever it is saved.
    body_html = models.TextField(blank=True, editable=False)
    # By which rules: see `markup.RENDERING`.
    rendering = models.PositiveSmallIntegerField(default=0, editable=False)
    # How long it takes to read; 0 where there is nothing to read.
    reading_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    # The first words as plain text: for lists, feeds and untitled posts.
    lead = models.TextField(blank=True, editable=False)
    excerpt = models.TextField(
        _("excerpt"),
        blank=True,
        help_text=_("Shown in lists. Empty: the first 55 words."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("Where it is not the blog's own: de, pt-BR, ar."),
    )
    password = models.CharField(
        _("password"),
        max_length=255,
        blank=True,
        help_text=_("Readers must type it to read the post."),
    )
    featured_image = models.ForeignKey(
        "blog.Media",
        verbose_name=_("featured image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="featured_in",
    )
    # What search engines and other sites show, where it is to differ.
    meta_title = models.CharField(
        _("title elsewhere"),
        max_length=300,
        blank=True,
        help_text=_("In search results and where it is shared. Empty: the title."),
    )
    meta_description = models.TextField(
        _("description elsewhere"),
        max_length=1000,
        blank=True,
        help_text=_("Empty: the excerpt, or the first words."),
    )
    social_image = models.ForeignKey(
        "blog.Media",
        verbose_name=_("picture elsewhere"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="shared_with",
        help_text=_("Empty: the featured image."),
    )

    class Meta:
        abstract = True

    def derive_text(self) -> None:
        """Fill the columns that follow from the text. One query for its pictures."""
        self.take_rendered(self.rendered_body())

    def take_rendered(self, body_html: str) -> None:
        """Fill them with the text as it is served, and what follows from that."""
        self.body_html = body_html
        self.rendering = markup.RENDERING
        words = html_text.text_of(markup.running_text(self.body_html))
        self.lead = html_text.first(words, EXCERPT_WORDS, " […]")
        minutes = reading_time.of(words).minutes
        self.reading_minutes = min(minutes, MAX_MINUTES)

    def rendered_body(self) -> str:
        """The text as it is served, with the renditions there are by now.

        One query where it shows files of ours, one where it embeds; else none.
        """
        names = pictures.names_in(self.body)
        urls = embed_markup.keys_in(self.body)
        return self.rendered_with(
            Media.objects.pictures_named(names) if names else {},
            Embed.objects.cards(urls) if urls else {},
        )

    def rendered_with(
        self, known: Mapping[str, Picture], cards: Mapping[str, Card]
    ) -> str:
        """The same, with the pictures and embeds that are known, or more. No query."""
        return markup.render_post(
            self.body,
            self.language or languages.of_blog(),
            known,
            is_below_picture=self.featured_image_id is not None,
            key=footnote_markup.key_of(self.guid),
            cards=cards,
        )

    @property
    def own_language(self) -> SafeString:
        """`lang` and `dir` for an element that holds words of this text; or nothing.

        Beside the blog's own words, which are in the blog's language.
        """
        if not self.language:
            return SafeString("")
        way = languages.direction(self.language)
        return format_html(' lang="{}" dir="{}"', self.language, way)

    @property
    def headline(self) -> str:
        """The title, or for an untitled post its first words; never empty."""
        return self.title or self.first_words() or gettext("Untitled")

    @property
    def content(self) -> SafeString:
        """The whole text, safe to show."""
        return markup.trusted(self.body_html)

    @property
    def teaser(self) -> SafeString:
        """The text up to the more mark, or all of it where there is none.

        In a list it stands below others, so all of its pictures are lazy, and its
        places are named on its own page alone.
        """
        lead = markup.all_lazy(markup.before_more(self.body_html))
        address = self.get_absolute_url()
        return markup.trusted(heading_markup.among_others(lead, address))

    @property
    def contents(self) -> list[Section]:
        """What a long text consists of; empty for one that has no need of contents.

        Reads the whole text: not for lists.
        """
        if self.password or self.reading_minutes < MIN_MINUTES_OF_CONTENTS:
            return []
        return heading_markup.sections(self.body_html)

    @property
    def has_more(self) -> bool:
        return markup.MORE_ANCHOR in self.body_html

    @property
    def summary(self) -> str:
        """The excerpt, else the first 55 words. Plain text."""
        return self.excerpt or self.lead

    @property
    def title_elsewhere(self) -> str:
        """What search engines and other sites call it; never empty."""
        return self.meta_title or self.headline

    @property
    def description_elsewhere(self) -> str:
        """What they say of it, in one line; nothing of what a password locks."""
        if self.password:
            return ""
        if self.meta_description:
            return " ".join(self.meta_description.split())
        return cut(" ".join(self.summary.split()), MAX_SHARED_SIGNS)

    @property
    def picture_elsewhere(self) -> Media | None:
        """The picture they show with it; none of what a password locks."""
        pictures = () if self.password else (self.social_image, self.featured_image)
        return next((media for media in pictures if media and media.is_image), None)

    def first_words(self) -> str:
        """What an untitled post is called by; nothing of what a password locks."""
        if self.password:
            return ""
        words = self.lead.split(" ")
        return " ".join(words[:UNTITLED_WORDS]) + (
            "…" if words[UNTITLED_WORDS:] else ""
        )
