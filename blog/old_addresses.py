"""What is left where something public was: the way to where it is now, or that it is gone.

Each function is called in the transaction that moves or deletes. `blog/moved.py` answers
with what they leave.
"""

from collections.abc import Iterable

from blog.models import Category, Post, Redirect, User


def of_post(post: Post | None) -> list[str]:
    """Where it was seen, as far as its row knows: up to now, and before.

    Two where its date was moved and came: it is elsewhere since then, by the clock
    alone, and nobody has stored that yet.
    """
    if post is None:
        return []
    return list(dict.fromkeys(filter(None, [post.public_path, post.last_public_path])))


def post_stored(post: Post, before: Post | None, seen_at: Iterable[str]) -> None:
    """Lead from where a post was seen to where it is now, or was seen last.

    One that was withdrawn tells nobody where it goes: the redirect is left when it
    comes back.
    """
    for path in seen_at:
        _leave(path, post, post.public_path)
    was_seen = before is not None and before.is_public
    if before and was_seen and not (post.is_public and post.author == before.author):
        author_left(before.author)
    posts_came(post)


def posts_came(*posts: Post) -> None:
    """Where they are seen, something is there again."""
    if paths := [post.public_path for post in posts if post.is_public]:
        Redirect.objects.filter(old_path__in=paths, new_path="").delete()


def post_deleted(post: Post, seen_at: Iterable[str]) -> None:
    """Called when its row is gone."""
    for path in seen_at:
        _leave(path, post, "")
    if post.is_public:
        author_left(post.author)


def category_paths() -> dict[int, str]:
    return dict(Category.objects.values_list("pk", "path"))


def categories_moved(before: dict[int, str]) -> None:
    """A whole branch, perhaps: `before` are the paths all had."""
    for category in Category.objects.filter(pk__in=before):
        was = Category(path=before[category.pk])
        Redirect.leave(was.get_absolute_url(), category.get_absolute_url())


def author_moved(before: User, user: User) -> None:
    """Nobody is told the slug of somebody who never published."""
    was, now = before.get_absolute_url(), user.get_absolute_url()
    is_read = user.posts.published().exists()
    if was != now and (is_read or Redirect.objects.filter(old_path=was).exists()):
        Redirect.leave(was, now)
        if not is_read:
            author_left(user)


def author_left(author: User | None) -> None:
    """Where nothing of theirs is to be read any more, their page is gone."""
    if author and not author.posts.published().exists():
        path = author.get_absolute_url()
        Redirect.objects.get_or_create(old_path=path, defaults={"new_path": ""})


def author_deleted(path: str) -> None:
    """What led to a page that is gone is gone with it."""
    Redirect.objects.filter(new_path=path).update(new_path="")


def _leave(path: str, post: Post, new_path: str) -> None:
    """An address that is another post's by now stays that one's."""
    if path == new_path:
        return
    others = Post.objects.published().exclude(pk=post.pk)
    if not others.filter(public_path=path).exists():
        Redirect.leave(path, new_path)
