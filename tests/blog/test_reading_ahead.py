"""A large source is read in another process: what comes is what the reader gave."""

import os
import signal
from collections.abc import Iterator

import pytest

from blog.transfer import ahead
from blog.transfer.records import (
    BlogRecord,
    Note,
    PostRecord,
    SourceRefused,
    TagRecord,
)

POSTS = 2 * ahead.BATCH_POSTS + 3


def post(number: int) -> PostRecord:
    return PostRecord(guid=str(number), title="A", body="B", published_at=None)


def blog_of(posts: Iterator[PostRecord], count: int = ahead.MIN_POSTS) -> BlogRecord:
    return BlogRecord(posts=posts, post_count=count, tags=[TagRecord("first", "First")])


def read(blog: BlogRecord) -> list[PostRecord]:
    return [post for post, _ in ahead.of(blog, blog.posts, nothing)]


def nothing(_post: PostRecord) -> None:
    pass


def test_posts_come_in_order_and_lists_grow_with_them():
    def posts() -> Iterator[PostRecord]:
        for number in range(POSTS):
            blog.tags.append(TagRecord(str(number), "Tag"))
            yield post(number)
        blog.warnings.append(Note("the end"))

    blog = blog_of(posts())
    seen = []
    for place, (found, _) in enumerate(ahead.of(blog, blog.posts, nothing)):
        assert found == post(place)
        assert any(tag.slug == str(place) for tag in blog.tags)
        seen.append(found)
    assert len(seen) == POSTS
    assert [tag.slug for tag in blog.tags] == ["first", *map(str, range(POSTS))]
    assert blog.warnings == [Note("the end")]


def test_it_is_another_process_that_reads():
    def posts() -> Iterator[PostRecord]:
        yield post(os.getpid())

    (found,) = read(blog_of(posts()))
    assert found.guid != str(os.getpid())
    (found,) = read(blog_of(posts(), count=1))
    assert found.guid == str(os.getpid())


def test_what_is_made_of_a_post_comes_with_it():
    blog = blog_of(map(post, range(POSTS)))

    def make(found: PostRecord) -> tuple[str, int]:
        return found.guid, os.getpid()

    for found, (guid, pid) in ahead.of(blog, blog.posts, make):
        assert guid == found.guid
        assert pid != os.getpid()


def test_a_source_refused_on_the_way_is_refused_here():
    def posts() -> Iterator[PostRecord]:
        yield post(1)
        raise SourceRefused([Note("torn", "export.xml", 7)])

    with pytest.raises(SourceRefused, match="export.xml:7: torn"):
        read(blog_of(posts()))


def test_nobody_takes_half_a_source_for_a_whole_one():
    def posts() -> Iterator[PostRecord]:
        yield post(1)
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ChildProcessError):
        read(blog_of(posts()))


def test_who_stops_in_the_middle_leaves_no_process_behind():
    def posts() -> Iterator[PostRecord]:
        number = 0
        while True:
            number += 1
            yield post(number)

    blog = blog_of(posts())
    found = iter(ahead.of(blog, blog.posts, nothing))
    next(found)
    found.close()  # returns when the other has ended
