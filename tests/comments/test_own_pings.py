"""A link to another post of this blog makes a pingback there, where that is wanted."""

import pytest
from django.conf import settings as project

from blog import publishing
from blog.models import Post, SiteSettings
from comments import posting
from comments.models import Comment, IncomingPing, OutgoingPing
from tests.builders import at, make_comment, make_post

pytestmark = pytest.mark.django_db
State = Comment.State
PATH = "/2006/11/29/target/"


@pytest.fixture(autouse=True)
def _wanted(db):
    SiteSettings(pings_itself=True, title="Our blog").save()


@pytest.fixture
def target(alice) -> Post:
    return make_post(
        "Target", slug="target", author=alice, published_at=at("2006-11-29")
    )


@pytest.fixture
def save(run_tasks):
    def save(post: Post, **changes) -> Post:
        if post.pk:
            post.refresh_from_db()
        for name, value in changes.items():
            setattr(post, name, value)
        publishing.save_post(post)
        run_tasks()
        return post

    return save


@pytest.fixture
def written(alice, save):
    def write(url: str = PATH, **fields) -> Post:
        body = f'<p>Before it comes <a href="{url}">the target</a>, and after.</p>'
        values = {"title": "Source", "author": alice, "slug": "source", "body": body}
        values |= {"status": "published", "published_at": at("2006-11-30")}
        return save(Post(**(values | fields)))

    return write


def pings(post: Post) -> list[Comment]:
    return list(post.comments.filter(state=State.APPROVED))


@pytest.mark.parametrize(
    "url", [PATH, "/2006/11/29/target", f"{project.SITE_URL}{PATH}#comment-1"]
)
def test_a_link_to_another_post_makes_a_pingback_there(target, written, client, url):
    written(url)
    (ping,) = pings(target)
    assert (ping.kind, ping.source_title) == (Comment.Kind.PINGBACK, "Source")
    assert ping.source_url == f"{project.SITE_URL}/2006/11/30/source/"
    assert (ping.source_site, ping.writer) == ("Our blog", "Alice")
    assert ping.body == "[…] Before it comes the target, and after. […]"
    assert "Source" in client.get(PATH).text
    assert not OutgoingPing.objects.exists()


def test_no_settings_no_pingback(target, written):
    SiteSettings(pings_itself=False).save()
    written()
    assert not Comment.objects.exists()


def test_it_is_made_where_other_blogs_are_told_nothing(target, written):
    SiteSettings(pings_itself=True, sends_pings=False).save()
    written()
    assert len(pings(target)) == 1


def test_however_often_it_is_saved_there_is_one(target, written, save):
    source = written()
    save(source, title="Another title")
    save(source, slug="elsewhere")
    assert Comment.objects.count() == 1


def test_it_says_what_its_post_says_now(target, written, save):
    source = written()
    body = source.body.replace("Before it comes", "Long before it comes")
    save(source, title="Another title", body=body)
    (ping,) = pings(target)
    assert (ping.source_title, ping.edited_at is not None) == ("Another title", True)
    assert ping.body == "[…] Long before it comes the target, and after. […]"
    seen = ping.edited_at
    save(source)
    assert pings(target)[0].edited_at == seen


def test_it_goes_with_its_link_and_comes_back_with_it(target, written, save):
    source = written()
    linking = source.body
    save(source, body="<p>No link.</p>")
    assert pings(target) == []
    assert IncomingPing.objects.get().state == IncomingPing.State.GONE
    save(source, body=linking)
    assert len(pings(target)) == 1


@pytest.mark.parametrize("act", [publishing.withdraw, publishing.trash])
def test_it_goes_with_its_post_and_comes_back_with_it(target, written, run_tasks, act):
    source = written()
    act([source])
    run_tasks()
    assert pings(target) == []
    publishing.publish([source])
    run_tasks()
    assert len(pings(target)) == 1


def test_it_goes_where_its_post_is_deleted(target, written, run_tasks):
    publishing.delete([written()])
    run_tasks()
    assert pings(target) == []


def test_what_is_said_behind_a_password_is_not_said_elsewhere(target, written, save):
    source = written()
    save(source, password="tea")
    assert pings(target) == []


def test_what_a_moderator_removed_stays_removed(target, written, save):
    source = written()
    posting.decide(pings(target), State.SPAM, "test")
    save(source, title="Another title")
    assert pings(target) == []


def test_once_made_it_follows_its_link_whatever_the_settings(target, written, save):
    source = written()
    SiteSettings(pings_itself=False).save()
    save(source, title="Another title")
    assert len(pings(target)) == 1
    save(source, body="<p>No link.</p>")
    assert pings(target) == []


def test_one_that_came_with_an_import_is_not_doubled(target, written):
    here = f"{project.SITE_URL}/2006/11/30/source/"
    make_comment(target, kind=Comment.Kind.PINGBACK, source_url=here)
    written()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("what", [{"pings_open": False}, {"status": "draft"}])
def test_a_post_that_takes_none_gets_none(target, written, what):
    Post.objects.filter(pk=target.pk).update(**what)
    written()
    assert not Comment.objects.exists()
    assert not IncomingPing.objects.exists()


def test_a_link_to_itself_is_none(written):
    written("/2006/11/30/source/")
    assert not Comment.objects.exists()


def test_of_somebody_elses_link_the_moderators_are_asked(target, written, bob):
    written(author=bob)
    assert Comment.objects.get().state == State.PENDING


def test_an_imported_post_makes_none(target, written):
    written(sends_pings=False)
    assert not Comment.objects.exists()
