"""Preview links: what is not published yet, shown to who has its address."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.utils import timezone

from blog import previews, publishing
from blog.models import Post
from tests.blog.test_admin_posts import edit
from tests.builders import make_comment, make_page, make_post, make_user

Status = Post.Status


def path_of(link):
    return urlsplit(link.address).path


@pytest.fixture
def draft(alice):
    body = '<p>Not for everybody yet. <a href="https://example.org/">A link</a></p>'
    return make_post("Half done", author=alice, status=Status.DRAFT, body=body)


def renew(client, post, **headers):
    return client.post(f"/admin/blog/post/{post.pk}/preview-link/", headers=headers)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PENDING, Status.PRIVATE])
def test_what_is_not_public_is_shown_to_who_has_the_link(client, draft, status):
    draft.status = status
    draft.save()
    response = client.get(path_of(previews.link_to(draft)))
    html = response.content.decode()
    assert response.status_code == 200
    assert "Not for everybody yet." in html
    assert f"This is a preview: {draft.get_status_display()}" in html
    assert not response.cookies


def test_it_looks_as_it_will_and_takes_nothing(client, draft):
    make_comment(draft, "Said while it was public.")
    response = client.get(path_of(previews.link_to(draft)))
    main = response.content.decode().partition("</main>")[0]
    assert "Readers talk here once this is published." in main
    assert "<form" not in main
    assert "Said while it was public." not in main
    assert "trackback" not in main
    assert "pingback" not in main
    assert "X-Pingback" not in response


def test_nobody_keeps_it_lists_it_or_learns_its_address(client, draft):
    for address in (path_of(previews.link_to(draft)), "/preview/made-up/"):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert 'rel="canonical"' not in response.content.decode()


def test_it_ends_after_a_week(client, draft):
    with time_machine.travel("2026-03-01 12:00 +0000", tick=False) as clock:
        link = previews.link_to(draft)
        clock.shift(timedelta(days=7, seconds=-1))
        response = client.get(path_of(link))
        assert "works until <time" in response.content.decode()
        assert "8 March 2026" in response.content.decode()
        clock.shift(timedelta(seconds=1))
        response = client.get(path_of(link))
    assert response.status_code == 410
    assert "works for 7 days, and those are over" in response.content.decode()


def test_all_links_are_taken_back_with_one_press(client, alice, draft):
    before = path_of(previews.link_to(draft))
    client.force_login(alice)
    response = renew(client, draft)
    assert response.status_code == 302
    client.logout()
    response = client.get(before)
    assert response.status_code == 410
    assert "taken this link back" in response.content.decode()
    draft.refresh_from_db()
    assert client.get(path_of(previews.link_to(draft))).status_code == 200


def test_a_script_gets_the_new_link_in_place(client, alice, draft):
    client.force_login(alice)
    answer = renew(client, draft, accept="application/json").json()
    assert client.get(urlsplit(answer["address"]).path).status_code == 200
    assert "void now" in answer["sentence"]


def test_saving_an_older_copy_brings_no_link_back(client, draft):
    link = previews.link_to(draft)
    previews.revoke(Post.objects.get(pk=draft.pk))
    publishing.save_post(draft)
    assert client.get(path_of(link)).status_code == 410


@pytest.mark.parametrize("change", ["signature", "text", "other"])
def test_a_link_that_was_changed_is_none(client, draft, change):
    path = path_of(previews.link_to(draft))
    broken = {
        "signature": f"{path[:-3]}{'AA' if path[-3:-1] != 'AA' else 'BB'}/",
        "text": path.replace("/preview/", "/preview/x"),
        "other": "/preview/é:ü/",
    }[change]
    response = client.get(broken)
    assert response.status_code == 404
    assert "Copy it once more" in response.content.decode()


def test_a_deleted_post_is_gone(client, draft):
    link = previews.link_to(draft)
    publishing.delete([draft])
    response = client.get(path_of(link))
    assert response.status_code == 410
    assert "has been deleted" in response.content.decode()


def test_what_was_thrown_away_is_for_its_writer_alone(client, alice, bob, draft):
    path = path_of(previews.link_to(draft))
    publishing.trash([draft])
    assert client.get(path).status_code == 410
    client.force_login(bob)
    assert client.get(path).status_code == 410
    client.force_login(alice)
    assert client.get(path).status_code == 200
    publishing.restore([draft])
    client.logout()
    assert client.get(path).status_code == 200


def test_once_published_it_leads_to_the_permalink(client, draft):
    path = path_of(previews.link_to(draft))
    publishing.publish([draft])
    response = client.get(path)
    draft.refresh_from_db()
    assert (response.status_code, response["Location"]) == (
        302,
        draft.get_absolute_url(),
    )
    assert "no-store" in response["Cache-Control"]


def test_a_link_opens_a_password_until_it_is_published(client, draft):
    draft.password = "sesame"
    draft.save()
    path = path_of(previews.link_to(draft))
    assert "Not for everybody yet." in client.get(path).content.decode()
    publishing.publish([draft])
    html = client.get(path, follow=True).content.decode()
    assert "This post opens with a password." in html
    assert "Not for everybody yet." not in html


def test_a_scheduled_post_appears_at_its_time_without_any_job(client, alice):
    with time_machine.travel("2026-03-01 12:00 +0000", tick=False) as clock:
        due = timezone.now() + timedelta(days=1)
        post = make_post("Tomorrow", author=alice, published_at=due)
        path = path_of(previews.link_to(post))
        assert "scheduled for <time" in client.get(path).content.decode()
        assert client.get(post.get_absolute_url()).status_code == 404
        assert "Tomorrow" not in client.get("/").content.decode()
        clock.move_to(due)
        assert client.get(post.get_absolute_url()).status_code == 200
        assert "Tomorrow" in client.get("/").content.decode()
        assert client.get(path)["Location"] == post.get_absolute_url()


def test_the_address_stands_on_the_write_page_of_what_is_not_public(client, alice):
    client.force_login(alice)
    shown = make_post("Out", author=alice)
    assert "preview-address" not in client.get(edit(shown)).content.decode()
    for post in (make_post("In", status=Status.DRAFT), make_post(status=Status.TRASH)):
        link = client.get(edit(post)).context["preview_link"]
        assert client.get(path_of(link)).status_code == 200


def test_a_page_has_one_too(client, alice):
    page = make_page("Soon", status=Status.DRAFT, comments_open=False)
    html = client.get(path_of(previews.link_to(page))).content.decode()
    assert "About Soon." in html
    assert "Responses" not in html.partition("</main>")[0]


def test_who_may_not_change_a_post_takes_no_link_back(client, draft):
    client.force_login(make_user("carol", role="Author"))
    assert renew(client, draft).status_code == 403
    draft.refresh_from_db()
    assert draft.preview_number == 0
