"""What follows from several rows of a fixture, derived once all of them are in."""

from collections.abc import Mapping
from urllib.parse import unquote

from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import Q

from blog import trees
from blog.models import Category, MediaUse, Page, Post, Redirect, Tag, User
from blog.transfer.fixture import TO_AUTHOR, TO_CATEGORY, TO_POST, TO_TAG


def derive_page_paths() -> None:
    """The path of every page from its parent's. Raises CommandError on a circle."""
    parent_of = dict(Page.objects.order_by("pk").values_list("pk", "parent_id"))
    stray = {
        pk for pk, parent in parent_of.items() if parent and parent not in parent_of
    }
    for pk in [*trees.first_of_circles(parent_of), *stray]:
        title = Page.objects.get(pk=pk).headline
        raise CommandError(f"The page “{title}” stands below itself or a post.")
    Page.objects.renumber()


def lead_on() -> None:
    """Old addresses lead to where what they name stands now; of others nothing is said."""
    for begin, place_of in (
        (TO_POST, _places_of_posts),
        (TO_CATEGORY, _places_of_categories),
        (TO_TAG, _places_of_tags),
        (TO_AUTHOR, _places_of_authors),
    ):
        leading = list(Redirect.objects.filter(new_path__startswith=begin))
        places = place_of({one.new_path.removeprefix(begin) for one in leading})
        kept: list[Redirect] = []
        stray: list[Redirect] = []
        for redirect in leading:
            place = places.get(redirect.new_path.removeprefix(begin), "")
            is_led = place and unquote(place) != unquote(redirect.old_path)
            (kept if is_led else stray).append(redirect)
            redirect.new_path = place
        Redirect.objects.bulk_update(kept, ["new_path"], batch_size=500)
        Redirect.objects.filter(pk__in=[redirect.pk for redirect in stray]).delete()


def _places_of_posts(guids: set[str]) -> dict[str, str]:
    posts = Post.objects.in_bulk(guids, field_name="guid")
    return {
        guid: post.get_absolute_url() for guid, post in posts.items() if post.is_public
    }


def _places_of_categories(slugs: set[str]) -> dict[str, str]:
    found = Category.objects.in_bulk(slugs, field_name="slug")
    return {slug: category.get_absolute_url() for slug, category in found.items()}


def _places_of_tags(names: set[str]) -> dict[str, str]:
    found = Tag.objects.in_bulk(names, field_name="name")
    return {name: tag.get_absolute_url() for name, tag in found.items()}


def _places_of_authors(logins: set[str]) -> dict[str, str]:
    """Nobody is told the name of somebody who never published."""
    authors = Post.objects.published().posts().values("author")
    found = User.objects.filter(pk__in=authors).in_bulk(logins, field_name="username")
    return {login: user.get_absolute_url() for login, user in found.items()}


def lead_from_numbers(number_there: Mapping[str, int]) -> None:
    """To each public post from the number it had, where it could not have it here."""
    for guid, post in Post.objects.in_bulk(number_there, field_name="guid").items():
        if post.is_public:
            name = "page_id" if post.is_page else "p"
            old = f"/?{name}={number_there[guid]}"
            new = {"new_path": post.get_absolute_url()}
            Redirect.objects.get_or_create(old_path=old, defaults=new)


def lead_to_authors(slug_there: Mapping[str, str]) -> None:
    """From where an author's texts were listed, if that is nobody's page here."""
    authors = Post.objects.published().posts().values("author")
    for user in User.objects.filter(username__in=slug_there, pk__in=authors):
        slug = slug_there[user.username]
        if slug and not User.objects.filter(slug=slug).exists():
            old = User(slug=slug).get_absolute_url()
            new = {"new_path": user.get_absolute_url()}
            Redirect.objects.get_or_create(old_path=old, defaults=new)


def note_media_uses() -> None:
    """Which files texts name. Rows come as they are: no `save()` has noted it."""
    naming = Q(body__contains=settings.MEDIA_URL) | Q(media_uses__isnull=False)
    texts = Post.objects.filter(naming).order_by("pk").distinct()
    for pk, body in list(texts.values_list("pk", "body")):
        MediaUse.note(pk, body)
