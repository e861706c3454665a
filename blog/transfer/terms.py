"""The people, categories and tags of a blog that moves in: found here, or made."""

import re
from collections.abc import Iterable

from blog.models import Category, Tag, User
from blog.slugs import MAX_SLUG_LENGTH, MAX_TAG_LENGTH, slug_from, tag_slug_from
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    Note,
    Report,
    TagRecord,
    UserRecord,
)

_SLUG = re.compile(r"[-\w]+")
MAX_LOGIN_LENGTH = 150


class Terms:
    """What a blog's records name, by how they name it. Grows as they are read."""

    def __init__(self, blog: BlogRecord, report: Report) -> None:
        self._blog = blog
        self._report = report
        self._users: dict[str, User | None] = {}
        self._categories: dict[str, Category] = {}
        self._tags: dict[str, Tag] = {}
        # What the source calls each category and tag, the first time.
        self._first_slug: dict[tuple[str, int], str] = {}

    def make_all(self) -> None:
        """All that the source tells of by now, whether a post names it or not."""
        for user in self._blog.users:
            self.user(user.login)
        self.categories(category.slug for category in self._blog.categories)
        self.tags(tag.slug for tag in self._blog.tags)

    def user(self, login: str) -> User | None:
        """Whoever has this login, made if the source tells of them; None: no byline."""
        login = login[:MAX_LOGIN_LENGTH]
        if not login:
            return None
        if login not in self._users:
            found = User.objects.filter(username=login).first()
            if found is None:
                found = self._by_other_case(login)
            if found is None and (record := self._told_of(login)):
                found = self._made_user(record)
            if found is None:
                sentence = f"nobody here has the login “{login}”: no byline"
                self._report.warnings.append(Note(sentence))
            self._users[login] = found
        return self._users[login]

    def _told_of(self, login: str) -> UserRecord | None:
        """What the source says of whoever has this login, letter by letter."""
        told = (u for u in self._blog.users if u.login[:MAX_LOGIN_LENGTH] == login)
        return next(told, None)

    def _by_other_case(self, login: str) -> User | None:
        """One login here and there that is spelt in two ways; both are told as one."""
        logins = {user.login for user in self._blog.users}
        same = [one for one in logins if one.casefold() == login.casefold()]
        if len(same) > 1:
            sentence = f"“{login}” has a twin whose login differs by its case alone"
            self._report.warnings.append(Note(f"{sentence}: both are here now"))
            return None
        found = list(User.objects.filter(username__iexact=login)[:2])
        if len(found) != 1:
            return None
        sentence = f"“{login}” is “{found[0].username}” here: only the case differs"
        self._report.warnings.append(Note(sentence))
        return found[0]

    def _made_user(self, record: UserRecord) -> User:
        """An account without a password and without a role: nobody can log in to it."""
        user = User(
            username=record.login[:MAX_LOGIN_LENGTH],
            email=record.email,
            # What stood in the byline, as far as is told.
            display_name=record.display_name or record.login,
            first_name=record.first_name,
            last_name=record.last_name,
            slug=_free_user_slug(record),
        )
        user.set_unusable_password()
        user.save()
        self._report.made["account"] += 1
        return user

    def categories(self, slugs: Iterable[str]) -> list[Category]:
        """Each once: two slugs may mean one category."""
        found = [self._category(slug) for slug in slugs]
        return list({category.pk: category for category in found}.values())

    def _category(self, slug: str) -> Category:
        if slug not in self._categories:
            # All that are known by now at once: parents come first.
            waiting = [
                record
                for record in self._blog.categories
                if record.slug not in self._categories
            ]
            for record in _parents_first(waiting):
                category = self._made_category(record)
                self._tell_of_twin("categories", record.slug, category)
                self._categories[record.slug] = category
        return self._categories[slug]

    def _made_category(self, record: CategoryRecord) -> Category:
        slug = category_slug(record)
        found = Category.objects.filter(slug=slug).first()
        if found is not None:
            return found
        parent = self._categories.get(record.parent)
        if record.parent and parent is None:
            sentence = (
                f"the category “{record.name}” stands below “{record.parent}”, which is "
                "not there: it stands at the top"
            )
            self._report.warnings.append(Note(sentence))
        category = Category(
            name=record.name,
            slug=slug,
            parent=parent,
            description=record.description,
        )
        category.save()
        self._report.made["category"] += 1
        return category

    def tags(self, slugs: Iterable[str]) -> list[Tag]:
        """Each once: two slugs may mean one tag, as upper and lower case do."""
        found = [self._tag(slug) for slug in slugs]
        return list({tag.pk: tag for tag in found}.values())

    def _tag(self, slug: str) -> Tag:
        if slug not in self._tags:
            for record in self._blog.tags:
                if record.slug not in self._tags:
                    tag = self._made_tag(record)
                    self._tell_of_twin("tags", record.slug, tag)
                    self._tags[record.slug] = tag
        return self._tags[slug]

    def _made_tag(self, record: TagRecord) -> Tag:
        found = Tag.objects.filter(name__iexact=record.name).first()
        if found is not None:
            return found
        slug = _valid(record.slug, MAX_TAG_LENGTH) or tag_slug_from(record.name)
        if Tag.objects.filter(slug=slug).exists():
            slug = ""  # another name's: the model finds a free one
        tag = Tag(name=record.name, slug=slug)
        tag.save()
        self._report.made["tag"] += 1
        return tag

    def _tell_of_twin(self, noun: str, slug: str, term: Category | Tag) -> None:
        """Two of the source's are one here, by their names or by what a slug may be."""
        first = self._first_slug.setdefault((noun, term.pk), slug)
        if first != slug:
            sentence = f"the {noun} “{first}” and “{slug}” are one here: “{term.name}”"
            self._report.warnings.append(Note(sentence))


def _valid(slug: str, limit: int = MAX_SLUG_LENGTH) -> str:
    return slug if len(slug) <= limit and _SLUG.fullmatch(slug) else ""


def category_slug(record: CategoryRecord) -> str:
    """What a category is called here."""
    return _valid(record.slug) or slug_from(record.name, "category")


def page_of(record: UserRecord) -> str:
    """Where their texts were listed: WordPress has their login in that address."""
    slug = record.slug or slug_from(record.login, "author")
    return User(slug=slug).get_absolute_url()


def _free_user_slug(record: UserRecord) -> str:
    """The one it had there, if it gives no login away; the model finds one for ""."""
    slug = _valid(record.slug)
    is_login = slug.casefold() == record.login.casefold()
    is_taken = is_login or User.objects.filter(slug=slug).exists()
    return "" if is_taken else slug


def _parents_first(records: list[CategoryRecord]) -> list[CategoryRecord]:
    """In an order in which each comes behind its parent; a circle is cut."""
    of_slug = {record.slug: record for record in records}
    ordered: dict[str, CategoryRecord] = {}
    for record in records:
        branch: dict[str, CategoryRecord] = {}
        above: CategoryRecord | None = record
        while above and above.slug not in ordered and above.slug not in branch:
            branch[above.slug] = above
            above = of_slug.get(above.parent)
        ordered |= dict(reversed(branch.items()))
    return list(ordered.values())
