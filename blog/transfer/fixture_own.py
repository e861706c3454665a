"""What only this blog has, and no record tells, as rows of a fixture.

Files by their names: their bytes lie in the folder of media, which is to be copied
beside. The settings; and addresses that lead to what is no post.
"""

from collections.abc import Iterable, Iterator

from django.core import serializers
from django.db.models import Model

from blog import languages
from blog.models import Media, Post, Redirect, SiteSettings


def rows() -> list[dict]:
    """Files before the settings, which may show some. Three queries, and one more."""
    files = Media.objects.select_related("uploaded_by").order_by("pk")
    return [*_as_rows(files), *_settings()]


def redirects() -> list[dict]:
    """Those that lead to what is no public post; the others stand with their posts."""
    at_posts = Post.objects.exclude(public_path="").values("public_path")
    return list(_as_rows(Redirect.objects.exclude(new_path__in=at_posts)))


def file_names() -> dict[int, str]:
    """By the number of each file."""
    return dict(Media.objects.values_list("pk", "file"))


def _settings() -> Iterator[dict]:
    for row in _as_rows(SiteSettings.objects.all()):
        # Without a number they are taken where nobody has saved any, and else not.
        del row["pk"]
        row["fields"]["language"] = languages.of_site(SiteSettings.current())
        yield row


def _as_rows(found: Iterable[Model]) -> Iterator[dict]:
    yield from serializers.serialize(
        "python",
        found,
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )
