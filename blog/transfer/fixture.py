"""Writes records as rows of a Django fixture, for this project's `loaddata`.

Natural keys throughout: no primary keys, no tree numbers, nothing that a model
derives. The rows of the conversation come from the app that owns it.
"""

import json
from collections.abc import Iterable, Iterator

from blog.slugs import slug_from
from blog.transfer.records import BlogRecord, PostRecord

Path = tuple[str, ...]


def as_json(rows: Iterable[dict]) -> str:
    return json.dumps(list(rows), indent=2, ensure_ascii=False) + "\n"


def rows(blog: BlogRecord) -> Iterator[dict]:
    """Categories, tags and posts, each before what refers to it."""
    slugs = _category_slugs(blog)
    for path, slug in slugs.items():
        parent = [slugs[path[:-1]]] if len(path) > 1 else None
        yield _row("blog.category", name=path[-1], slug=slug, parent=parent)
    tags = _tags(blog)
    for name in tags.values():
        yield _row("blog.tag", name=name)
    for post in blog.posts:
        yield _post_row(post, slugs)
        for key in dict.fromkeys(tag.casefold() for tag in post.tags):
            yield _row("blog.taggedpost", tag=[tags[key]], content_object=[post.guid])


def _row(model: str, **fields: object) -> dict:
    return {"model": model, "fields": fields}


def _post_row(post: PostRecord, slugs: dict[Path, str]) -> dict:
    published_at = post.published_at.isoformat()
    updated_at = post.updated_at.isoformat() if post.updated_at else published_at
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
        created_at=published_at,
        updated_at=updated_at,
        categories=[[slugs[path]] for path in post.categories],
    )


def _category_slugs(blog: BlogRecord) -> dict[Path, str]:
    """A slug for each category by its path of names, parents first.

    Two branches may hold the same name; their slugs differ, as they would if an
    empty blog made them one after the other.
    """
    slugs: dict[Path, str] = {}
    for post in blog.posts:
        for path in post.categories:
            for length in range(1, len(path) + 1):
                if path[:length] not in slugs:
                    slugs[path[:length]] = _free(path[length - 1], slugs.values())
    return slugs


def _free(name: str, taken: Iterable[str]) -> str:
    wanted = candidate = slug_from(name, fallback="category")
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def _tags(blog: BlogRecord) -> dict[str, str]:
    """Each tag once, as first written; upper and lower case are one tag."""
    tags: dict[str, str] = {}
    for post in blog.posts:
        for name in post.tags:
            tags.setdefault(name.casefold(), name)
    return tags
