"""A quick draft is kept as what it is, or comes back as it was typed."""

import pytest
from django.contrib.admin.models import LogEntry

from blog.models import Post, SiteSettings
from tests.builders import make_post, make_user

DRAFT = "/admin/draft/"


def keep(client, title="", text=""):
    values = {"draft-title": title, "draft-text": text}
    return client.post(DRAFT, values, follow=True)


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor"])
def test_it_becomes_a_draft_of_ones_own(client, db, role):
    SiteSettings(comments_open_by_default=False).save()
    anton = make_user("anton", role=role)
    client.force_login(anton)
    response = keep(client, "A thought", "First.\r\n\r\n1 < 2 & <b>so on</b>")
    post = Post.objects.get()
    assert (post.status, post.author, post.kind) == ("draft", anton, "post")
    assert post.body == "<p>First.</p>\n<p>1 &lt; 2 &amp; &lt;b&gt;so on&lt;/b&gt;</p>"
    assert not post.comments_open
    assert response.redirect_chain == [("/admin/", 302)]
    assert "is kept as a draft" in response.content.decode()
    assert LogEntry.objects.get().user == anton
    assert [draft.pk for draft in response.context["recent_drafts"]] == [post.pk]


def test_a_title_or_a_text_alone_will_do(client, alice):
    client.force_login(alice)
    keep(client, title="Only a title")
    keep(client, text="Only a text")
    assert Post.objects.count() == 2


def test_nothing_is_not_kept(client, alice):
    client.force_login(alice)
    response = keep(client, " ", " \r\n")
    assert "There is nothing to keep yet" in response.content.decode()
    assert not Post.objects.exists()


def test_what_was_typed_comes_back_with_the_fault(client, alice):
    client.force_login(alice)
    response = keep(client, "t" * 1001, "  A text\r\nin two lines")
    assert response.status_code == 200
    form = response.context["quick_draft"]
    assert form["text"].value() == "  A text\r\nin two lines"
    assert form["title"].value() == "t" * 1001
    assert "1000" in form.errors["title"][0]
    assert not Post.objects.exists()


def test_others_drafts_are_not_offered(client, alice):
    make_post(status=Post.Status.DRAFT, author=make_user("anton", role="Author"))
    client.force_login(alice)
    assert not client.get("/admin/").context["recent_drafts"]


def test_a_reader_keeps_nothing(client, bob):
    client.force_login(bob)
    assert client.post(DRAFT, {"draft-title": "x"}).status_code == 302
    bob.is_staff = True
    bob.save()
    assert client.post(DRAFT, {"draft-title": "x"}).status_code == 403
    assert not Post.objects.exists()


def test_its_address_alone_leads_to_the_desk(client, alice):
    client.force_login(alice)
    assert client.get(DRAFT).url == "/admin/"
