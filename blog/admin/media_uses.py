"""Where files are used: in which texts, and as whose picture."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Q

from blog.models import Media, MediaUse, Post, User


def counts(files: Iterable[Media]) -> Counter[int]:
    """In how many places each is used, by its key. Two queries."""
    pk_of = {media.name: media.pk for media in files}
    found: Counter[int] = Counter()
    texts = MediaUse.objects.filter(name__in=pk_of).values_list("name")
    for name, count in texts.annotate(Count("pk")).order_by():
        found[pk_of[name]] += count
    featured = Post.objects.filter(featured_image__in=pk_of.values())
    pictures = featured.values_list("featured_image").annotate(Count("pk"))
    for pk, count in pictures.order_by():
        found[pk] += count
    return found


def posts_using(media: Media, user: User) -> tuple[list[Post], int]:
    """The posts `user` may read that use it, and how many others there are.

    What lies in the trash counts among the others. Two queries.
    """
    is_use = Q(featured_image=media) | Q(media_uses__name=media.name)
    pks = Post.objects.filter(is_use).order_by().values("pk")
    posts = Post.objects.filter(pk__in=pks).defer("body", "body_html")
    seen = list(posts.visible_to(user))
    return seen, posts.count() - len(seen)


def texts_using(media: Media, user: User) -> list[Post]:
    """The posts `user` may read whose text names it. One query."""
    pks = MediaUse.objects.filter(name=media.name).values("post")
    posts = Post.objects.filter(pk__in=pks).defer("body", "body_html")
    return list(posts.visible_to(user))
