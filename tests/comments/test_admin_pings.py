"""What was told to other blogs, and what they told: lists, and beside the post."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from blog.models import Post, SiteSettings
from comments.models import IncomingPing, OutgoingPing
from tests.builders import (
    make_comment,
    make_page,
    make_post,
    make_received_ping,
    make_sent_ping,
    make_user,
)
from tests.web import answer

pytestmark = pytest.mark.django_db
SENT = "/admin/comments/outgoingping/"
RECEIVED = "/admin/comments/incomingping/"
Out, In = OutgoingPing.State, IncomingPing.State


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def write_page(post):
    return f"/admin/blog/{post.kind}/{post.pk}/change/"


def ago(**span):
    return timezone.now() - timedelta(**span)


# --- Beside the post


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {
                "state": Out.SENT,
                "protocol": "webmention",
                "sent_at": timedelta(minutes=-3),
            },
            "sent as a webmention, 3\xa0minutes ago",
        ),
        (
            {"state": Out.SENT, "protocol": "pingback", "reason": "It knew already."},
            "sent as a pingback: It knew already.",
        ),
        ({"state": Out.SENT, "sent_at": timedelta(days=-9)}, "sent, on "),
        ({"state": Out.REFUSED, "reason": "No link."}, "refused: No link."),
        ({"state": Out.SILENT}, "takes no pings"),
        (
            {"state": Out.GIVEN_UP, "attempts": 5, "reason": "It is too slow."},
            "given up after 5 attempts: It is too slow.",
        ),
        ({"state": Out.UNSURE}, "sent, perhaps: the worker was stopped"),
        ({}, "waits to be sent"),
        ({"due_at": timedelta(days=2)}, "waits to be sent on "),
        ({"claimed_at": timedelta(seconds=-5), "claimed_by": "somebody"}, "being sent"),
        (
            {"attempts": 1, "reason": "It answered 503.", "due_at": timedelta(days=2)},
            "(attempt 2): It answered 503.",
        ),
        ({"attempts": 1, "reason": "Busy."}, "tried again soon (attempt 2): Busy."),
    ],
)
def test_each_standing_is_said_in_words(editor, fields, sentence):
    # From now on: the list was written when the tests were collected.
    now = timezone.now()
    fields = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in fields.items()
    }
    ping = make_sent_ping(make_post(), **fields)
    assert sentence in editor.get(write_page(ping.post)).text
    assert sentence in editor.get(SENT).text


def test_an_address_is_shown_as_one_reads_it(editor):
    post = make_post()
    make_sent_ping(post, target_url="https://caf%C3%A9.example/caf%C3%A9/?p=1&q=2")
    html = editor.get(write_page(post)).text
    assert "<bdi>/café/?p=1&amp;q=2</bdi>" in html
    assert 'href="https://caf%C3%A9.example/caf%C3%A9/?p=1&amp;q=2"' in html


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://[", "data:text/html,<b>x</b>", "x"]
)
def test_what_is_no_web_address_is_no_link(editor, url):
    post = make_post()
    make_sent_ping(post, target_url=url)
    for page in (write_page(post), SENT):
        assert f'href="{url[:6]}' not in editor.get(page).text


def test_marks_that_turn_a_text_round_stay_encoded(editor):
    post = make_post()
    make_sent_ping(post, target_url="https://a.example/%E2%80%AEgpj.exe")
    assert "/%E2%80%AEgpj.exe</bdi>" in editor.get(write_page(post)).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": Post.Status.DRAFT}, "are told when it is published"),
        ({"sends_pings": False}, "This post tells nobody of its links"),
        ({"updated_at": ago(hours=1)}, "It links to no other page"),
        ({}, "Its links are being looked at."),
        ({"password": "x"}, "Only who knows its password"),
        ({"status": Post.Status.TRASH}, "Nobody was told of this post."),
    ],
)
def test_where_nothing_is_it_says_when_something_will_be(editor, fields, sentence):
    html = editor.get(write_page(make_post(**fields))).text
    assert "Told other blogs" in html
    assert sentence in html


def test_a_blog_that_tells_nobody_says_so_beside_the_post(editor):
    SiteSettings(sends_pings=False).save()
    assert "This blog tells nobody" in editor.get(write_page(make_post())).text


def test_a_page_has_the_panel_too(editor):
    ping = make_sent_ping(make_page("Team"))
    html = editor.get(f"/admin/blog/page/{ping.post_id}/change/").text
    assert ping.target_url in html


def test_what_came_in_and_was_not_taken_is_counted(editor):
    post = make_post()
    make_received_ping(post)
    make_received_ping(post, state=In.REFUSED)
    make_received_ping(post, state=In.REFUSED)
    make_received_ping(post, state=In.TAKEN)
    html = editor.get(write_page(post)).text
    assert (
        f'{RECEIVED}?post={post.pk}&amp;state__exact=waiting">1 to be verified' in html
    )
    assert f'{RECEIVED}?post={post.pk}&amp;state__exact=refused">2 refused' in html


def test_who_may_not_change_a_post_sees_no_panel(client, db):
    carol = make_user("carol", role="Contributor")
    ping = make_sent_ping(make_post(author=carol))
    client.force_login(carol)
    page = client.get(write_page(ping.post))
    assert page.status_code == 200
    assert "Told other blogs" not in page.text


def test_the_write_page_takes_as_many_queries_for_30_pings_as_for_3(
    editor, django_assert_num_queries, django_assert_max_num_queries
):
    post = make_post()
    for _ in range(3):
        make_sent_ping(post)
    editor.get(write_page(post))
    with django_assert_max_num_queries(50) as few:
        editor.get(write_page(post))
    for _ in range(27):
        make_sent_ping(post)
    with django_assert_num_queries(len(few)):
        assert "All of them" in editor.get(write_page(post)).text


# --- Ping again


@pytest.fixture
def peer(web):
    """A blog that takes webmentions."""
    head = b'<link rel="webmention" href="/told">'
    web.answers["/page"] = head + b"<p>Its page.</p>"
    web.answers["/told"] = lambda handler: answer(handler, 202)
    return web


@pytest.fixture
def refused(peer):
    """A row about a page the post really links to, which did not want to hear."""
    post = make_post(body=f'<p><a href="{peer.url("/page")}">there</a></p>')
    return make_sent_ping(
        post, target_url=peer.url("/page"), state=Out.REFUSED, reason="No link."
    )


def again(post):
    return f"{SENT}of/{post.pk}/again/"


def told(web):
    return [knock.body for knock in web.knocks if knock.path == "/told"]


def test_a_button_tells_one_page_again(editor, refused, peer, run_tasks):
    other = make_sent_ping(refused.post, state=Out.REFUSED)
    page = editor.post(again(refused.post), {"ping": refused.pk}, follow=True)
    assert "1 page is told again." in page.text
    assert page.redirect_chain[0][0] == f"{SENT}?post={refused.post_id}"
    run_tasks()
    refused.refresh_from_db()
    assert refused.state == Out.SENT
    assert len(told(peer)) == 1
    other.refresh_from_db()
    assert other.state == Out.REFUSED


def test_a_button_tells_all_of_them_again(editor, refused, peer, run_tasks):
    elsewhere = make_sent_ping(make_post(), state=Out.REFUSED)
    editor.post(again(refused.post))
    run_tasks()
    assert len(told(peer)) == 1
    elsewhere.refresh_from_db()
    assert elsewhere.state == Out.REFUSED


def test_the_script_gets_the_rows_alone(editor, refused):
    accept = {"Accept": "application/json"}
    wish = {"ping": refused.pk}
    told = editor.post(again(refused.post), wish, headers=accept).json()
    assert told["sentence"] == "1 page is told again."
    assert "waits to be sent" in told["rows"]
    assert "data-unsettled" in told["rows"]
    news = editor.get(f"{SENT}of/{refused.post_id}/").json()
    assert "waits to be sent" in news["rows"]


@pytest.mark.parametrize("wrong", ["x", "-1", "99999999999999999999", "\x00", ""])
def test_a_row_that_is_not_the_posts_is_nobody(editor, refused, wrong):
    page = editor.post(again(refused.post), {"ping": wrong}, follow=True)
    assert "There is nobody to tell." in page.text or page.status_code == 400
    refused.refresh_from_db()
    assert refused.state == Out.REFUSED


def test_looking_never_tells_anybody(editor, refused):
    assert editor.get(again(refused.post)).status_code == 405
    refused.refresh_from_db()
    assert refused.state == Out.REFUSED


def test_telling_again_needs_the_token_of_the_page(alice, refused):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(again(refused.post)).status_code == 403


@pytest.mark.parametrize("role", ["Author", "Contributor", "Subscriber"])
def test_who_may_not_change_a_post_tells_nobody_of_it(client, refused, role):
    client.force_login(make_user("anton", role=role))
    for response in (
        client.post(again(refused.post)),
        client.get(f"{SENT}of/{refused.post_id}/"),
    ):
        assert response.status_code == (302 if role == "Subscriber" else 403)
    refused.refresh_from_db()
    assert refused.state == Out.REFUSED


def test_pages_are_told_again_from_the_list(editor, refused, peer, run_tasks):
    wish = {"action": "ping_again", "_selected_action": [refused.pk]}
    page = editor.post(SENT, wish, follow=True)
    assert "1 page is told again." in page.text
    run_tasks()
    assert len(told(peer)) == 1


def test_a_writer_whose_posts_others_publish_tells_nobody_again(client, refused):
    carol = make_user("carol", role="Contributor")
    Post.objects.update(author=carol)
    client.force_login(carol)
    wish = {"action": "ping_again", "_selected_action": [refused.pk]}
    client.post(SENT, wish)
    refused.refresh_from_db()
    assert refused.state == Out.REFUSED


# --- The lists


def test_the_list_of_sent_ones_names_page_post_and_protocol(editor):
    post = make_post("Talks")
    make_sent_ping(post, state=Out.SENT, protocol="pingback", sent_at=ago(minutes=3))
    make_sent_ping(None, source_url="https://example.org/gone/")
    html = editor.get(SENT).text
    assert f'<a href="{write_page(post)}">Talks</a>' in html
    assert "sent as a pingback, 3\xa0minutes ago" in html
    assert "deleted: <bdi>https://example.org/gone/</bdi>" in html


def test_an_author_sees_what_their_own_posts_told(client, db):
    anton = make_user("anton", role="Author")
    own, other = make_sent_ping(make_post(author=anton)), make_sent_ping(make_post())
    client.force_login(anton)
    html = client.get(SENT).text
    assert own.target_url in html
    assert other.target_url not in html
    assert client.get(RECEIVED).status_code == 403


def test_the_list_of_received_ones_leads_to_the_response(editor):
    post = make_post("Talks")
    comment = make_comment(post, kind="webmention")
    taken = make_received_ping(post, state=In.TAKEN, comment=comment)
    make_received_ping(post, state=In.REFUSED, reason="It has <no> link.")
    html = editor.get(RECEIVED).text
    assert taken.source_url in html
    assert f'href="/admin/comments/comment/{comment.pk}/change/"' in html
    assert "refused: It has &lt;no&gt; link." in html


@pytest.mark.parametrize(
    ("path", "make", "fields"),
    [
        (SENT, make_sent_ping, {"state": "refused", "protocol": "pingback"}),
        (RECEIVED, make_received_ping, {"state": "refused", "kind": "pingback"}),
    ],
)
def test_lists_are_narrowed_and_searched(editor, path, make, fields):
    post = make_post()
    url = "target_url" if path == SENT else "source_url"
    make(post, **{url: "https://one.example/"}, **fields)
    make(make_post(), **{url: "https://two.example/"})
    wishes = [{f"{name}__exact": value} for name, value in fields.items()]
    for wish in [*wishes, {"q": "one.ex"}, {"post": post.pk}]:
        html = editor.get(path, wish).text
        assert "one.example" in html, wish
        assert "two.example" not in html, wish


@pytest.mark.parametrize("path", [SENT, RECEIVED])
def test_nobody_adds_changes_or_deletes_a_ping(editor, path):
    post = make_post()
    ping = make_sent_ping(post) if path == SENT else make_received_ping(post)
    assert editor.get(f"{path}add/").status_code == 403
    assert editor.get(f"{path}{ping.pk}/delete/").status_code == 403
    assert editor.post(f"{path}{ping.pk}/change/", {}).status_code == 403


@pytest.mark.parametrize(
    ("path", "make"), [(SENT, make_sent_ping), (RECEIVED, make_received_ping)]
)
def test_lists_take_as_many_queries_for_30_rows_as_for_3(
    editor, path, make, django_assert_num_queries, django_assert_max_num_queries
):
    for _ in range(3):
        make(make_post())
    editor.get(path)
    with django_assert_max_num_queries(12) as few:
        editor.get(path)
    for _ in range(27):
        make(make_post())
    with django_assert_num_queries(len(few)):
        editor.get(path)


@pytest.mark.parametrize("path", [SENT, RECEIVED])
def test_lists_carry_no_inline_style_or_script(editor, path):
    post = make_post()
    make_sent_ping(post)
    make_received_ping(post)
    for page in (path, write_page(post)):
        html = editor.get(page).text
        assert "style=" not in html
        assert "onclick" not in html


@pytest.mark.parametrize("path", [SENT, RECEIVED])
def test_an_empty_list_says_so(editor, path):
    html = editor.get(path).text
    assert 'class="nothing"' in html
    assert "paginator" not in html
    assert "All there are" in editor.get(path, {"q": "x"}).text


@pytest.mark.parametrize("path", [SENT, RECEIVED])
def test_readers_see_no_list(client, bob, path):
    client.force_login(bob)
    assert client.get(path).status_code == 302


def test_a_page_is_verified_again_from_the_list(editor, web, run_tasks):
    """It was refused while its link was missing; now it is there."""
    post = make_post()
    target = f"{settings.SITE_URL}{post.get_absolute_url()}"
    ping = make_received_ping(
        post,
        source_url=web.url("/theirs"),
        source_host="127.0.0.1",
        target_url=target,
        state=In.REFUSED,
        claimed_by="somebody",
        claimed_at=ago(seconds=3),
    )
    web.answers["/theirs"] = f'<p>On <a href="{target}">talks</a></p>'.encode()
    wish = {"action": "verify_again", "_selected_action": [ping.pk]}
    page = editor.post(RECEIVED, wish, follow=True)
    assert "1 page is looked at again." in page.text
    run_tasks()
    ping.refresh_from_db()
    assert ping.state == In.TAKEN


def test_a_post_of_this_blog_is_not_asked_for(editor):
    """As a link to one's own post makes it; this machine would have to ask itself."""
    there, here = make_post(), make_post()
    ping = make_received_ping(
        there,
        kind="pingback",
        source_url=f"{settings.SITE_URL}{here.get_absolute_url()}",
        state=In.TAKEN,
    )
    wish = {"action": "verify_again", "_selected_action": [ping.pk]}
    assert (
        "0 pages are looked at again." in editor.post(RECEIVED, wish, follow=True).text
    )
    ping.refresh_from_db()
    assert ping.state == In.TAKEN


def test_a_page_that_cannot_be_read_any_more_was_verified_once(editor):
    fields = {"looked_at": ago(hours=1), "reason": "It is too slow."}
    make_received_ping(make_post(), state=In.TAKEN, **fields)
    words = "verified earlier; when it was looked at last: It is too slow."
    assert words in editor.get(RECEIVED).text
