"""What is still to be done on a new blog, each step with the page to do it on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from blog.models import Page, Post, SiteSettings, User

# With so many posts out a blog is no longer new, however it is called.
NEW_BLOG_POSTS = 10


@dataclass(frozen=True)
class Step:
    words: str
    why: str
    url: str


def left(request: HttpRequest) -> list[Step]:
    """The steps nobody has done yet and this person can do. Three queries at most."""
    posts = Post.objects.posts().published().order_by()
    post_count = posts.values("pk")[:NEW_BLOG_POSTS].count()
    if post_count == NEW_BLOG_POSTS:
        return []
    user = cast(User, request.user)  # the admin lets nobody else in
    steps: list[Step] = []
    if user.has_perm("blog.change_sitesettings"):
        steps += _settings(SiteSettings.of(request))
    if user.has_perm("blog.change_user") and not (
        user.display_name or user.get_full_name()
    ):
        url = reverse("admin:blog_user_change", args=[user.pk])
        steps.append(
            Step(
                gettext("Say who you are"),
                gettext("The name above what you write."),
                url,
            )
        )
    if user.has_perm("blog.publish_post") and not post_count:
        url = reverse("admin:blog_post_add")
        steps.append(
            Step(gettext("Write the first post"), gettext("It can be short."), url)
        )
    if user.has_perm("blog.add_page") and not Page.objects.published().exists():
        url = reverse("admin:blog_page_add")
        steps.append(
            Step(
                gettext("Make a page about yourself"),
                gettext("Readers look for it."),
                url,
            )
        )
    return steps


def _settings(site: SiteSettings) -> Iterator[Step]:
    url = reverse("admin:blog_sitesettings_change", args=[1])
    unnamed = SiteSettings._meta.get_field("title").default
    if site.title == unnamed:
        why = gettext("It is called %(name)s, as every blog is at first.") % {
            "name": unnamed
        }
        yield Step(gettext("Give the blog its name"), why, f"{url}#id_title")
    if not (site.tagline or site.description):
        why = gettext("A few words for readers and search engines.")
        yield Step(gettext("Say what it is about"), why, f"{url}#id_tagline")
    if not site.menu:
        why = gettext("Links at the top of every page: about, archives.")
        yield Step(gettext("Make a menu"), why, f"{url}#id_menu")
