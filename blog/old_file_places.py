"""Where a file of an old blog is, by the addresses it had there.

One rule for all its sizes: `/wp-content/uploads/2006/11/boat-300x200.jpg`. The page a
picture had leads to the post that shows it.
"""

import unicodedata
from urllib.parse import parse_qs

from django.db.models import QuerySet

from blog import old_names
from blog.models import Media, MediaUse, OldFile, Post
from blog.numbers import number_or_none


def place(path: str, query: str = "") -> str | None:
    """None where there never was such a file. Four queries at most.

    The path comes without percent-encoding.
    """
    if name := old_names.below_uploads(path):
        media = _named(name)
        return media.get_absolute_url() if media else None
    if row := _with_page(path, query):
        post = _shown_in(row)
        if post:
            return post.get_absolute_url()
        return row.media.get_absolute_url() if row.media else None
    media = _elsewhere(path)
    return media.get_absolute_url() if media else None


def _elsewhere(path: str) -> Media | None:
    """One that lay outside of WordPress's folder, as generators keep theirs."""
    name = unicodedata.normalize("NFC", path)
    if not old_names.is_file(name):
        return None
    homes = OldFile.objects.order_by().values_list("home", flat=True).distinct()
    # Where nothing but its folder is told of a blog, names are paths.
    hosts = {home.partition("/")[0] for home in homes if not home.startswith("/")}
    names = [name, *(f"//{host}{name}" for host in sorted(hosts) if host)]
    rows = OldFile.objects.of_families(map(old_names.family, names)).here()
    found = rows.filter(name__in=names).select_related("media").order_by("pk").first()
    return found.media if found else None


def _named(name: str) -> Media | None:
    rows = OldFile.objects.of_families([old_names.family(name)]).here()
    found = {row.name: row.media for row in rows.select_related("media")}
    if chosen := old_names.choose(name, found):
        return found[chosen]
    # Uploaded by hand, under the name it had there.
    candidates = old_names.candidates(name)
    there = {media.name: media for media in Media.objects.filter(file__in=candidates)}
    return next((there[one] for one in candidates if one in there), None)


def _with_page(path: str, query: str) -> OldFile | None:
    """By its number, `/?attachment_id=44`, or by its page."""
    rows = OldFile.objects.select_related("media").order_by("pk")
    if path == "/" or not path.strip("/"):
        said = parse_qs(query).get("attachment_id", [""])[0]
        number = number_or_none(said)
        return rows.filter(number=number).first() if number else None
    return rows.filter(page=path.rstrip("/")).exclude(page="").first()


def _shown_in(row: OldFile) -> Post | None:
    """The first public post that shows it, or waits for it."""
    posts: QuerySet[Post] = Post.objects.published().defer("body", "body_html")
    if row.media is None:
        return posts.filter(old_file_uses__file=row).order_by("pk").first()
    uses = MediaUse.objects.filter(name=row.media.name).values("post")
    shown = posts.filter(pk__in=uses) | posts.filter(featured_image=row.media)
    return shown.order_by("pk").first()
