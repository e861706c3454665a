from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog.models import SiteSettings
from comments.models import Comment
from config import chores
from tests.builders import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
FORM = {
    "body": "I doubt it.",
    "author_name": "PatternRec",
    "author_email": "pattern@example.org",
}


@pytest.fixture
def post(db):
    return make_post("Talks")


@pytest.fixture
def reply(client, post):
    def send(**changes):
        data = {
            key: value for key, value in (FORM | changes).items() if value is not None
        }
        return client.post(
            f"/comments/reply/{post.pk}/",
            data,
            headers={"sec-fetch-site": "same-origin"},
        )

    return send


def test_a_first_comment_is_held_and_its_writer_sees_it(client, post, reply):
    response = reply()
    comment = Comment.objects.get()
    assert comment.state == Comment.State.PENDING
    assert comment.reasons == ["held: no earlier comment of this writer was approved"]
    shown = client.get(response["Location"])
    assert "Waiting for the author’s approval" in shown.text
    assert "I doubt it." in shown.text
    assert "I doubt it." not in client.get(post.get_absolute_url()).text


def test_nobody_sees_a_held_comment_with_a_forged_token(client, post, reply):
    reply()
    pk = Comment.objects.get().pk
    for token in (str(pk), f"{pk}:x", "", f"{pk}:" + "a" * 43):
        page = client.get(post.get_absolute_url(), {"own": token})
        assert "I doubt it." not in page.text


def test_who_was_approved_before_is_shown_at_once(client, post, reply):
    make_comment(post, author_name="PatternRec", author_email="Pattern@example.org")
    response = reply()
    assert Comment.objects.latest("pk").is_approved
    assert "I doubt it." in client.get(response["Location"]).text
    post.refresh_from_db()
    assert post.comment_count == 2


def test_an_approved_address_under_another_name_is_held(post, reply):
    make_comment(post, author_name="PatternRec", author_email="pattern@example.org")
    reply(author_name="An impostor")
    assert Comment.objects.latest("pk").state == Comment.State.PENDING


def test_a_reply_without_javascript_goes_under_what_it_answers(client, post, reply):
    root = make_comment(post)
    page = client.get(f"{post.get_absolute_url()}?replytocom={root.pk}").text
    assert f'name="parent" value="{root.pk}"' in page
    reply(parent=root.pk)
    assert Comment.objects.latest("pk").parent == root


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": ""}, "There is no text in your comment yet."),
        ({"body": "   \n"}, "There is no text in your comment yet."),
        ({"author_name": ""}, "Please give a name"),
        ({"author_name": "\u202e\u200b"}, "Please give a name"),
        ({"author_email": ""}, "Please give an e-mail address"),
        ({"author_email": "nobody"}, "does not look like an e-mail address"),
        ({"author_url": "javascript:alert(1)"}, "does not look like an address"),
        ({"author_url": "ftp://example.org"}, "Only addresses of the web"),
        ({"body": "é" * 40_000}, "80,000 bytes"),
        ({"author_name": "n" * 246}, "at most 245 characters"),
        ({"parent": "x"}, "could not be told"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(reply, changes, sentence):
    response = reply(**changes)
    assert response.status_code == (413 if "bytes" in sentence else 400)
    assert sentence in response.text
    kept = FORM | changes
    assert kept["author_name"] in response.text
    assert kept["body"].strip()[:100] in response.text
    assert not Comment.objects.exists()


def test_names_cannot_turn_the_text_around_them(reply):
    reply(author_name="\u202eevil\u2066")
    assert Comment.objects.get().author_name == "evil"


@pytest.mark.parametrize(
    ("site", "fields", "sentence"),
    [
        ({}, {"comments_open": False}, "Comments are closed."),
        (
            {"close_after_days": 14},
            {"published_at": timezone.now() - timedelta(days=15)},
            "Comments closed 14 days after",
        ),
        ({"registered_only": True}, {}, "Only readers who are logged in"),
    ],
)
def test_a_closed_post_says_why(client, post, reply, site, fields, sentence):
    SiteSettings(**site).save()
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()
    response = reply()
    assert response.status_code == 403
    assert "I doubt it." in response.text
    assert sentence in client.get(post.get_absolute_url()).text
    assert not Comment.objects.exists()


def test_saying_the_same_twice_is_a_conflict(reply):
    reply()
    response = reply()
    assert response.status_code == 409
    assert "exactly this here already" in response.text
    assert Comment.objects.count() == 1


def test_writing_too_fast_is_slowed_down(reply, time_machine):
    time_machine.move_to(timezone.now())
    reply()
    response = reply(body="And another thing.")
    assert response.status_code == 429
    assert "wait 15 seconds" in response.text
    assert "And another thing." in response.text
    time_machine.shift(timedelta(seconds=16))
    assert reply(body="And another thing.").status_code == 302


@pytest.mark.parametrize("state", ["pending", "spam", "trash"])
def test_the_author_cannot_answer_what_is_not_shown_either(
    client, alice, post, reply, state
):
    """Somebody took it away while alice wrote: her answer would hang on nothing."""
    type(post).objects.update(author=alice)
    client.force_login(alice)
    removed = make_comment(post, state=state)
    response = reply(parent=removed.pk)
    assert response.status_code == 403
    assert "I doubt it.</textarea>" in response.text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("state", ["pending", "spam", "trash"])
def test_what_is_not_visible_cannot_be_answered(post, reply, state):
    hidden = make_comment(post, state=state)
    response = reply(parent=hidden.pk)
    assert response.status_code == 403
    assert "not there any more" in response.text
    # Sent again, it is a comment.
    assert 'name="parent" value="" disabled' in response.text


def test_a_comment_of_another_post_cannot_be_answered_here(reply):
    assert reply(parent=make_comment(make_post()).pk).status_code == 403


def test_replies_deeper_than_the_limit_become_siblings(post, reply, time_machine):
    SiteSettings(thread_depth=2, hold_first=False).save()
    root = make_comment(post)
    child = make_comment(post, parent=root)
    reply(parent=child.pk)
    assert Comment.objects.latest("pk").parent == root


def test_a_logged_in_reader_need_not_say_who_they_are(client, post, bob, reply):
    client.force_login(bob)
    assert "writing as Bob" in client.get(post.get_absolute_url()).text
    reply(author_name=None, author_email=None)
    comment = Comment.objects.get()
    assert (comment.author, comment.author_name) == (bob, "Bob")


def test_the_author_is_marked_and_shown_at_once(client, reply, post):
    author = make_user("dmitri", role="Author")
    post.author = author
    post.save()
    client.force_login(author)
    response = reply(author_name=None, author_email=None)
    page = client.get(response["Location"]).text
    assert "is-author" in page


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver"}, 302),
        ({"sec-fetch-site": "same-origin"}, 302),
        ({}, 302),
    ],
)
def test_forms_of_other_sites_are_refused(client, post, headers, status):
    response = client.post(f"/comments/reply/{post.pk}/", FORM, headers=headers)
    assert response.status_code == status


def test_the_form_address_alone_leads_to_the_form(client, post):
    response = client.get(f"/comments/reply/{post.pk}/")
    assert response["Location"] == f"{post.get_absolute_url()}#respond"


@pytest.mark.parametrize(
    ("remote", "forwarded", "kept"),
    [
        ("192.0.2.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "not an address", None),
        ("", "", None),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(
    client, post, settings, remote, forwarded, kept
):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client.post(
        f"/comments/reply/{post.pk}/",
        FORM,
        headers={"x-forwarded-for": forwarded},
        REMOTE_ADDR=remote,
    )
    assert Comment.objects.get().ip_address == kept


def test_a_visitor_cannot_claim_an_address(client, post):
    client.post(
        f"/comments/reply/{post.pk}/", FORM, headers={"x-forwarded-for": "192.0.2.1"}
    )
    assert Comment.objects.get().ip_address == "127.0.0.1"


def test_address_and_browser_are_kept_for_a_while(client, post, time_machine):
    client.post(
        f"/comments/reply/{post.pk}/", FORM, headers={"user-agent": "Lynx " + "x" * 600}
    )
    comment = Comment.objects.get()
    assert comment.ip_address == "127.0.0.1"
    assert len(comment.user_agent) == 500
    time_machine.move_to(timezone.now() + timedelta(days=61))
    chores.forget_addresses()
    comment.refresh_from_db()
    assert (comment.ip_address, comment.user_agent) == (None, "")


class ActiveContent(HTMLParser):
    """Collects elements and attributes that could run something."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        is_ours = str(given.get("src")).startswith("/static/")
        # What the post says of itself: a browser never runs it.
        is_data = tag == "script" and given.get("type") == "application/ld+json"
        if tag in ("script", "iframe", "object") and not (is_ours or is_data):
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on")]

    @classmethod
    def found_in(cls, html):
        parser = cls()
        parser.feed(html)
        return parser.found


HOSTILE = st.sampled_from(['"><script>x()</script>', "' onload='x()", "\x00", "</p>"])


@given(
    fields=st.fixed_dictionaries(
        {
            "body": st.text(max_size=60) | HOSTILE,
            "author_name": st.text(max_size=30) | HOSTILE,
            "author_email": st.text(max_size=30) | st.just("a@example.org"),
            "author_url": st.text(max_size=30) | HOSTILE,
            "parent": st.text(max_size=10),
        }
    )
)
@hypothesis_settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_in_any_field_break_the_form(client, post, fields):
    response = client.post(f"/comments/reply/{post.pk}/", fields)
    assert response.status_code in (302, 400, 403, 409, 429)
    if response.status_code != 302:
        assert ActiveContent.found_in(response.text) == []
