"""What a search gives back."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils.safestring import SafeString

from blog.models import Category, Post, User
from blog.search.groups import Phrase

KINDS = ("post", "page", "comment")


@dataclass(frozen=True)
class Filters:
    """What the answer is narrowed to; `kind` is one of KINDS, or empty."""

    kind: str = ""
    category: Category | None = None
    year: int | None = None
    author: User | None = None
    # What nothing that is shown is to say.
    without: tuple[Phrase, ...] = ()

    @cached_property
    def branch(self) -> list[str]:
        """As facets the category and those below it. One query."""
        if self.category is None:
            return []
        branch = self.category.get_descendants(include_self=True)
        return [f"c{pk}" for pk in branch.values_list("pk", flat=True)]


@dataclass
class Hit:
    """One thing found. `title` and `snippet` have what was asked for in `<mark>`."""

    kind: str
    url: str
    title: SafeString
    snippet: SafeString
    author_name: str
    at: datetime
    language: str
    # The post or page itself, or the one the comment stands below.
    post: Post


@dataclass
class Results:
    """A page of hits. `count` is exact, unless it is the least there are."""

    hits: list[Hit] = field(default_factory=list)
    page: int = 1
    has_more: bool = False
    count: int = 0
    count_is_least: bool = False
    # The same question with a word spelled as it occurs here, where nothing is found.
    meant: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Where somebody who types this may want to go. `kind`: post, page, category, tag."""

    kind: str
    title: str
    url: str
