"""The people who write here, and the readers who have an account."""

import secrets

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import addresses
from blog.slugs import free_slug, slug_from


class User(AbstractUser):
    """Somebody who can log in. Its slug is public, its login is not."""

    display_name = models.CharField(
        _("display name"),
        max_length=245,
        blank=True,
        help_text=_("Shown above posts and comments."),
    )
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("In the address of the author's page. Never the login name."),
    )
    bio = models.TextField(_("about"), blank=True)
    website = models.URLField(_("website"), blank=True)
    profiles = models.JSONField(
        _("elsewhere"),
        default=list,
        blank=True,
        help_text=_("Your pages on other sites: they link back by rel=me."),
    )
    # Of the desk. Empty: the blog's.
    language = models.CharField(_("language"), max_length=35, blank=True)
    review_mails = models.BooleanField(
        _("mails about reviews"),
        default=True,
        help_text=_("When a text waits for review, was sent back or published."),
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(Exact(Lower("slug"), Lower("username"))),
                name="user_slug_is_not_login",
                violation_error_message=_(
                    "The slug is public: it must not be the login."
                ),
            )
        ]

    def __str__(self) -> str:
        """For the desk, where a login is no secret; readers see `public_name`."""
        return self.display_name or self.get_full_name() or self.username

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            # A name that gives no slug, or gives the login away, gets a random one.
            wanted = slug_from(self.public_name, fallback="author")
            if wanted.casefold() == self.username.casefold():
                wanted = f"author-{secrets.token_hex(3)}"
            self.slug = free_slug(wanted, User.objects.all(), self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        # What they kept as a draft of changes is the post's, and stays.
        self.working_copies.filter(is_kept=False).delete()
        return super().delete(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return addresses.of_author(self.slug)

    @property
    def public_name(self) -> str:
        """The name readers see; never the login."""
        return self.display_name or self.get_full_name() or gettext("Anonymous")
