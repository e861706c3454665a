"""Whatever is renamed, moved, withdrawn or deleted: no address that was public is lost."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import page_order, publishing
from blog.models import Category, Page, Post, Tag, User
from tests.builders import at, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = at("2020-06-10 12:00")
SLUGS = st.sampled_from(["a", "b", "c"])
WHICH = st.integers(0, 2)
DAYS = st.sampled_from([-2, -1, 0, 1])
MOVES = st.one_of(
    st.tuples(st.just("slug"), WHICH, SLUGS),
    st.tuples(st.just("date"), WHICH, DAYS),
    st.tuples(st.just("author"), WHICH, WHICH),
    st.tuples(st.just("new_post"), SLUGS, WHICH),
    st.tuples(st.just("status"), WHICH, st.sampled_from(["publish", "withdraw"])),
    st.tuples(st.just("delete"), WHICH, st.booleans()),
    st.tuples(st.just("page_slug"), WHICH, SLUGS),
    st.tuples(st.just("page_put"), WHICH, WHICH, st.sampled_from(page_order.Where)),
    st.tuples(st.just("new_page"), SLUGS, WHICH),
    st.tuples(st.just("page_gone"), WHICH, st.booleans()),
    st.tuples(st.just("page_date"), WHICH, DAYS),
    st.tuples(st.just("category"), WHICH, SLUGS, st.none() | WHICH),
    st.tuples(st.just("category_gone"), WHICH),
    st.tuples(st.just("new_category"), SLUGS, st.none() | WHICH),
    st.tuples(st.just("tag"), WHICH, SLUGS),
    st.tuples(st.just("tag_gone"), WHICH),
    st.tuples(st.just("new_tag"), SLUGS),
    st.tuples(st.just("user"), WHICH, SLUGS),
    st.tuples(st.just("user_gone"), WHICH),
    st.tuples(st.just("a_day_passes")),
)


class Blog:
    """A small blog, and what people do to it; each step asks the clock anew."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.seen: set[str] = set()
        for name in ("ann", "ben"):
            make_user(name, role="Author")
        for slug in "ab":
            self.new_category(slug, None)
            self.new_tag(slug)
            self.new_post(slug, 0)
            self.new_page(slug, 0)

    def step(self, name: str, *given: object) -> None:
        getattr(self, name)(*given)
        self.seen |= self.live()

    def live(self) -> set[str]:
        posts = {post for post in Post.objects.all() if post.is_public}
        authors = {post.author for post in posts if post.author and not post.is_page}
        found = [*posts, *Category.objects.all(), *Tag.objects.all(), *authors]
        places = {thing.get_absolute_url() for thing in found}
        return places | {f"{place}feed/" for place in places}

    def one(self, rows, number: int):
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    def store(self, post: Post | None, **changes: object) -> None:
        if post is None:
            return
        for name, value in changes.items():
            setattr(post, name, value)
        publishing.save_post(post)

    # --- Posts

    def post(self, number: int) -> Post | None:
        return self.one(Post.objects.filter(kind="post"), number)

    def slug(self, number: int, slug: str) -> None:
        self.store(self.post(number), slug=slug)

    def date(self, number: int, days: int) -> None:
        self.store(
            self.post(number), published_at=timezone.now() + timedelta(days=days)
        )

    def author(self, number: int, who: int) -> None:
        self.store(self.post(number), author=self.one(User.objects, who))

    def new_post(self, slug: str, who: int) -> None:
        post = Post(slug=slug, status="published", title=slug)
        self.store(post, author=self.one(User.objects, who))

    def status(self, number: int, act: str) -> None:
        if post := self.post(number):
            getattr(publishing, act)([post])

    def delete(self, number: int, is_thrown: bool) -> None:  # noqa: FBT001
        if post := self.post(number):
            (publishing.trash if is_thrown else publishing.delete)([post])

    # --- Pages

    def page(self, number: int) -> Page | None:
        return self.one(Page.objects, number)

    def page_slug(self, number: int, slug: str) -> None:
        self.store(self.page(number), slug=slug)

    def page_put(self, number: int, target: int, where: page_order.Where) -> None:
        page, beside = self.page(number), self.page(target)
        if page and beside and page.status != "trash":
            page_order.put(page, where, beside.pk)

    def new_page(self, slug: str, above: int) -> None:
        parent = self.page(above) if above else None
        self.store(Page(slug=slug, status="published", title=slug), parent=parent)

    def page_gone(self, number: int, is_withdrawn: bool) -> None:  # noqa: FBT001
        page = self.page(number)
        try:
            if page:
                (publishing.withdraw if is_withdrawn else publishing.delete)([page])
        except ProtectedError:
            pass

    def page_date(self, number: int, days: int) -> None:
        if page := self.page(number):
            when = timezone.now() + timedelta(days=days)
            self.store(page, published_at=when, status="published")

    # --- Subjects

    def category(self, number: int, slug: str, above: int | None) -> None:
        category = self.one(Category.objects, number)
        if category is None:
            return
        others = Category.objects.exclude(pk=category.pk)
        parent = None if above is None else self.one(others, above)
        if parent and category.would_circle(parent.pk):
            return
        if not others.filter(slug=slug).exists():
            category.slug = slug
        category.parent = parent
        publishing.save_category(category)

    def new_category(self, slug: str, above: int | None) -> None:
        if not Category.objects.filter(slug=slug).exists():
            parent = None if above is None else self.one(Category.objects, above)
            publishing.save_category(Category(name=slug, slug=slug, parent=parent))

    def category_gone(self, number: int) -> None:
        category = self.one(Category.objects.filter(children=None), number)
        if category:
            publishing.delete_category(category)

    def tag(self, number: int, slug: str) -> None:
        tag = self.one(Tag.objects, number)
        if tag and not Tag.objects.filter(slug=slug).exists():
            tag.slug = slug
            publishing.save_tag(tag)

    def new_tag(self, slug: str) -> None:
        if not Tag.objects.filter(slug=slug).exists():
            name = f"{slug} {Tag.objects.count()} {timezone.now()} {len(self.seen)}"
            publishing.save_tag(Tag(name=name[:100], slug=slug))

    def tag_gone(self, number: int) -> None:
        if tag := self.one(Tag.objects, number):
            publishing.delete_tags([tag])

    def user(self, number: int, slug: str) -> None:
        user = self.one(User.objects, number)
        if not User.objects.filter(slug=slug).exists():
            user.slug = slug
            publishing.save_user(user)

    def user_gone(self, number: int) -> None:
        user = self.one(User.objects, number)
        try:
            if User.objects.count() > 1:
                publishing.delete_user(user)
        except ProtectedError:
            pass

    def a_day_passes(self) -> None:
        self.clock.shift(timedelta(days=1, minutes=1))


class AnyMove(TestCase):
    @hypothesis_settings(max_examples=40)
    @given(st.lists(MOVES, min_size=1, max_size=9))
    def test_no_address_that_was_public_is_lost(self, moves):
        with time_machine.travel(NOW, tick=False) as clock:
            blog = Blog(clock)
            blog.seen |= blog.live()
            for move in moves:
                blog.step(*move)
            live = blog.live()
            for place in sorted(blog.seen | live):
                self.check(place, is_live=place in live)

    def check(self, place: str, *, is_live: bool) -> None:
        """200; or one 301 to 200; or 410."""
        answer = self.client.get(place)
        if is_live:
            assert answer.status_code == 200, place
            return
        assert answer.status_code in (200, 301, 410), (place, answer.status_code)
        if answer.status_code == 301:
            there = self.client.get(answer["Location"])
            # An author's page is gone only as long as nothing of theirs is public.
            ends = (200, 410) if "/author/" in place else (200,)
            assert there.status_code in ends, (place, answer["Location"], there)
