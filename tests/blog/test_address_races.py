"""Two people at the same moment: both get an address, and neither an error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from blog import publishing
from blog.models import Category, Page, Post
from tests.builders import at, make_category, make_page

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite's transactions come one after the other",
    ),
]
ROUNDS = 8


@pytest.fixture(autouse=True)
def _roles_stay(django_db_serialized_rollback):
    """The groups a migration made are there again for the next test."""


def at_once(*tasks) -> list[BaseException | None]:
    """Runs the tasks in threads that start together; what each of them raised."""
    barrier = Barrier(len(tasks))

    def run(task) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [each.exception() for each in [pool.submit(run, task) for task in tasks]]


def test_two_posts_with_one_title_on_one_day_get_two_addresses():
    for day in range(1, ROUNDS + 1):
        when = at(f"2006-11-{day:02} 12:00")
        posts = [
            Post(title="Links", status="published", published_at=when) for _ in range(3)
        ]
        tasks = [lambda post=post: publishing.save_post(post) for post in posts]
        assert at_once(*tasks) == [None] * 3
        slugs = Post.objects.filter(published_on=when.date()).values_list("slug")
        assert sorted(slugs) == [("links",), ("links-2",), ("links-3",)]


def test_a_child_and_its_parent_stored_at_once_agree_on_the_path():
    about = make_page("About")
    team = make_page("Team", parent=about)
    for number in range(ROUNDS):
        parent = Page.objects.get(pk=about.pk)
        child = Page.objects.select_related("parent").get(pk=team.pk)
        parent.slug, child.title = f"about-{number}", f"Team {number}"
        tasks = [
            lambda page=page: publishing.save_post(page) for page in (child, parent)
        ]
        assert at_once(*tasks) == [None] * 2
        assert list(Page.objects.faults()) == []


@pytest.mark.parametrize("kind", ["page", "category"])
def test_two_moves_that_make_a_circle_end_in_words(client, kind):
    from django.test import Client

    from tests.builders import make_user

    make_user("alice", role="Editor")
    make = make_page if kind == "page" else make_category
    one, other = make("One"), make("Other")
    for _ in range(ROUNDS):
        type(one).objects.update(parent=None)
        tasks = []
        for below, above in ((one, other), (other, one)):
            browser = Client()
            browser.login(username="alice", password="pw")
            form = {
                "title": "T",
                "name": "N",
                "slug": below.slug,
                "body": "",
                "menu_order": 0,
                "parent": above.pk,
            }
            url = f"/admin/blog/{kind}/{below.pk}/change/"
            tasks.append(lambda b=browser, u=url, f=form: b.post(u, f))
        assert at_once(*tasks) == [None] * 2
        model = Page if kind == "page" else Category
        assert model.objects.exclude(parent=None).count() == 1
