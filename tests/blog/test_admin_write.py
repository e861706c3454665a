"""Writing: what is said of a form, and what two people at once may lose."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from blog.models import Post
from tests.blog.test_admin_posts import ADD, LIST, edit, form, said
from tests.builders import at, make_page, make_post, make_user

Status = Post.Status


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def read_at(client, post):
    """The hidden field of the page as it is opened."""
    original = client.get(edit(post)).context["original"]
    return original.updated_at.isoformat()


def save_as(client, user, post, **fields):
    client.force_login(user)
    return client.post(edit(post), form(post, _save="Update", **fields), follow=True)


def test_saving_twice_alone_asks_nothing(editor, alice):
    post = make_post()
    for title in ("One", "Two"):
        save_as(editor, alice, post, title=title, read_at=read_at(editor, post))
    assert Post.objects.get().title == "Two"


def test_saving_what_is_stored_already_replaces_nothing(editor, alice):
    post = make_post(author=alice)
    save_as(editor, alice, post, author=alice.pk, pings_open="on", read_at="long ago")
    assert Post.objects.get().updated_at > post.updated_at


def test_it_can_be_written_as_html(editor):
    page = editor.get(ADD).content.decode()
    assert 'href="?html=1"' in page
    assert "data-django-prose-editor" in page
    page = editor.get(f"{ADD}?html=1").content.decode()
    assert "data-django-prose-editor" not in page
    editor.post(f"{ADD}?html=1", form(body="One.\n\n<!--more-->\n\nTwo.", _draft="x"))
    assert Post.objects.get().body == "<p>One.</p>\n<!--more-->\n<p>Two.</p>"


def test_a_fault_is_named_and_linked_to(editor):
    make_post("First", slug="same", published_at=at("2006-11-30 12:00"))
    post = make_post(slug="other", published_at=at("2006-11-30 13:00"))
    response = editor.post(edit(post), form(post, slug="same", _save="Update"))
    html = response.content.decode()
    assert "Not saved." in html
    assert '<a href="#id_slug">Slug</a>: “First”' in html
    assert "Please correct" not in html


def test_a_link_without_its_scheme_leads_out(editor):
    body = '<p><a href="example.org">a</a> <a href="/about/">b</a></p>'
    editor.post(ADD, form(body=body, _draft="Save draft"))
    assert Post.objects.get().body == body.replace("example", "https://example")


def test_dates_are_said_one_way(editor):
    later = form(published_at="2999-03-01T09:30", _publish="x")
    response = editor.post(ADD, later, follow=True)
    assert "will appear on 1 March 2999, 09:30." in said(response)[0]
    html = editor.get(LIST).content.decode()
    assert "scheduled for 1 Mar 2999" in html


def test_the_date_field_shows_no_seconds_and_keeps_them(editor):
    post = make_post(published_at=at("2006-11-30 12:34:56"))
    assert 'value="2006-11-30T12:34"' in editor.get(edit(post)).content.decode()
    editor.post(edit(post), form(post, title="New", _save="Update"))
    assert Post.objects.get().published_at == at("2006-11-30 12:34:56")


def test_drafts_stand_among_posts_by_their_last_edit(editor):
    make_post("Old", published_at=at("2006-11-30 12:00"))
    make_post("Draft", status=Status.DRAFT, published_at=None)
    make_post("Later", published_at=timezone.now() + timedelta(days=9))
    shown = [post.title for post in editor.get(LIST).context["cl"].result_list]
    assert shown == ["Later", "Draft", "Old"]


def test_a_post_of_somebody_else_is_said_to_be_one(client, alice):
    post, page = make_post(author=alice), make_page("About")
    client.force_login(make_user("carol", role="Contributor"))
    response = client.get(edit(post), follow=True)
    assert said(response) == ["That post belongs to somebody else."]
    missing = edit(post).replace(str(post.pk), str(page.pk + 99))
    assert "Perhaps it was deleted" in said(client.get(missing, follow=True))[0]


def test_a_contributor_reads_why_nothing_can_be_changed(client, db):
    carol = make_user("carol", role="Contributor")
    post = make_post(author=carol)
    client.force_login(carol)
    html = client.get(edit(post)).content.decode()
    assert "Published. Ask an editor for changes." in html
    assert "Move to the trash" not in html


def test_only_a_scheduled_post_is_rescheduled(editor):
    later = make_post(published_at=timezone.now() + timedelta(days=9))
    assert "data-scheduled" in editor.get(edit(later)).content.decode()
    assert "data-scheduled" not in editor.get(edit(make_post())).content.decode()


# --- Other blogs


def test_a_post_may_tell_nobody(editor):
    wish = form(_draft="x")
    editor.post(ADD, wish)
    assert Post.objects.get().sends_pings
    del wish["sends_pings"]
    editor.post(edit(Post.objects.get()), wish)
    assert not Post.objects.get().sends_pings


def test_addresses_for_trackbacks_are_kept_one_a_line(editor):
    typed = " https://a.example/tb/1 \r\n\r\nhttp://b.example/?tb=2\r\nhttps://a.example/tb/1"
    editor.post(ADD, form(trackback_urls=typed, _draft="x"))
    kept = "https://a.example/tb/1\nhttp://b.example/?tb=2"
    assert Post.objects.get().trackback_urls == kept


@pytest.mark.parametrize("wrong", ["ftp://a.example/", "a.example/tb", "javascript:x"])
def test_a_line_that_is_no_address_is_named(editor, wrong):
    typed = f"https://a.example/tb/1\n{wrong}\nhttps:// b\n"
    page = editor.post(ADD, form(trackback_urls=typed, _draft="x"))
    assert f"Line 2: “{wrong}” is no web address" in page.text
    assert "Line 3: “https:// b”" in page.text
    assert not Post.objects.exists()


def test_too_many_addresses_for_trackbacks_are_refused(editor):
    typed = "\n".join(f"https://a.example/{number}" for number in range(21))
    page = editor.post(ADD, form(trackback_urls=typed, _draft="x"))
    assert "These are 21 addresses; at most 20 are told." in page.text


def test_an_imported_post_says_why_it_tells_nobody(editor):
    post = make_post(guid="capture:2006-11-30:talks", sends_pings=False)
    assert "Off because it was imported" in editor.get(edit(post)).text
    post = make_post(sends_pings=False)
    assert "Off because it was imported" not in editor.get(edit(post)).text


# --- Who can read it


def test_visibility_is_one_of_three(editor):
    editor.post(ADD, form(visibility="password", password="tea", _publish="x"))
    post = Post.objects.get()
    assert (post.status, post.password) == (Status.PUBLISHED, "tea")
    chosen = r'value="{}"[^>]*checked'
    assert re.search(chosen.format("password"), editor.get(edit(post)).text)
    wish = form(post, visibility="private", password="typed, then hidden", _save="x")
    editor.post(edit(post), wish)
    post.refresh_from_db()
    assert (post.status, post.password) == (Status.PRIVATE, "tea")
    assert re.search(chosen.format("private"), editor.get(edit(post)).text)
    editor.post(edit(post), form(post, visibility="public", password="tea", _save="x"))
    post.refresh_from_db()
    assert (post.status, post.password) == (Status.PUBLISHED, "")


def test_a_password_that_was_not_typed_is_asked_for(editor):
    page = editor.post(ADD, form(visibility="password", _publish="x"))
    assert "Type the password readers will need" in page.text
    assert not Post.objects.exists()


def test_a_form_that_does_not_ask_leaves_it_as_it_is(editor):
    post = make_post(status=Status.PRIVATE, password="tea")
    editor.post(edit(post), form(post, password="tea", title="New", _save="x"))
    post.refresh_from_db()
    assert (post.title, post.status, post.password) == ("New", Status.PRIVATE, "tea")


def test_the_clock_of_the_blog_is_named_beside_the_date(editor, settings):
    settings.TIME_ZONE = "Asia/Seoul"
    assert "Date and time (Asia/Seoul)" in editor.get(ADD).text


# --- The buttons


@pytest.mark.parametrize(
    ("state", "main"),
    [
        ({"status": Status.DRAFT}, "Publish"),
        (
            {"status": Status.DRAFT, "published_at": at("2999-12-03 10:00")},
            "Schedule for 3 December 2999, 10:00",
        ),
        ({"status": Status.PUBLISHED}, "Update"),
        ({"status": Status.PRIVATE}, "Update"),
        ({"status": Status.PENDING}, "Publish"),
        ({"status": Status.TRASH}, "Restore as draft"),
    ],
)
def test_one_button_names_what_it_does(editor, state, main):
    page = LexborHTMLParser(editor.get(edit(make_post(**state))).text)
    filled = page.css(".write-actions .default")
    assert [button.text() for button in filled] == [main]


def test_enter_in_a_field_of_a_draft_does_not_publish(editor):
    page = LexborHTMLParser(editor.get(ADD).text)
    first = page.css_first("#post_form [type=submit]")
    assert first.attributes["name"] == "_draft"


def test_what_one_may_only_look_at_can_be_read(client, db):
    carol = make_user("carol", role="Contributor")
    post = make_post("Talks", body="<p>Words <b>here</b>.</p>", author=carol)
    client.force_login(carol)
    page = LexborHTMLParser(client.get(edit(post)).text)
    assert page.css_first(".paper-title").text() == "Talks"
    assert page.css_first(".paper-text b").text() == "here"
    assert not page.css(".write-actions [name^=_]")


def test_line_breaks_as_browsers_send_them_change_nothing(editor):
    stored = {"body": "<p>a</p>\n<!-- more -->\n<p>b</p>", "excerpt": "Two\nlines."}
    post = make_post(**stored)
    sent = {name: text.replace("\n", "\r\n") for name, text in stored.items()}
    sent["body"] = sent["body"].replace("<!-- more -->", '<hr class="more">')
    editor.post(edit(post), form(post, **sent, _save="x"))
    post.refresh_from_db()
    assert {name: getattr(post, name) for name in stored} == stored
    editor.post(edit(post), form(post, body="<p>c</p>\r\n<p>d</p>", _save="x"))
    post.refresh_from_db()
    assert post.body == "<p>c</p>\n<p>d</p>"


def test_a_fault_beside_an_emptied_slug_is_said(editor, alice):
    post = make_post("In public", slug="public", author=alice)
    sent = form(post, slug="", author="nobody", _save="Update")
    page = editor.post(edit(post), sent)
    assert page.status_code == 200
    assert "Select a valid choice" in page.content.decode()
    # And where the address itself is what is wrong.
    page = editor.post(
        edit(post), form(post, slug="", published_at="no date", _save="1")
    )
    assert page.status_code == 200


def test_a_new_post_has_no_kept_changes_whatever_is_sent(editor):
    sent = form(title="New", kept_at="x", _draft="1")
    editor.post(ADD, sent)
    assert Post.objects.get().title == "New"
