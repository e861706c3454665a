"""The preview beside the text: the form as it stands, stored nowhere."""

import pytest

from blog.models import Page, Post, Tag
from tests.blog.test_admin_posts import ADD, edit, form
from tests.builders import make_category, make_page, make_post, make_user

Status = Post.Status


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def preview(client, post=None, kind="post", **fields):
    number = f"{post.pk}/" if post else ""
    return client.post(f"/admin/blog/{kind}/{number}beside/", form(post, **fields))


def test_a_new_post_looks_as_it_will(editor, alice):
    asia = make_category("Asia")
    page = preview(
        editor,
        title="Brand new",
        author=alice.pk,
        body="<p>Words...</p>",
        tags="talks",
        categories=[asia.pk],
    )
    assert page.status_code == 200
    html = page.text
    for part in ("Brand new</h1>", "Words…", "Asia", "talks", "by <a"):
        assert part in html
    assert "Not dated yet" in html
    assert not Post.objects.exists()
    assert not Tag.objects.exists()


def test_what_is_typed_shows_and_what_is_stored_stays(editor, alice):
    asia, europe = make_category("Asia"), make_category("Europe")
    post = make_post("Stored", author=alice, tags=["old"], categories=[asia])
    was = post.updated_at
    fields = {"title": "Typed", "tags": "fresh", "categories": [europe.pk]}
    html = preview(editor, post, **fields, read_at="2001-01-01", _save="x").text
    assert "Typed</h1>" in html
    assert "fresh" in html
    assert "Europe" in html
    post.refresh_from_db()
    assert (post.title, post.updated_at) == ("Stored", was)
    assert list(post.tags.names()) == ["old"]
    assert list(post.categories.all()) == [asia]


def test_a_fault_in_one_field_hides_no_other(editor, alice):
    post = make_post("Stored", author=alice)
    html = preview(editor, post, title="Typed", published_at="never").text
    assert "Typed</h1>" in html


@pytest.mark.parametrize("is_new", [True, False])
def test_a_page_has_one_too(editor, is_new):
    page = None if is_new else make_page("Stored")
    html = preview(editor, page, kind="page", title="About", menu_order=0).text
    assert "About</h1>" in html
    assert Page.objects.count() == (0 if is_new else 1)


def test_nothing_in_it_sends_runs_or_stays(editor, alice):
    post = make_post("Stored", author=alice)
    page = preview(editor, post, body="<p>x</p><script>alert(1)</script>")
    main = page.text.partition("</main>")[0]
    assert "<form" not in main
    assert "<script" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert page["X-Frame-Options"] == "DENY"


def test_only_who_may_change_a_post_sees_it(client, alice, bob):
    post = make_post("Stored", author=alice)
    for user in (make_user("carol", role="Author"), bob):
        client.force_login(user)
        assert preview(client, post, title="x").status_code in (302, 403)
    client.force_login(bob)
    assert preview(client, title="x").status_code == 302
    client.force_login(alice)
    assert client.get(f"/admin/blog/post/{post.pk}/beside/").status_code == 403


def test_without_scripts_preview_opens_what_is_stored(editor, alice):
    draft = make_post("Draft", author=alice, status=Status.DRAFT, published_at=None)
    assert f'href="/?p={draft.pk}"' in editor.get(edit(draft)).text
    assert 'data-address="/admin/blog/post/beside/"' in editor.get(ADD).text
