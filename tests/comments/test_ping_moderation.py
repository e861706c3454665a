"""Pings and moderation: what holds one, what stops one, and what the moderator sees."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from blog.models import Post, SiteSettings
from comments.models import Comment, IncomingPing, Rule
from comments.pings import receive, verify
from comments.posting import post_comment
from comments.submission import Submission
from tests.builders import make_comment, make_post, make_received_ping
from tests.web import answer

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
APPROVED, PENDING, TRASH = (
    Comment.State.APPROVED,
    Comment.State.PENDING,
    Comment.State.TRASH,
)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org", "testserver"]


@pytest.fixture
def tell(web):
    """A page at `path` that links to the post tells of it; the response."""

    def tell(
        post: Post, path="/about", title="About the talks", words="I read"
    ) -> Comment:
        target = HOME + post.get_absolute_url()
        body = f'<title>{title}</title><p>{words} <a href="{target}">this</a>.</p>'
        web.answers[path] = body.encode()
        url = web.url(path)
        ping = receive.take("webmention", url, target, address="192.0.2.7")
        verify.look_at(ping.pk)
        return IncomingPing.objects.get(pk=ping.pk).comment

    return tell


def test_the_first_from_a_host_is_held(tell):
    comment = tell(make_post())
    assert comment.state == PENDING
    assert comment.reasons == ["held: nothing from 127.0.0.1 was approved before"]


def test_the_next_from_a_host_is_shown_once_one_was_approved(tell):
    held = tell(make_post())
    assert tell(make_post(), "/second").state == PENDING
    Comment.objects.filter(pk=held.pk).update(state=APPROVED)
    assert tell(make_post(), "/third").state == APPROVED


def test_an_approved_comment_speaks_for_no_host(tell, web):
    make_comment(make_post(), author_url=web.url("/"), ip_address="192.0.2.7")
    assert tell(make_post()).state == PENDING


def test_another_host_speaks_for_no_one(tell):
    other = make_comment(
        make_post(), kind="webmention", source_url="https://a.example/"
    )
    make_received_ping(other.post, source_host="a.example", comment=other)
    assert tell(make_post()).state == PENDING


def test_a_switch_holds_every_ping(tell):
    SiteSettings(hold_first=False, hold_pings=True).save()
    comment = tell(make_post())
    assert comment.state == PENDING
    assert comment.reasons == ["held: the settings hold every ping"]


def test_the_switch_holds_no_comments(client):
    SiteSettings(hold_first=False, hold_pings=True, proof_of_work="never").save()
    typed = {"body": "Hm.", "author_name": "A", "author_email": "a@r.example"}
    client.post(f"/comments/reply/{make_post().pk}/", typed)
    assert Comment.objects.get().state == APPROVED


@pytest.mark.parametrize(
    ("setting", "state"), [("held_words", PENDING), ("disallowed_words", TRASH)]
)
@pytest.mark.parametrize("where", ["title", "words"])
def test_words_are_looked_for_in_title_and_excerpt(tell, setting, state, where):
    SiteSettings(hold_first=False, **{setting: "casino"}).save()
    assert tell(make_post(), **{where: "The best casino"}).state == state


def test_a_blocked_domain_is_that_of_the_page():
    SiteSettings(hold_first=False).save()
    url = "https://news.cheap.example/1"
    Rule.objects.create(trait="domain", value="cheap.example")
    post = make_post()
    said = Submission(
        body="[…] x […]",
        kind="webmention",
        source_url=url,
        author_url="https://anna.example/",
    )
    assert post_comment(post, said).state == TRASH


def test_nothing_that_is_asked_of_visitors_is_asked_of_a_page(tell):
    SiteSettings(
        hold_first=False, registered_only=True, proof_of_work="always", hold_links=0
    ).save()
    post = make_post(comments_open=False)
    # Four in one moment, from one address, in the same words.
    said = [tell(post, f"/{number}").state for number in range(4)]
    assert said == [APPROVED] * 4


def test_a_page_may_link_to_two_posts_in_one_breath(tell):
    SiteSettings(hold_first=False).save()
    words = "In the last days I have read two things, of which one is"
    assert tell(make_post(), words=words).state == APPROVED
    assert tell(make_post(), "/b", words=words).state == APPROVED


def test_where_pings_closed_meanwhile_none_is_stored(web):
    post = make_post()
    target = HOME + post.get_absolute_url()
    web.answers["/about"] = f'<a href="{target}">this</a>'.encode()
    ping = receive.take("webmention", web.url("/about"), target, address=None)
    Post.objects.filter(pk=post.pk).update(pings_open=False)
    verify.look_at(ping.pk)
    ping.refresh_from_db()
    assert (ping.state, ping.reason) == ("refused", "This takes no pings.")
    assert not Comment.objects.exists()


def test_a_storm_of_pings_asks_no_reader_for_a_proof(client):
    post = make_post()
    for number in range(30):
        make_comment(
            post,
            kind="webmention",
            state=PENDING,
            source_url=f"https://a.example/{number}",
            created_at=timezone.now() - timedelta(minutes=1),
        )
    typed = {"body": "Hm.", "author_name": "A", "author_email": "a@r.example"}
    answered = client.post(f"/comments/reply/{post.pk}/", typed)
    assert answered.status_code in (302, 303)
    assert Comment.objects.filter(kind="comment").exists()


def test_the_moderator_is_told_what_links_here(tell, alice, run_tasks):
    tell(make_post("Talks"), title="What came of it")
    run_tasks()
    [message] = mail.outbox
    assert message.to == [alice.email]
    assert "What came of it" in message.body
    assert "/about" in message.body
    assert "I read this." in message.body
    assert "nothing from 127.0.0.1 was approved before" in message.body


def test_the_queue_shows_page_title_and_excerpt(tell, client, alice):
    tell(make_post("Talks"), title="What came of it")
    client.force_login(alice)
    page = client.get("/admin/comments/comment/?state=pending").content.decode()
    assert "What came of it" in page
    assert "I read this." in page
    assert "/about" in page
    assert "Block the domain 127.0.0.1" in page


def test_a_page_that_says_nothing_is_still_a_response(web):
    SiteSettings(hold_first=False).save()
    post = make_post()
    target = HOME + post.get_absolute_url()
    web.answers["/about"] = lambda handler: answer(
        handler, body=f'<img src="{target}">'.encode(), Content_Type="text/html"
    )
    ping = receive.take("webmention", web.url("/about"), target, address=None)
    verify.look_at(ping.pk)
    ping.refresh_from_db()
    assert ping.comment.is_approved
