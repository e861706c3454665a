"""A post's links become rows, and the rows follow the post."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog import html_text, markup, publishing
from blog.models import Post, SiteSettings
from blog.transfer.load import Loader
from blog.transfer.records import BlogRecord, PostRecord, Report
from blog.transfer.terms import Terms
from comments.models import OutgoingPing
from comments.pings import follow
from tests.builders import at, make_post
from tests.neighbour import Neighbour

pytestmark = pytest.mark.django_db
State = OutgoingPing.State
Status = Post.Status


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.PING_UPDATE_SECONDS = 0


@pytest.fixture
def neighbour(web) -> Neighbour:
    return Neighbour(web)


@pytest.fixture
def published(run_tasks):
    """Write a post that links to these pages, publish it, and let the worker work."""

    def publish(*urls: str, **fields) -> Post:
        post = make_post(body=linking(*urls), status=Status.DRAFT, **fields)
        publishing.publish([post])
        run_tasks()
        return post

    return publish


@pytest.fixture
def edited(run_tasks):
    def edit(post: Post, **changes) -> None:
        post.refresh_from_db()
        for name, value in changes.items():
            setattr(post, name, value)
        publishing.save_post(post)
        run_tasks()

    return edit


def linking(*urls: str) -> str:
    links = "".join(f'<a href="{url}">there</a> ' for url in urls)
    return f"<p>As they say {links}</p>"


def source(post: Post) -> str:
    return f"http://127.0.0.1:8000{post.get_absolute_url()}"


def rows() -> dict[str, str]:
    return {ping.target_url: ping.state for ping in OutgoingPing.objects.all()}


# --- Which pages --------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ('<a href="https://a.example/">a</a>', ["https://a.example/"]),
        ('<a title="<a href=x>" href="https://a.example/">', ["https://a.example/"]),
        ('<a title=" href=" href="https://a.example/">', ["https://a.example/"]),
        ('<a href="https://a.example/?b=1&amp;c=2">', ["https://a.example/?b=1&c=2"]),
        ('<a href="http://a.example/"><a href="http://a.example/">',) * 1
        + (["http://a.example/"],),
        ('<a name="x">', []),
        ('<a href="mailto:a@b.example"><a href="/here/"><a href="#x">', []),
        ('<abbr title="x"></a><img src="http://a.example/">', []),
        ("&lt;a href=&quot;http://a.example/&quot;&gt;", []),
        ('<a href="https://[x/">', []),
    ],
)
def test_links_are_found_in_rendered_html(html, links):
    assert html_text.links_in(markup.render_post(html)) == links


def test_other_addresses_are_read_from_where_they_stand():
    html = '<a href="/b/"><a href="c/"><a href="c/#d"><a href="mailto:x@y.example">'
    found = html_text.links_in(html, "https://a.example/a/")
    assert found == [f"https://a.example/{path}" for path in ("b/", "a/c/", "a/c/#d")]


def test_links_within_the_page_lead_nowhere_else():
    html = '<a href="#fn-1">1</a> <a href="https://b.example/#x">x</a>'
    assert html_text.links_in(html, "https://a.example/a/") == ["https://b.example/#x"]


def test_publishing_tells_each_page_once(published, neighbour, run_tasks):
    first, second = neighbour.page("/one/"), neighbour.page("/two/")
    post = published(first, second, first)
    run_tasks()
    assert neighbour.told == [("/one/", source(post)), ("/two/", source(post))]
    assert rows() == {first: State.SENT, second: State.SENT}


def test_links_that_differ_in_fragments_are_one_page(published, neighbour):
    page = neighbour.page("/one/")
    published(f"{page}#a", f"{page}#b", page)
    assert list(rows()) == [f"{page}#a"]


def test_links_to_this_blog_tell_nobody(published):
    post = make_post()
    published(f"http://127.0.0.1:8000{post.get_absolute_url()}", "/2006/", "#top")
    assert rows() == {}


def test_a_post_tells_so_many_pages_and_says_of_the_others(
    published, edited, neighbour, monkeypatch
):
    monkeypatch.setattr(follow, "MAX_PAGES", 2)
    urls = [neighbour.page(f"/{number}/") for number in range(5)]
    post = published(*urls)
    assert list(rows()) == urls[2::-1]
    left = OutgoingPing.objects.get(target_url=urls[2])
    assert left.state == State.REFUSED
    assert "links to 3 more" in left.reason
    edited(post, title="Another title")
    assert set(rows()) == set(urls[:3])
    edited(post, body=linking(*urls[1:3]))
    assert set(rows()) == set(urls[:3])
    assert set(rows().values()) == {State.SENT}


def test_addresses_for_trackbacks_are_told_once(published, edited, neighbour):
    named = [neighbour.trackback("/tb/1"), neighbour.trackback("/tb/2")]
    post = published(trackback_urls="\n".join([*named, "", "no address"]))
    edited(post, title="Another title")
    publishing.withdraw([post])
    assert neighbour.paths() == ["/tb/1", "/tb/2"]


# --- When it changes ----------------------------------------------------------


def test_a_change_is_told_to_all_and_a_save_without_one_to_nobody(
    published, edited, neighbour
):
    post = published(neighbour.page("/one/"))
    edited(post)
    assert neighbour.paths() == ["/one/"]
    edited(post, title="Another title")
    assert neighbour.paths() == ["/one/"] * 2


def test_a_new_link_and_one_that_was_taken_away_are_both_told(
    published, edited, neighbour
):
    one, two = neighbour.page("/one/"), neighbour.page("/two/")
    post = published(one)
    edited(post, body=linking(two))
    assert neighbour.paths() == ["/one/", "/one/", "/two/"]
    edited(post, body=linking(two) + "<p>And more.</p>")
    assert neighbour.paths()[3:] == ["/two/"]
    gone = OutgoingPing.objects.get(target_url=one)
    assert (gone.state, gone.reason) == (
        State.SENT,
        "It was told that the link is gone",
    )


def test_a_link_that_was_taken_away_before_it_was_told_is_forgotten(
    neighbour, run_tasks
):
    post = make_post(body=linking(neighbour.page("/one/")))
    publishing.save_post(post)
    follow.look_at(post.pk)
    assert list(rows().values()) == [State.WAITING]
    post.body = "<p>Nothing.</p>"
    publishing.save_post(post)
    run_tasks()
    assert rows() == {}
    assert neighbour.told == []


@pytest.mark.parametrize("act", [publishing.withdraw, publishing.trash])
def test_what_is_taken_back_is_told_and_then_its_address_answers_410(
    published, neighbour, client, run_tasks, act
):
    post = published(neighbour.page("/one/"))
    act([post])
    assert client.get(post.get_absolute_url()).status_code == 410
    run_tasks()
    assert neighbour.told == [("/one/", source(post))] * 2
    publishing.publish([post])
    assert client.get(post.get_absolute_url()).status_code == 200
    run_tasks()
    assert neighbour.told == [("/one/", source(post))] * 3


def test_what_was_deleted_before_it_was_told_of_is_told_all_the_same(
    published, neighbour, run_tasks
):
    post = published(neighbour.page("/one/"))
    told = source(post)
    publishing.trash([post])
    publishing.delete([post])
    run_tasks()
    run_tasks()
    assert neighbour.told == [("/one/", told)] * 2
    assert OutgoingPing.objects.get().post is None


def test_of_a_deleted_post_nobody_heard_of_nothing_is_left(neighbour, run_tasks):
    post = make_post(body=linking(neighbour.page("/one/")))
    publishing.save_post(post)
    follow.look_at(post.pk)
    publishing.delete([post])
    run_tasks()
    assert rows() == {}
    assert neighbour.told == []


def test_behind_a_password_nothing_is_told_and_nothing_taken_back(
    published, edited, neighbour
):
    one, two = neighbour.page("/one/"), neighbour.page("/two/")
    post = published(one)
    edited(post, password="tea", body=linking(one, two))
    assert neighbour.paths() == ["/one/"]
    assert rows() == {one: State.SENT}
    edited(post, password="")
    assert sorted(neighbour.paths()[1:]) == ["/one/", "/two/"]


def test_the_address_it_was_told_with_stays(published, edited, neighbour):
    post = published(
        neighbour.page("/one/"), slug="before", published_at=at("2006-11-30")
    )
    told = source(post)
    edited(post, slug="after", title="Another title")
    assert neighbour.told == [("/one/", told)] * 2


def test_who_takes_no_pings_is_asked_again_weekly_at_most(
    published, edited, web, time_machine
):
    time_machine.move_to("2026-11-20 12:00Z")
    web.answers["/quiet/"] = b"<p>Nothing here.</p>"
    post = published(web.url("/quiet/"))
    assert rows() == {web.url("/quiet/"): State.SILENT}
    edited(post, title="Another title")
    assert len(web.knocks) == 1
    time_machine.move_to("2026-11-28 12:00Z")
    edited(post, title="A third title")
    assert len(web.knocks) == 2


def test_who_refused_is_not_asked_again(published, edited, neighbour):
    neighbour.status = 400
    page = neighbour.page("/one/")
    post = published(page)
    assert rows() == {page: State.REFUSED}
    neighbour.status = 202
    edited(post, title="Another title")
    assert neighbour.told == []


def test_many_saves_in_a_row_are_one_update_and_what_is_new_goes_out_at_once(
    published, edited, neighbour, run_tasks, settings, time_machine
):
    settings.PING_UPDATE_SECONDS = 60
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    one, two = neighbour.page("/one/"), neighbour.page("/two/")
    post = published(one)
    assert neighbour.paths() == ["/one/"]
    for number in range(10):
        edited(post, title=f"Title {number}", body=linking(one, two))
    assert neighbour.paths() == ["/one/", "/two/"]
    time_machine.move_to("2026-11-20 12:01:01Z", tick=False)
    run_tasks()
    assert sorted(neighbour.paths()[2:]) == ["/one/", "/two/"]
    time_machine.move_to("2026-11-20 12:10Z", tick=False)
    run_tasks()
    assert len(neighbour.paths()) == 4


def test_what_was_changed_and_changed_back_within_a_minute_is_no_news(
    published, edited, neighbour, run_tasks, settings, time_machine
):
    settings.PING_UPDATE_SECONDS = 60
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    page = neighbour.page("/one/")
    post = published(page, title="Tea")
    edited(post, title="Te")
    edited(post, title="Tea")
    time_machine.move_to("2026-11-20 12:02Z", tick=False)
    run_tasks()
    assert neighbour.paths() == ["/one/"]
    assert rows() == {page: State.SENT}


def test_what_is_taken_back_is_told_at_once(published, neighbour, run_tasks, settings):
    settings.PING_UPDATE_SECONDS = 3600
    post = published(neighbour.page("/one/"))
    publishing.withdraw([post])
    run_tasks()
    assert neighbour.paths() == ["/one/"] * 2


# --- When it is public --------------------------------------------------------


def test_a_scheduled_post_is_told_when_it_appears(
    published, neighbour, run_tasks, time_machine
):
    time_machine.move_to("2026-11-20 12:00Z")
    post = published(
        neighbour.page("/one/"), published_at=timezone.now() + timedelta(hours=1)
    )
    assert rows() == {}
    time_machine.move_to("2026-11-20 13:00:01Z")
    run_tasks()
    assert neighbour.told == [("/one/", source(post))]


def test_a_scheduled_post_that_was_put_off_is_told_then(
    published, edited, neighbour, run_tasks, time_machine
):
    time_machine.move_to("2026-11-20 12:00Z")
    now = timezone.now()
    post = published(neighbour.page("/one/"), published_at=now + timedelta(hours=1))
    edited(post, published_at=now + timedelta(hours=3))
    time_machine.move_to("2026-11-20 14:00Z")
    run_tasks()
    assert rows() == {}
    time_machine.move_to("2026-11-20 15:00:01Z")
    run_tasks()
    assert neighbour.told == [("/one/", source(post))]


def test_a_scheduled_post_that_became_a_draft_tells_nobody(
    published, neighbour, run_tasks, time_machine
):
    time_machine.move_to("2026-11-20 12:00Z")
    post = published(
        neighbour.page("/one/"), published_at=timezone.now() + timedelta(hours=1)
    )
    publishing.withdraw([post])
    time_machine.move_to("2026-11-20 14:00Z")
    run_tasks()
    assert rows() == {}


# --- What costs nothing -------------------------------------------------------


def test_nothing_is_enqueued_where_there_is_nothing_to_tell():
    page = linking("https://elsewhere.example/")
    publishing.save_post(make_post(body=page, status=Status.DRAFT))
    publishing.save_post(make_post(body="<p>No link.</p>"))
    publishing.save_post(make_post(body=page, sends_pings=False))
    publishing.save_post(make_post(body=page, password="tea"))
    SiteSettings(sends_pings=False).save()
    publishing.save_post(make_post(body=page))
    assert not DBTaskResult.objects.exists()


def test_looking_where_nothing_changed_writes_nothing(published, neighbour):
    post = published(neighbour.page("/one/"))
    with CaptureQueriesContext(connection) as queries:
        follow.look_at(post.pk)
    said = " ".join(query["sql"] for query in queries)
    assert "INSERT" not in said
    assert "told_key" in said


# --- What was imported --------------------------------------------------------


def imported(url: str) -> Post:
    record = PostRecord("urn:tea", "Tea", linking(url), at("2006-11-30"))
    report = Report()
    loader = Loader(Terms(BlogRecord(), report), report)
    return loader.load([record])["urn:tea"]


def test_what_was_imported_tells_nobody_until_its_author_wants_it(
    neighbour, edited, run_tasks
):
    post = imported(neighbour.page("/one/"))
    assert not DBTaskResult.objects.exists()
    edited(post, title="Another title")
    assert not DBTaskResult.objects.exists()
    assert neighbour.web.knocks == []
    edited(post, sends_pings=True)
    assert neighbour.told == [("/one/", source(post))]


def test_the_documents_tell_nobody(db):
    call_command("loaddata", "documents", verbosity=0)
    assert not DBTaskResult.objects.exists()
    assert not Post.objects.filter(sends_pings=True).exists()
    for post in Post.objects.all():
        publishing.save_post(post)
    assert not DBTaskResult.objects.exists()
