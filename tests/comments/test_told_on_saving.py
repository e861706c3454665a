"""Who saves a post reads at once how many pages are told of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from blog.models import Post, SiteSettings
from comments.models import OutgoingPing
from comments.pings import follow
from tests.builders import make_post, make_sent_ping
from tests.web import answer

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/post/add/"


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.PING_UPDATE_SECONDS = 0


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def peer(web):
    """A blog with a page that takes webmentions, and one that takes nothing."""
    web.answers["/page"] = b'<link rel="webmention" href="/told">'
    web.answers["/none"] = b"<p>Nothing to tell.</p>"
    web.answers["/told"] = lambda handler: answer(handler, 202)
    return web


def links(*urls):
    return "".join(f'<p><a href="{url}">there</a></p>' for url in urls)


def form(body, **fields):
    values = {"title": "Talks", "slug": "talks", "published_at": "", "tags": ""}
    return values | {"body": body, "sends_pings": "on"} | fields


def save(editor, body, button="_save", **fields):
    """What is said of it, and where its link leads, if it has one besides the post's."""
    post = Post.objects.first()
    path = reverse("admin:blog_post_change", args=[post.pk]) if post else ADD
    if post and post.published_at:
        local = timezone.localtime(post.published_at)
        fields = {"published_at": f"{local:%Y-%m-%dT%H:%M}"} | fields
    page = editor.post(path, form(body, **fields) | {button: "1"}, follow=True)
    said = LexborHTMLParser(page.text).css_first(".messagelist .success")
    link = said.css_first('a[href^="#"]')
    if link:
        assert page.text.count(f'id="{link.attributes["href"][1:]}"') == 1
    return " ".join(said.text().split())


def test_it_says_how_many_are_told_each_time(editor, peer, run_tasks):
    both = links(peer.url("/page"), peer.url("/none"))
    said = save(editor, both, "_publish")
    assert said == "“Talks” is published. 2 pages are told of it."
    run_tasks()
    assert save(editor, both) == "“Talks” is updated."
    said = save(editor, both + "<p>More.</p>")
    assert said == "“Talks” is updated. 1 page is told of it."
    run_tasks()
    said = save(editor, both + "<p>More.</p>", "_draft")
    assert said == "“Talks” is saved as a draft. 1 page is told of it."
    run_tasks()
    assert [knock.path for knock in peer.knocks].count("/told") == 3


def test_what_waits_for_a_moment_is_told_of_all_the_same(
    editor, peer, run_tasks, settings
):
    settings.PING_UPDATE_SECONDS = 3600
    body = links(peer.url("/page"))
    save(editor, body, "_publish")
    run_tasks()
    for words in ("More.", "Yet more."):
        said = save(editor, body + f"<p>{words}</p>")
        run_tasks()
        assert said == "“Talks” is updated. 1 page is told of it."


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "<p>No link.</p>"},
        {"sends_pings": ""},
        {"password": "secret"},
        {"published_at": "2999-03-01T09:30"},
    ],
)
def test_where_nobody_is_told_it_says_nothing_of_it(editor, fields):
    body = fields.pop("body", links("https://there.example/"))
    assert "told" not in save(editor, body, "_publish", **fields)


def test_a_blog_that_tells_nobody_says_nothing_of_it(editor):
    SiteSettings(sends_pings=False).save()
    assert "told" not in save(editor, links("https://there.example/"), "_publish")


def test_who_is_told_tomorrow_is_not_told_now(editor):
    url = "https://there.example/"
    post = make_post("Talks", slug="talks", body=links(url))
    later = timezone.now() + timedelta(days=1)
    ping = make_sent_ping(post, target_url=url, due_at=later, attempts=1)
    assert "told" not in save(editor, links(url) + "<p>More.</p>")
    OutgoingPing.objects.filter(pk=ping.pk).update(due_at=timezone.now())
    assert "1 page is told of it." in save(editor, links(url) + "<p>Yet more.</p>")


def test_no_more_are_counted_than_are_told(editor, monkeypatch):
    monkeypatch.setattr(follow, "MAX_PAGES", 3)
    body = links(*(f"https://blog{number}.example/" for number in range(5)))
    assert "3 pages are told of it." in save(editor, body, "_publish")
    follow.look_at(Post.objects.get().pk)
    assert OutgoingPing.objects.filter(state=OutgoingPing.State.WAITING).count() == 3
