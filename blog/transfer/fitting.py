"""Makes records fit the columns they are stored in; what is cut, the report says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model

from blog.models import Category, Media, Post, SiteSettings, Tag, User
from blog.transfer.records import BlogRecord, Note, PostRecord, with_fitting_title

# Of what is cut off or left out, and of whose it was.
SHOWN_CHARACTERS = 200
SHOWN_OF_NAME = 60

_Record = TypeVar("_Record")


class Room(NamedTuple):
    """How much of a value fits; `noun` is what people call it."""

    characters: int
    noun: str
    # Half of it would mean something else: it is left out.
    is_all_or_nothing: bool = False


def of_column(
    model: type[Model], column: str, noun: str, *, is_all_or_nothing: bool = False
) -> Room:
    limit: Any = model._meta.get_field(column).max_length  # type: ignore[union-attr]
    return Room(limit, noun, is_all_or_nothing)


def rooms(model: type[Model], **nouns: str) -> dict[str, Room]:
    """By the names of columns; records call them the same."""
    return {name: of_column(model, name, noun) for name, noun in nouns.items()}


# By the name a record has for it.
_OF_BLOG = rooms(SiteSettings, title="title", tagline="tagline")
_OF_USER = {
    **rooms(
        User,
        display_name="name",
        first_name="first name",
        last_name="last name",
    ),
    "login": of_column(User, "username", "login"),
    "email": of_column(User, "email", "address", is_all_or_nothing=True),
}
_OF_CATEGORY = rooms(Category, name="name")
_OF_TAG = rooms(Tag, name="name")
_OF_FILE = rooms(Media, title="title", alt="alternative text")
_OF_POST = {
    **rooms(
        Post,
        password="password",  # noqa: S106
        meta_title="title for search engines",
        meta_description="description for search engines",
    ),
    "language": of_column(Post, "language", "language", is_all_or_nothing=True),
}


def fit(
    blog: BlogRecord,
    posts: Iterable[PostRecord],
    of_response: Mapping[str, Room],
) -> Iterator[PostRecord]:
    """Its posts as they fit, read while they are asked for; its lists at once.

    What a post adds to the lists fits before the post is given. `of_response` is what
    the columns of a response hold.
    """
    fitting = _Fitting(blog)
    fitting.lists()
    return fitting.posts(posts, of_response)


class _Fitting:
    """One blog on its way in."""

    def __init__(self, blog: BlogRecord) -> None:
        self._blog = blog
        # How many of each list fit by now.
        self._done: dict[str, int] = {}
        for name in ("title", "tagline"):
            setattr(blog, name, " ".join(getattr(blog, name).split()))
        for name, value in self._cut(blog, _OF_BLOG, "the blog").items():
            setattr(blog, name, value)

    def lists(self) -> None:
        self._list(
            "users", _OF_USER, lambda user: f"the account “{_short(user.login)}”"
        )
        self._list("categories", _OF_CATEGORY, lambda one: f"the category “{_of(one)}”")
        self._list("tags", _OF_TAG, lambda tag: f"the tag “{_of(tag)}”")
        self._list("media", _OF_FILE, lambda file: f"the file {file.url}")

    def _list(
        self, name: str, rooms: Mapping[str, Room], whose: Callable[[Any], str]
    ) -> None:
        records = getattr(self._blog, name)
        for place in range(self._done.get(name, 0), len(records)):
            record = records[place]
            records[place] = self._fitted(record, rooms, whose(record))
        self._done[name] = len(records)

    def posts(
        self, posts: Iterable[PostRecord], of_response: Mapping[str, Room]
    ) -> Iterator[PostRecord]:
        for post in posts:
            fitting = self._titled(post)
            place = {"path": post.origin, "line": post.line}
            whose = f"“{_short(post.title)}”"
            fitting = self._fitted(fitting, _OF_POST, whose, **place)
            fitting.responses = [
                self._fitted(
                    response, of_response, f"{response.kind} to {whose}", **place
                )
                for response in post.responses
            ]
            self.lists()
            yield fitting

    def _titled(self, post: PostRecord) -> PostRecord:
        fitting = with_fitting_title(post)
        if fitting is not post:
            self._tell(
                f"a title of {len(post.title):,} characters is cut: the whole of it "
                "stands above the text",
                path=post.origin,
                line=post.line,
            )
        return fitting

    def _fitted(
        self, record: _Record, rooms: Mapping[str, Room], whose: str, **place: Any
    ) -> _Record:
        kept = self._cut(record, rooms, whose, **place)
        return replace(record, **kept) if kept else record  # type: ignore[type-var]

    def _cut(
        self, record: object, rooms: Mapping[str, Room], whose: str, **place: Any
    ) -> dict[str, str]:
        """What is kept of the values that are too long, by their names."""
        kept = {}
        for name, room in rooms.items():
            value = getattr(record, name)
            if len(value) > room.characters:
                kept[name] = "" if room.is_all_or_nothing else value[: room.characters]
                self._tell(_sentence(whose, room, value), **place)
        return kept

    def _tell(self, sentence: str, **place: Any) -> None:
        self._blog.warnings.append(Note(sentence, **place))


def _sentence(whose: str, room: Room, value: str) -> str:
    length = f"{len(value):,} characters"
    if room.is_all_or_nothing:
        shown = _short(value, SHOWN_CHARACTERS)
        return f"{whose}: its {room.noun} of {length} is left out: “{shown}”"
    rest = _short(value[room.characters :], SHOWN_CHARACTERS)
    return f"{whose}: of {length} of its {room.noun} {room.characters} fit: without “{rest}”"


def _of(record: Any) -> str:
    return _short(record.slug or record.name)


def _short(text: str, limit: int = SHOWN_OF_NAME) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
