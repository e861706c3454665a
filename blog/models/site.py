"""What the keeper sets for the whole blog, and the addresses it once had."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest

from blog.prepared import Prepared


class SiteSettings(models.Model):
    """The one row of settings. `SiteSettings.current()` always gives one."""

    class ListingStyle(models.TextChoices):
        WHOLE = "whole", "whole posts"
        EXCERPT = "excerpt", "excerpts"

    class CommentOrder(models.TextChoices):
        OLDEST = "oldest", "oldest first"
        NEWEST = "newest", "newest first"

    class ModeratorMail(models.TextChoices):
        AT_ONCE = "once", "at once"
        DAILY = "daily", "one a day, with all that is held"
        OFF = "off", "never"

    class ProofOfWork(models.TextChoices):
        NEVER = "never", "never"
        DOUBTFUL = "doubtful", "where a comment is doubtful, or many are held at once"
        ALWAYS = "always", "for every visitor"

    title = models.CharField(max_length=200, default="Quillback")
    tagline = models.CharField(
        max_length=300, blank=True, help_text="A few words beside the title."
    )
    description = models.TextField(
        blank=True, help_text="What the blog is about, for search engines and feeds."
    )
    posts_per_page = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    listing_style = models.CharField(
        "lists show",
        max_length=10,
        choices=ListingStyle,
        default=ListingStyle.WHOLE,
    )
    hides_from_search = models.BooleanField(
        "ask search engines to stay away",
        default=False,
        help_text="Every page says that it is not to be listed, and there is no "
        "sitemap. It is up to them to do as they are asked.",
    )
    feed_style = models.CharField(
        "feeds carry",
        max_length=10,
        choices=ListingStyle,
        default=ListingStyle.WHOLE,
    )
    feed_items = models.PositiveSmallIntegerField(
        "entries in a feed",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="The newest so many, of posts as of comments.",
    )
    menu = models.JSONField(
        default=list,
        blank=True,
        help_text="One link a line: Name | address",
    )
    blogroll = models.JSONField(
        default=list,
        blank=True,
        help_text="One blog a line: Name | address | a few words about it",
    )

    # Discussion. The names and defaults are the ones people know from WordPress.
    comments_open_by_default = models.BooleanField(
        "new posts take comments", default=True
    )
    pings_open_by_default = models.BooleanField("new posts take pings", default=True)
    takes_pings = models.BooleanField(
        "other blogs may tell this one that they link here",
        default=True,
        help_text="By webmention, pingback and trackback. Off: nowhere, whatever a "
        "post says.",
    )
    hold_pings = models.BooleanField("hold every ping", default=False)
    sends_pings = models.BooleanField(
        "tell other blogs that a post links to them", default=True
    )
    pings_itself = models.BooleanField(
        "a link to a post of this blog makes a pingback there",
        default=False,
    )
    require_name_email = models.BooleanField(
        "a name and an e-mail address are required", default=True
    )
    registered_only = models.BooleanField(
        "only readers who are logged in may comment", default=False
    )
    close_after_days = models.PositiveSmallIntegerField(
        "close comments after",
        null=True,
        blank=True,
        help_text="Days after a post appeared. Empty: never.",
    )
    thread_depth = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="How deep replies nest, 1 to 10. Deeper ones become siblings.",
    )
    # On, other than in WordPress: a page with thousands of responses helps nobody.
    paginate_comments = models.BooleanField("comments come in pages", default=True)
    comments_per_page = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    first_comment_page = models.CharField(
        "the page shown first",
        max_length=6,
        choices=CommentOrder,
        default=CommentOrder.NEWEST,
    )
    comment_order = models.CharField(
        "order of comments",
        max_length=6,
        choices=CommentOrder,
        default=CommentOrder.OLDEST,
    )
    fold_pings = models.BooleanField(
        "fold what other blogs say away from the talk", default=False
    )
    edit_minutes = models.PositiveSmallIntegerField(
        "writers may edit their comment for",
        default=15,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Minutes. 0: not at all.",
    )
    notify_author = models.BooleanField(
        "mail the author when somebody comments", default=True
    )
    moderator_mail = models.CharField(
        "mail the moderators about held comments",
        max_length=5,
        choices=ModeratorMail,
        default=ModeratorMail.AT_ONCE,
    )
    show_avatars = models.BooleanField("show avatars", default=True)
    use_gravatar = models.BooleanField(
        "fetch avatars from Gravatar",
        default=False,
        help_text="This server asks Gravatar, once for each writer; readers never do. "
        "Off: every writer gets a drawing made here.",
    )
    spam_filter = models.BooleanField(
        "let the spam filter hold comments",
        default=True,
        help_text="It learns from what you approve and what you mark as spam.",
    )
    proof_of_work = models.CharField(
        "ask the visitor’s browser for a proof of work",
        max_length=8,
        choices=ProofOfWork,
        default=ProofOfWork.DOUBTFUL,
    )
    hold_all = models.BooleanField("hold every comment", default=False)
    hold_first = models.BooleanField(
        "hold a comment unless its writer had one approved earlier", default=True
    )
    hold_links = models.PositiveSmallIntegerField(
        "hold a comment with this many links",
        default=2,
        help_text="0: links are not counted.",
    )
    held_words = models.TextField(
        blank=True,
        help_text="One word or phrase a line. A comment in which one is found "
        "(text, name, e-mail, website, IP address, browser) is held.",
    )
    disallowed_words = models.TextField(
        blank=True,
        help_text="One word or phrase a line. A comment in which one is found "
        "goes to the trash.",
    )
    ip_retention_days = models.PositiveSmallIntegerField(
        "keep IP addresses for",
        default=60,
        help_text="Days. Afterwards the address and the browser of a comment are "
        "forgotten.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "site settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_site")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "SiteSettings":
        """The settings, or the defaults where none were ever saved. One query."""
        return _the_one_row.instance() or cls(pk=1)

    @classmethod
    def of(cls, request: HttpRequest) -> "SiteSettings":
        """The settings, read at most once a request."""
        remembered = getattr(request, "_site_settings", None)
        if remembered is None:
            remembered = request._site_settings = cls.current()  # type: ignore[attr-defined]
        return remembered


_the_one_row = Prepared(lambda: SiteSettings.objects.filter(pk=1))


class Redirect(models.Model):
    """An address the blog once had: it answers with one 301 to the present one.

    Or with 410, where there is none: what was there is gone for good.
    """

    old_path = models.CharField(
        max_length=2000,
        unique=True,
        help_text="From the first slash on, with the query if it has one: /?p=12",
    )
    new_path = models.CharField(
        max_length=2000,
        blank=True,
        help_text="A path on this blog, or a whole address. Empty: gone for good.",
    )

    class Meta:
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_path=models.F("new_path")),
                name="redirect_goes_elsewhere",
                violation_error_message="An address can't redirect to itself.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path or 'gone'}"

    @classmethod
    def leave(cls, old_path: str, new_path: str) -> None:
        """Send `old_path` to `new_path`; chains collapse, circles cannot arise.

        An empty `new_path` says that it is gone, and so is what led to it.
        """
        if old_path == new_path:
            return
        with transaction.atomic():
            # What is a live address again must not lead away from itself.
            cls.objects.filter(old_path=new_path).delete()
            cls.objects.filter(new_path=old_path).update(new_path=new_path)
            cls.objects.update_or_create(
                old_path=old_path, defaults={"new_path": new_path}
            )
