"""What follows from several rows of a fixture, derived once all of them are in."""

from collections.abc import Mapping

from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import Q

from blog import trees
from blog.models import MediaUse, Page, Post, Redirect, User
from blog.transfer.fixture import TO_POST


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


def lead_to_posts() -> None:
    """Old addresses lead to where their posts stand now; of others nothing is said."""
    to_posts = list(Redirect.objects.filter(new_path__startswith=TO_POST))
    guids = {redirect.new_path.removeprefix(TO_POST) for redirect in to_posts}
    posts = Post.objects.in_bulk(guids, field_name="guid")
    stray = []
    for redirect in to_posts:
        post = posts.get(redirect.new_path.removeprefix(TO_POST))
        address = post.get_absolute_url() if post and post.is_public else ""
        redirect.new_path = address
        if address in ("", redirect.old_path):
            stray.append(redirect.pk)
    kept = [redirect for redirect in to_posts if redirect.pk not in set(stray)]
    Redirect.objects.bulk_update(kept, ["new_path"], batch_size=500)
    Redirect.objects.filter(pk__in=stray).delete()


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
