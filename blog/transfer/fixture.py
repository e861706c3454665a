"""Writes records as rows of a Django fixture, for this project's `loaddata`.

Natural keys throughout: no primary keys, no tree numbers, nothing that a model
derives. The rows of the conversation come from the app that owns it.
"""

import json
from collections.abc import Iterable, Iterator

from blog.transfer.records import BlogRecord, PostRecord, UserRecord


def as_json(rows: Iterable[dict]) -> str:
    return json.dumps(list(rows), indent=2, ensure_ascii=False) + "\n"


def rows(blog: BlogRecord, posts: Iterable[PostRecord]) -> Iterator[dict]:
    """People, categories, tags and posts, each before what refers to it.

    `posts` are the blog's, which can be read only once.
    """
    for user in blog.users:
        yield _row("blog.user", **_user_fields(user))
    for category in blog.categories:
        yield _row(
            "blog.category",
            slug=category.slug,
            name=category.name,
            parent=[category.parent] if category.parent else None,
            description=category.description,
        )
    first_of: dict[str, str] = {}
    name_of: dict[str, str] = {}
    for tag in blog.tags:
        name_of[tag.slug] = first_of.setdefault(tag.name.lower(), tag.name)
    for name in dict.fromkeys(name_of.values()):
        yield _row("blog.tag", name=name)
    for post in posts:
        yield _post_row(post)
        for name in dict.fromkeys(name_of[slug] for slug in post.tags):
            yield _row("blog.taggedpost", tag=[name], content_object=[post.guid])


def _user_fields(user: UserRecord) -> dict[str, str]:
    return {
        "username": user.login,
        # Nobody can log in with it; see `User.set_unusable_password`.
        "password": "!",
        "email": user.email,
        "display_name": user.display_name,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }


def _row(model: str, **fields: object) -> dict:
    return {"model": model, "fields": fields}


def _post_row(post: PostRecord) -> dict:
    published_at = post.published_at.isoformat() if post.published_at else None
    written_at = post.written_at
    return _row(
        "blog.post",
        guid=post.guid,
        kind=post.kind,
        status=post.status,
        title=post.title,
        slug=post.slug,
        author=[post.author] if post.author else None,
        body=post.body,
        excerpt=post.excerpt,
        published_at=published_at,
        date_is_estimated=post.date_is_estimated,
        sends_pings=False,
        created_at=written_at.isoformat(),
        updated_at=(post.updated_at or written_at).isoformat(),
        password=post.password,
        is_sticky=post.is_sticky,
        comments_open=post.comments_open,
        pings_open=post.pings_open,
        menu_order=post.menu_order,
        language=post.language,
        meta_title=post.meta_title,
        meta_description=post.meta_description,
        categories=[[slug] for slug in post.categories],
    )
