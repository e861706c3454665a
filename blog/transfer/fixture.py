"""Writes records as rows of a Django fixture, for this project's `loaddata`.

Natural keys throughout: no primary keys, no tree numbers, nothing that a model
derives. Posts and comments tell their numbers, which old addresses hold. The rows of the conversation come from the app that owns it, and what no
record tells from `fixture_own`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from blog import trees
from blog.transfer import naming, old_lists
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    PostRecord,
    UserRecord,
)
from blog.transfer.terms import category_slug
from blog.web_address import MAX_ADDRESS_LENGTH

# What follows names what an old address leads to: a guid, a slug, a name, a login. Where
# that stands here is known when it is loaded.
TO_POST, TO_CATEGORY, TO_TAG, TO_AUTHOR = "post:", "category:", "tag:", "author:"
LEADING = (TO_POST, TO_CATEGORY, TO_TAG, TO_AUTHOR)


def as_json(rows: Iterable[dict]) -> str:
    return (
        json.dumps(list(rows), default=datetime.isoformat, indent=2, ensure_ascii=False)
        + "\n"
    )


def rows(
    blog: BlogRecord,
    posts: Sequence[PostRecord],
    own: Sequence[dict] = (),
    name_of_file: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[dict]:
    """People, categories, tags, posts and old addresses, each before what refers to it.

    `posts` are the blog's, which can be read only once. What stands below something
    that is not there, or in a circle, stands at the top. `own` are rows of files and
    settings: without them what the record says of the blog as a whole. Pictures of
    posts are in `name_of_file` by their numbers, or left out.
    """
    for user in blog.users:
        yield _row("blog.user", **_user_fields(user))
    # Before the texts: in the blog's language their quotes are set.
    if own:
        yield from own
    elif told := naming.settings_of(blog):
        yield _row("blog.sitesettings", **told)
    slug_of = {one.slug: category_slug(one) for one in blog.categories}
    yield from _category_rows(blog.categories, slug_of)
    first_of: dict[str, str] = {}
    name_of: dict[str, str] = {}
    for tag in blog.tags:
        if tag.name.lower() not in first_of:
            yield _row("blog.tag", name=tag.name, slug=tag.slug)
        name_of[tag.slug] = first_of.setdefault(tag.name.lower(), tag.name)
    above = _pages_above(posts)
    for post in posts:
        picture = name_of_file.get(post.lead_image or 0)
        slugs = [slug_of[slug] for slug in post.categories]
        yield _post_row(post, slugs, above.get(post.guid), picture)
        for name in dict.fromkeys(name_of[slug] for slug in post.tags):
            yield _row("blog.taggedpost", tag=[name], content_object=[post.guid])
    yield from _redirect_rows(posts)
    if not own:  # which has all its redirects
        yield from _list_rows(blog, slug_of, name_of)


def _category_rows(
    categories: Iterable[CategoryRecord], slug_of: Mapping[str, str]
) -> Iterator[dict]:
    """Of two that are one here the first."""
    first = {slug_of[category.slug]: category for category in reversed([*categories])}
    above = _above(
        {slug: slug_of.get(category.parent, "") for slug, category in first.items()}
    )
    for slug, category in reversed(first.items()):
        parent = above.get(slug)
        yield _row(
            "blog.category",
            slug=slug,
            name=category.name,
            parent=[parent] if parent else None,
            description=category.description,
        )


def _pages_above(posts: Iterable[PostRecord]) -> dict[str, str]:
    """Of pages that stand below others, by guid, the guid of the one above."""
    pages = [post for post in posts if post.kind == "page"]
    guid_of = {page.number: page.guid for page in pages if page.number}
    return _above({page.guid: guid_of.get(page.parent or 0, "") for page in pages})


def _above(parent_of: Mapping[str, str]) -> dict[str, str]:
    """Those that have a parent here, circles cut."""
    place_of = {name: place for place, name in enumerate(parent_of)}
    places = {place_of[one]: place_of.get(above) for one, above in parent_of.items()}
    names = list(parent_of)
    cut = set(trees.first_of_circles(places))
    return {
        names[place]: names[above]
        for place, above in places.items()
        if above is not None and place not in cut
    }


def _redirect_rows(posts: Iterable[PostRecord]) -> Iterator[dict]:
    """Where each could be read before; the first to say so has it."""
    known: set[str] = set()
    for post in posts:
        if post.status != "published":
            continue
        for address in post.addresses:
            if address not in known and len(address) <= MAX_ADDRESS_LENGTH:
                known.add(address)
                target = TO_POST + post.guid
                yield _row("blog.redirect", old_path=address, new_path=target)


def _list_rows(
    blog: BlogRecord, slug_of: Mapping[str, str], name_of: Mapping[str, str]
) -> Iterator[dict]:
    """Where its lists were, and where it began."""
    known: set[str] = set()
    leading = [
        *old_lists.of_home(blog),
        *(
            (old, TO_CATEGORY + slug_of[category.slug])
            for old, category in old_lists.of_categories(blog)
        ),
        *((old, TO_TAG + name_of[tag.slug]) for old, tag in old_lists.of_tags(blog)),
        *((old, TO_AUTHOR + user.login) for old, user in old_lists.of_users(blog)),
    ]
    for old, target in leading:
        if old not in known and len(old) <= MAX_ADDRESS_LENGTH:
            known.add(old)
            yield _row("blog.redirect", old_path=old, new_path=target)


def _user_fields(user: UserRecord) -> dict[str, str]:
    told = {"slug": user.slug} if user.slug else {}
    return told | {
        "username": user.login,
        # Nobody can log in with it; see `User.set_unusable_password`.
        "password": "!",
        "email": user.email,
        "display_name": user.display_name or user.login,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }


def _row(model: str, **fields: object) -> dict:
    return {"model": model, "fields": fields}


def numbered(row: dict, number: int | None) -> dict:
    """With the number it had where it comes from, for `blog.fixture_format`."""
    return {"number": number, **row} if number else row


def _post_row(
    post: PostRecord, categories: list[str], above: str | None, picture: str | None
) -> dict:
    published_at = post.published_at.isoformat() if post.published_at else None
    written_at = post.written_at
    row = _row(
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
        featured_image=[picture] if picture else None,
        parent=[above] if above else None,
        categories=[[slug] for slug in dict.fromkeys(categories)],
    )
    return numbered(row, post.number)
