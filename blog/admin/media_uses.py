"""Where files are used: in which texts, and as whose picture."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from blog.models import Media, MediaUse, Post, SiteSettings, User

# The columns of a post that name a picture.
_PICTURES = ("featured_image", "social_image")
# The columns of the settings that do.
_OF_THE_BLOG = {
    "logo_id": _("the blog’s logo"),
    "cover_id": _("the cover of the home page"),
    "icon_id": _("the blog’s icon"),
}


def counts(files: Iterable[Media]) -> Counter[int]:
    """In how many places each is used, by its key. Two queries."""
    pk_of = {media.name: media.pk for media in files}
    found: Counter[int] = Counter()
    texts = MediaUse.objects.filter(name__in=pk_of).values_list("name")
    for name, count in texts.annotate(Count("pk")).order_by():
        found[pk_of[name]] += count
    # Each column by its own index; both at once would look at every post.
    featured, social = (
        Post.objects.filter(**{f"{name}__in": pk_of.values()}).order_by()
        for name in _PICTURES
    )
    social = social.exclude(featured_image=F("social_image"))
    counted = [
        rows.values_list(name).annotate(Count("pk"))
        for rows, name in zip((featured, social), _PICTURES, strict=True)
    ]
    for pk, count in counted[0].union(counted[1], all=True):
        found[pk] += count
    return found


def of_the_blog(media: Media, site: SiteSettings) -> list[str | Promise]:
    """What the blog itself shows it as: "the blog’s logo"."""
    return [
        label for name, label in _OF_THE_BLOG.items() if getattr(site, name) == media.pk
    ]


def posts_using(media: Media, user: User) -> tuple[list[Post], int]:
    """The posts `user` may read that use it, and how many others there are.

    What lies in the trash counts among the others. Two queries.
    """
    is_use = _shows({media.pk}) | Q(media_uses__name=media.name)
    pks = Post.objects.filter(is_use).order_by().values("pk")
    posts = Post.objects.filter(pk__in=pks).defer("body", "body_html")
    seen = list(posts.visible_to(user))
    return seen, posts.count() - len(seen)


def texts_using(media: Media, user: User) -> list[Post]:
    """The posts `user` may read whose text names it. One query."""
    pks = MediaUse.objects.filter(name=media.name).values("post")
    posts = Post.objects.filter(pk__in=pks).defer("body", "body_html")
    return list(posts.visible_to(user))


def _shows(pks: set[int]) -> Q:
    """Posts one of whose pictures is one of these."""
    return Q.create([(f"{name}__in", pks) for name in _PICTURES], connector=Q.OR)
