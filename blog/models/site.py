"""What the keeper sets for the whole blog."""

from sys import getsizeof

from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from blog import themes
from blog.models.media import Media
from blog.prepared import Prepared


class SiteSettings(models.Model):
    """The one row of settings. `SiteSettings.current()` always gives one."""

    class ListingStyle(models.TextChoices):
        WHOLE = "whole", _("whole posts")
        EXCERPT = "excerpt", _("excerpts")

    class CommentOrder(models.TextChoices):
        OLDEST = "oldest", _("oldest first")
        NEWEST = "newest", _("newest first")

    class ModeratorMail(models.TextChoices):
        AT_ONCE = "once", _("at once")
        DAILY = "daily", _("one a day, with all that is held")
        OFF = "off", _("never")

    class ProofOfWork(models.TextChoices):
        NEVER = "never", _("never")
        DOUBTFUL = (
            "doubtful",
            _("where a comment is doubtful, or many are held at once"),
        )
        ALWAYS = "always", _("for every visitor")

    title = models.CharField(_("title"), max_length=200, default="Quillback")
    tagline = models.CharField(
        _("tagline"),
        max_length=300,
        blank=True,
        help_text=_("A few words beside the title."),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("What the blog is about, for search engines and feeds."),
    )
    # Empty: LANGUAGE_CODE's.
    language = models.CharField(_("language"), max_length=35, blank=True)
    theme = models.CharField(
        _("theme"), max_length=20, choices=themes.choices, default=themes.DEFAULT
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[
            RegexValidator(
                r"\A#[0-9a-fA-F]{6}\Z",
                _("A colour is written with six digits: #a4452c"),
            )
        ],
        help_text=_(
            "Its hue colours links and buttons; how light it is follows from what can "
            "be read. Empty: the theme’s own."
        ),
    )
    logo = models.ForeignKey(
        Media,
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="as_logo",
        help_text=_("Beside the blog’s name at the top of every page."),
    )
    cover = models.ForeignKey(
        Media,
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="as_cover",
        help_text=_("A wide picture at the top of the home page."),
    )
    icon = models.ForeignKey(
        Media,
        verbose_name=_("icon"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="as_icon",
        help_text=_(
            "A square picture for tabs, bookmarks and home screens. Every size is made "
            "from it."
        ),
    )
    # What was made of the icon: dictionaries with `name`, `mime_type` and `width`.
    icon_files = models.JSONField(default=list, blank=True, editable=False)
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts per page"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    listing_style = models.CharField(
        _("lists show"),
        max_length=10,
        choices=ListingStyle,
        default=ListingStyle.WHOLE,
    )
    hides_from_search = models.BooleanField(
        _("ask search engines to stay away"),
        default=False,
        help_text=_(
            "Every page says that it is not to be listed, and there is no "
            "sitemap. It is up to them to do as they are asked."
        ),
    )
    feed_style = models.CharField(
        _("feeds carry"),
        max_length=10,
        choices=ListingStyle,
        default=ListingStyle.WHOLE,
    )
    feed_items = models.PositiveSmallIntegerField(
        _("entries in a feed"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("The newest so many, of posts as of comments."),
    )
    menu = models.JSONField(
        _("menu"),
        default=list,
        blank=True,
        help_text=_("One link a line: Name | address"),
    )
    blogroll = models.JSONField(
        _("blogroll"),
        default=list,
        blank=True,
        help_text=_("One blog a line: Name | address | a few words about it"),
    )

    profiles = models.JSONField(
        _("elsewhere"),
        default=list,
        blank=True,
        help_text=_("Who writes here, on other sites: they link back by rel=me."),
    )
    shows_likes = models.BooleanField(
        _("readers can like posts"),
        default=True,
        help_text=_(
            "Readers who are logged in, and other blogs by webmention: below each post "
            "stands how many do."
        ),
    )

    # Discussion. The names and defaults are the ones people know from WordPress.
    comments_open_by_default = models.BooleanField(
        _("new posts take comments"), default=True
    )
    pings_open_by_default = models.BooleanField(_("new posts take pings"), default=True)
    takes_pings = models.BooleanField(
        _("other blogs may tell this one that they link here"),
        default=True,
        help_text=_(
            "By webmention, pingback and trackback. Off: nowhere, whatever a post says."
        ),
    )
    hold_pings = models.BooleanField(_("hold every ping"), default=False)
    sends_pings = models.BooleanField(
        _("tell other blogs that a post links to them"), default=True
    )
    pings_itself = models.BooleanField(
        _("a link to a post of this blog makes a pingback there"),
        default=False,
    )
    require_name_email = models.BooleanField(
        _("a name and an e-mail address are required"), default=True
    )
    registered_only = models.BooleanField(
        _("only readers who are logged in may comment"), default=False
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close comments after"),
        null=True,
        blank=True,
        help_text=_("Days after a post appeared. Empty: never."),
    )
    thread_depth = models.PositiveSmallIntegerField(
        _("thread depth"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("How deep replies nest, 1 to 10. Deeper ones become siblings."),
    )
    # On, other than in WordPress: a page with thousands of responses helps nobody.
    paginate_comments = models.BooleanField(_("comments come in pages"), default=True)
    comments_per_page = models.PositiveSmallIntegerField(
        _("comments per page"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    first_comment_page = models.CharField(
        _("the page shown first"),
        max_length=6,
        choices=CommentOrder,
        default=CommentOrder.NEWEST,
    )
    comment_order = models.CharField(
        _("order of comments"),
        max_length=6,
        choices=CommentOrder,
        default=CommentOrder.OLDEST,
    )
    fold_pings = models.BooleanField(
        _("fold what other blogs say away from the talk"), default=False
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("writers may edit their comment for"),
        default=15,
        validators=[MaxValueValidator(24 * 60)],
        help_text=_("Minutes. 0: not at all."),
    )
    notify_author = models.BooleanField(
        _("mail the author when somebody comments"), default=True
    )
    moderator_mail = models.CharField(
        _("mail the moderators about held comments"),
        max_length=5,
        choices=ModeratorMail,
        default=ModeratorMail.AT_ONCE,
    )
    show_avatars = models.BooleanField(_("show avatars"), default=True)
    use_gravatar = models.BooleanField(
        _("fetch avatars from Gravatar"),
        default=False,
        help_text=_(
            "This server asks Gravatar, once for each writer; readers never do. "
            "Off: every writer gets a drawing made here."
        ),
    )
    spam_filter = models.BooleanField(
        _("let the spam filter hold comments"),
        default=True,
        help_text=_("It learns from what you approve and what you mark as spam."),
    )
    proof_of_work = models.CharField(
        _("ask the visitor’s browser for a proof of work"),
        max_length=8,
        choices=ProofOfWork,
        default=ProofOfWork.DOUBTFUL,
    )
    hold_all = models.BooleanField(_("hold every comment"), default=False)
    hold_first = models.BooleanField(
        _("hold a comment unless its writer had one approved earlier"), default=True
    )
    hold_links = models.PositiveSmallIntegerField(
        _("hold a comment with this many links"),
        default=2,
        help_text=_("0: links are not counted."),
    )
    held_words = models.TextField(
        _("held words"),
        blank=True,
        help_text=_(
            "One word or phrase a line. A comment in which one is found "
            "(text, name, e-mail, website, IP address, browser) is held."
        ),
    )
    disallowed_words = models.TextField(
        _("disallowed words"),
        blank=True,
        help_text=_(
            "One word or phrase a line. A comment in which one is found "
            "goes to the trash."
        ),
    )
    ip_retention_days = models.PositiveSmallIntegerField(
        _("keep IP addresses for"),
        default=60,
        help_text=_(
            "Days. Afterwards the address and the browser of a comment are forgotten."
        ),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_site")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @cached_property
    def pictures(self) -> dict[str, Media]:
        """`logo` and `cover`, those there are. One query, none where neither is."""
        pk_of = {"logo": self.logo_id, "cover": self.cover_id}
        wanted = {pk for pk in pk_of.values() if pk}
        found = Media.objects.in_bulk(wanted) if wanted else {}
        return {name: found[pk] for name, pk in pk_of.items() if pk in found}

    @classmethod
    def current(cls) -> "SiteSettings":
        """The settings, or the defaults where none were ever saved. One query."""
        return _the_one_row.instance() or cls(pk=1)

    @classmethod
    def of(cls, request: HttpRequest) -> "SiteSettings":
        """The settings, read once in each generation of the blog. To be left as they are."""
        # Imported here: a generation knows when posts appear.
        from blog import fragments

        remembered = cls.read_for(request)
        if remembered is None:
            kept = fragments.of(request)
            remembered = kept.get(cls)
            if remembered is None:
                remembered = cls.current()
                size = sum(map(getsizeof, vars(remembered).values()))
                kept.keep(cls, remembered, size)
            request._site_settings = remembered  # type: ignore[attr-defined]
        return remembered

    @classmethod
    def read_for(cls, request: HttpRequest) -> "SiteSettings | None":
        """The settings, if they were read for this request already. No query."""
        return getattr(request, "_site_settings", None)


_the_one_row = Prepared(lambda: SiteSettings.objects.filter(pk=1))
