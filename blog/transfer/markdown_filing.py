"""Who wrote the texts of a folder, and what they are filed in: known by their names."""

from pathlib import PurePosixPath

from blog.slugs import slug_from, tag_slug_from
from blog.transfer.markdown_fields import Text
from blog.transfer.markdown_site import Site
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    Note,
    TagRecord,
    UserRecord,
)


class Filing:
    """Adds to the blog's lists what texts name; a slug or login stands for each."""

    def __init__(self, blog: BlogRecord, site: Site) -> None:
        self._blog = blog
        self._site = site
        self._logins: set[str] = set()
        self._categories: set[str] = set()
        self._tags: set[str] = set()

    def author(self, text: Text) -> str:
        """A login made of the first name; the others are told of."""
        names = text.authors or ([self._site.author] if self._site.author else [])
        if not names:
            return ""
        if len(names) > 1:
            self._warn(f"one byline only: without {', '.join(names[1:])}", text.path)
        login = slug_from(names[0], "author")
        if login not in self._logins:
            self._logins.add(login)
            told = self._site.authors.get(names[0], {})
            name, email = told.get("name") or names[0], told.get("email", "")
            self._blog.users.append(UserRecord(login, email=email, display_name=name))
        return login

    def categories(self, text: Text) -> list[str]:
        return list(dict.fromkeys(map(self._category, text.categories)))

    def _category(self, name: str) -> str:
        slug = slug_from(name, "category")
        if slug not in self._categories:
            self._categories.add(slug)
            self._blog.categories.append(CategoryRecord(slug, name))
        return slug

    def tags(self, text: Text) -> list[str]:
        return list(dict.fromkeys(map(self._tag, text.tags)))

    def _tag(self, name: str) -> str:
        slug = tag_slug_from(name)
        if slug not in self._tags:
            self._tags.add(slug)
            self._blog.tags.append(TagRecord(slug, name))
        return slug

    def _warn(self, sentence: str, path: PurePosixPath) -> None:
        self._blog.warnings.append(Note(sentence, str(path), 1))
