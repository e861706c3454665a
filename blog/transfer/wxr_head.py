"""What an export says of the blog as a whole, and the names its items add to that."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from blog.slugs import slug_from
from blog.transfer import own_meta
from blog.transfer.own_meta import Term
from blog.transfer.records import BlogRecord, CategoryRecord, TagRecord, UserRecord
from blog.transfer.wxr_fields import Fields, plain

_OF_HEAD = re.compile(
    r"<(?P<end>/?)(?P<name>(?:[\w.-]{1,40}:)?(?P<noun>author|category|tag|term))>"
)
# Reads an element's text: as titles of WordPress, or to the letter.
Words = Callable[[Fields, str], str]


def read(said: Fields, *, is_own: bool = False) -> BlogRecord:
    """The head of an export, which holds no items.

    What this blog wrote numbers people and lists as it comes: nobody read them so.
    """
    words = Fields.exact if is_own else Fields.words
    blog = BlogRecord(
        title=words(said, "title"),
        tagline=words(said, "description"),
        url=said.text("wp:base_blog_url") or said.text("link"),
        language=said.text("language"),
        users=[_user(one, words) for one in said.parts("wp:author")],
        categories=[_category(one, words) for one in said.parts("wp:category")],
        tags=[_tag(one, words) for one in said.parts("wp:tag")],
    )
    if is_own:
        blog.users = _as_told(blog.users, said.parts("wp:author"))
        blog.categories = _as_told(blog.categories, said.parts("wp:category"))
        blog.tags = _as_told(blog.tags, said.parts("wp:tag"))
    return blog


def parts(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each author, category and tag of a head begins and ends, and which it is.

    One that has no end reaches to the next. Linear in the length of the text.
    """
    opened: re.Match[str] | None = None
    for found in _OF_HEAD.finditer(text):
        if not found["end"]:
            if opened:
                yield opened.start(), found.start(), opened["noun"]
            opened = found
        elif opened and found["name"] == opened["name"]:
            yield opened.start(), found.end(), opened["noun"]
            opened = None


def _as_told(records: list[Term], parts: Iterator[Fields]) -> list[Term]:
    """With what this blog's own exports say of each."""
    return [
        own_meta.of_term(record, part.meta("wp:termmeta").get(own_meta.KEY, ""))
        for record, part in zip(records, parts, strict=True)
    ]


def _user(said: Fields, words: Words) -> UserRecord:
    return UserRecord(
        login=said.text("wp:author_login"),
        number=said.number("wp:author_id"),
        email=said.text("wp:author_email"),
        display_name=words(said, "wp:author_display_name"),
        first_name=words(said, "wp:author_first_name"),
        last_name=words(said, "wp:author_last_name"),
        addresses=_numbered("author", said.number("wp:author_id")),
    )


def _category(said: Fields, words: Words) -> CategoryRecord:
    name = words(said, "wp:cat_name")
    slug = unquote(said.text("wp:category_nicename"))
    return CategoryRecord(
        slug=slug or slug_from(name, "category"),
        name=name or slug,
        parent=unquote(said.text("wp:category_parent")),
        description=words(said, "wp:category_description"),
        addresses=_numbered("cat", said.number("wp:term_id")),
    )


def _tag(said: Fields, words: Words) -> TagRecord:
    name = words(said, "wp:tag_name")
    slug = unquote(said.text("wp:tag_slug"))
    return TagRecord(
        slug=slug or slug_from(name, "tag"),
        name=name or slug,
        addresses=_numbered("tag_id", said.number("wp:term_id")),
    )


def _numbered(field: str, number: int | None) -> list[str]:
    return [f"/?{field}={number}"] if number else []


class Names:
    """Who and what items name: the blog's lists grow by what they did not know."""

    def __init__(self, blog: BlogRecord) -> None:
        self._blog = blog
        self._logins = {user.login for user in blog.users}
        # WordPress tells no logins apart by case.
        self._spelt = {login.casefold(): login for login in sorted(self._logins)}
        self._categories = {category.slug for category in blog.categories}
        self._tags = {tag.slug for tag in blog.tags}
        self.login_of = {user.number: user.login for user in blog.users if user.number}

    def login(self, login: str) -> str:
        """As the blog's list has it, or as it stands first: some have no list."""
        if not login or login in self._logins:
            return login
        known = self._spelt.setdefault(login.casefold(), login)
        if known == login:
            self._logins.add(login)
            self._blog.users.append(UserRecord(login))
        return known

    def terms(self, said: Fields, *domains: str) -> Iterator[str]:
        """Slugs. Old exports name each term twice, once without its slug."""
        all_told = said.all("category")
        named = {_name(found) for found in all_told if found.get("nicename")}
        for found in all_told:
            name = _name(found)
            domain = found.get("domain") or "category"
            if domain not in domains or not name:
                continue
            slug = unquote(found.get("nicename") or "")
            if not slug and "domain" not in found.attrib and name in named:
                continue
            yield self._term(domain, slug or slug_from(name, domain), name)

    def _term(self, domain: str, slug: str, name: str) -> str:
        known = self._categories if domain == "category" else self._tags
        if slug not in known:
            known.add(slug)
            if domain == "category":
                self._blog.categories.append(CategoryRecord(slug, name))
            else:
                self._blog.tags.append(TagRecord(slug, name))
        return slug


def _name(found: Element) -> str:
    return plain("".join(found.itertext()))
