"""Whatever moves in: all at once it is stored as it would be one by one."""

from collections.abc import Iterator
from itertools import islice

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import publishing
from blog.models import (
    Category,
    Embed,
    EmbedUse,
    MediaUse,
    Post,
    Redirect,
    SearchQueue,
    TaggedPost,
)
from blog.transfer import numbers
from blog.transfer.load import Loader
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    PostRecord,
    Report,
    ResponseRecord,
    TagRecord,
)
from blog.transfer.terms import Terms
from comments import incoming, transfer
from comments.models import Comment
from comments.posting import recount
from tests.builders import at, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOMENTS = [None, *(at(f"2009-04-0{day} 12:00") for day in (1, 2, 3))]
SLUGS = ["", "boat", "boat-2", "feed", "page", "über", "a b"]
BODIES = [
    "",
    "<p>Some words, <b>bold</b>.</p>",
    '<p><img src="/media/2009/04/pier.jpg"><a href="/media/a.pdf">here</a></p>',
    '<figure class="embed"><a href="https://www.youtube.com/watch?v=a1">x</a></figure>',
    '<iframe src="https://www.youtube.com/embed/b2"></iframe> & <!--more--> rest',
    "Notes[^1]<script>bad()</script>",
]
STATES = st.sampled_from(["approved", "pending", "spam", "trash"])
KINDS = st.sampled_from(["comment", "pingback", "trackback", "webmention"])


@st.composite
def responses(draw: st.DrawFn, guid: str) -> list[ResponseRecord]:
    found: list[ResponseRecord] = []
    for place in range(draw(st.integers(0, 4))):
        kind = draw(KINDS)
        above = draw(st.none() | st.sampled_from(found)) if found else None
        found.append(
            ResponseRecord(
                guid=f"{guid}#{place}",
                number=draw(st.none() | st.integers(1, 20)),
                text=draw(st.sampled_from(["Said", "<b>So</b>\n\nhttps://a.example"])),
                text_format=draw(st.sampled_from(["html", "markdown"])),
                created_at=at(f"2009-05-0{place + 1} 12:00"),
                kind=kind,
                state=draw(STATES),
                author=draw(st.sampled_from(["", "mara"])),
                author_email=draw(st.sampled_from(["", "Ole@Mail.example"])),
                ip_address=draw(st.sampled_from(["", "nonsense", "203.0.113.9"])),
                user_agent=draw(st.sampled_from(["", "Browser"])),
                source_url="" if kind == "comment" else f"https://b.example/{place}",
                parent=above.guid if above else draw(st.none() | st.just("lost")),
            )
        )
    return found


@st.composite
def posts(draw: st.DrawFn) -> list[PostRecord]:
    found = []
    for place in range(draw(st.integers(1, 6))):
        guid = f"https://log.example/?p={place}"
        moment = draw(st.sampled_from(MOMENTS))
        states = ["draft", "private", "trash"] + ["published"] * (moment is not None)
        found.append(
            PostRecord(
                guid=guid,
                title=draw(st.sampled_from(["", "Boat", "Feed", "Über"])),
                body=draw(st.sampled_from(BODIES)),
                excerpt=draw(st.sampled_from(["", "In short"])),
                slug=draw(st.sampled_from(SLUGS)),
                kind=draw(st.sampled_from(["post", "page"])),
                status=draw(st.sampled_from(states)),
                published_at=moment,
                updated_at=at("2009-05-01 12:00"),
                author=draw(st.sampled_from(["", "mara"])),
                password=draw(st.sampled_from(["", "oars"])),
                language=draw(st.sampled_from(["", "de"])),
                number=draw(st.none() | st.integers(1, 8)),
                categories=draw(st.lists(st.sampled_from("ab"), unique=True)),
                tags=draw(st.lists(st.sampled_from("xy"), unique=True)),
                addresses=draw(st.lists(st.sampled_from(["/?p=1", "/old/", "/2009/"]))),
                responses=draw(responses(guid)),
            )
        )
    return found


class OneByOne(Loader):
    """The doors everybody else goes through."""

    def _create(self, records: list[PostRecord]) -> dict[str, Post]:
        keys = numbers.keys(Post, [record.number for record in records])
        made = {}
        for record, key in zip(records, keys, strict=True):
            post = made[record.guid] = self._post(record, key)
            publishing.store(post, ())
            post.categories.set(self._terms.categories(record.categories))
            post.tags.set(self._terms.tags(record.tags))
        return made


def respond(record: PostRecord, post: Post, terms: Terms) -> None:
    said: dict[str, Comment] = {}
    for response in record.responses:
        comment = Comment(
            post=post,
            guid=response.guid,
            parent=said.get(response.parent or ""),
            author=terms.user(response.author),
            **incoming.fields(response),
        )
        comment.save()
        said[response.guid] = comment
    if said:
        recount([post.pk])


def stored(records: list[PostRecord], size: int = 0) -> dict[str, list]:
    """All there is when they were stored, so many at a time, or else one by one."""
    blog = BlogRecord(
        categories=[CategoryRecord("a", "A"), CategoryRecord("b", "B", parent="a")],
        tags=[TagRecord("x", "X"), TagRecord("y", "x")],
    )
    report = Report()
    terms = Terms(blog, report)
    with transaction.atomic():
        loader = Loader(terms, report) if size else OneByOne(terms, report)
        given = iter(records)
        while batch := list(islice(given, size or 1)):
            made = loader.load(batch)
            if size:
                said = [
                    (made[one.guid].pk, each)
                    for one in batch
                    for each in incoming.said_below(one)
                ]
                transfer.load_responses(said, report, terms.user)
            else:
                respond(batch[0], made[batch[0].guid], terms)
        loader.settle()
        told = dict(everything())
        transaction.set_rollback(True)
    return told


def everything() -> Iterator[tuple[str, list]]:
    """Without what no two ways can have alike: keys, numbers of trees, the clock."""
    for model, names in (
        (Post, [*columns(Post, "touched_at", "trashed_at"), "author__username"]),
        (Category, ["path"]),
        (Post.categories.through, ["post__guid", "category__slug"]),
        (TaggedPost, ["content_object__guid", "tag__slug"]),
        (MediaUse, ["post__guid", "name"]),
        (Embed, ["url", "state", "tries"]),
        (EmbedUse, ["post__guid", "embed__url"]),
        (Redirect, ["old_path", "new_path"]),
        (Comment, [*columns(Comment, "tree_id"), "post__guid", "parent__guid"]),
    ):
        yield model.__name__, sorted(model._base_manager.values_list(*names), key=repr)
    yield "faults", list(Comment.objects.faults())
    told = SearchQueue.objects.filter(source__in=("post", "comment"))
    yield "told", sorted(set(told.values_list("source", flat=True)))


def columns(model: type, *skipped: str) -> list[str]:
    fields = model._meta.concrete_fields
    names = [field.name for field in fields if not field.is_relation]
    return [name for name in names if name not in ("id", *skipped)]


class AnyImportTests(TestCase):
    def setUp(self) -> None:
        make_user("mara", role="Author")

    @hypothesis_settings(max_examples=60, deadline=None)
    @given(records=posts(), size=st.integers(1, 6))
    def test_all_at_once_is_as_one_by_one(self, records, size):
        assert stored(records, size) == stored(records)
