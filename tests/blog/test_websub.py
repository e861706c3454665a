"""A hub is told of news, where one is configured."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.utils import timezone

from blog import publishing
from blog.models import Post
from tests.builders import make_category, make_page, make_post, make_user
from tests.feed_reader import FEEDS, SITE, as_json, parsed
from tests.web import answer

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


@pytest.fixture
def hub(web, settings):
    settings.SITE_URL = SITE
    settings.WEBSUB_HUB = web.url("/hub")
    web.answers["/hub"] = lambda handler: answer(handler, 204)
    return web


def told(web):
    """The addresses each request named."""
    forms = [parse_qsl(knock.body.decode()) for knock in web.knocks]
    for form in forms:
        assert form[0] == ("hub.mode", "publish")
    return [[value for name, value in form if name == "hub.url"] for form in forms]


def publish(post):
    publishing.publish([post], by=None)


def test_feeds_name_the_hub(client, hub):
    make_post()
    for address in FEEDS[:2]:
        links = parsed(client, address).feed.links
        assert hub.url("/hub") in [link.href for link in links if link.rel == "hub"]
    feed = as_json(client, "/feed/json/")
    assert feed["hubs"] == [{"type": "WebSub", "url": hub.url("/hub")}]
    # What is said below posts is told to nobody.
    assert "hub" not in client.get("/comments/feed/").text


def test_without_a_hub_nobody_is_told(client, web, run_tasks):
    post = make_post(status=Post.Status.DRAFT)
    publish(post)
    with time_machine.travel(timezone.now() + LATER):
        run_tasks()
    assert web.knocks == []
    assert 'rel="hub"' not in client.get("/feed/").text


def test_the_feeds_a_post_stands_in_are_named_once(hub, run_tasks):
    asia = make_category("Asia", parent=make_category("News"))
    post = make_post(
        status=Post.Status.DRAFT,
        categories=[asia],
        tags=["talks"],
        author=make_user("anna", role="Author"),
    )
    publish(post)
    publish(Post.objects.get(pk=post.pk))
    run_tasks()
    assert hub.knocks == []  # a while later: ten saves in a row are one
    with time_machine.travel(timezone.now() + LATER):
        run_tasks()
    (named,) = told(hub)
    lists = ["/", "/category/news/", "/category/news/asia/", "/tag/talks/"]
    lists.append("/author/anna-writes/")
    assert sorted(named) == sorted(
        f"{SITE}{place}feed/{form}"
        for place in lists
        for form in ("", "atom/", "json/")
    )


def test_a_scheduled_post_is_told_of_when_it_appears(hub, run_tasks):
    post = make_post(
        status=Post.Status.DRAFT, published_at=timezone.now() + timedelta(days=1)
    )
    publish(post)
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        run_tasks()
        assert hub.knocks == []
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        run_tasks()
    assert len(told(hub)) == 1


def test_a_hub_that_fails_is_told_again(hub, run_tasks):
    hub.answers["/hub"] = lambda handler: answer(handler, 503)
    publish(make_post(status=Post.Status.DRAFT))
    with time_machine.travel(timezone.now() + LATER):
        run_tasks()
    hub.answers["/hub"] = lambda handler: answer(handler, 202)
    with time_machine.travel(timezone.now() + 2 * LATER):
        run_tasks()
    first, second = told(hub)
    assert first == second


def test_a_page_is_in_no_feed(hub, run_tasks):
    publish(make_page("About", status=Post.Status.DRAFT))
    with time_machine.travel(timezone.now() + LATER):
        run_tasks()
    assert hub.knocks == []
