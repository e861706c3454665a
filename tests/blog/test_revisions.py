"""Revisions: what is kept of each change, what it costs, and the way back."""

import pytest
import time_machine
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from reversion.models import Version

from blog import page_order, publishing, recovering, revision_notes, revisions
from blog.models import Category, Post, Redirect, Tag, TextPiece
from tests.blog.test_admin_posts import ADD, act, edit, form, said
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

Status = Post.Status
SWITCHES = ("comments_open", "pings_open", "sends_pings")


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def history(post, kind="post"):
    return f"/admin/blog/{kind}/{post.pk}/history/"


def notes(post):
    return [version.revision.comment for version in revisions.of(post.pk)]


def save(client, post, **fields):
    post.refresh_from_db()
    values = {"title": post.title, "body": post.body, "author": post.author_id or ""}
    values["slug"] = post.slug
    values["tags"] = ", ".join(post.tags.names())
    values["categories"] = [category.pk for category in post.categories.all()]
    values |= dict.fromkeys(SWITCHES, "on")
    response = client.post(edit(post), form(post, _save="Update", **values | fields))
    assert response.status_code == 302, response.context["faults"]
    post.refresh_from_db()


def compare(client, post, before=1, after=0, **shown):
    """The page for two revisions, counted from the newest."""
    versions = list(revisions.of(post.pk))
    asked = {"before": versions[before].pk, "after": versions[after].pk}
    return client.get(f"{history(post)}compare/", asked | shown)


def restore(client, post, number):
    version = revisions.of(post.pk)[number]
    return client.post(f"{history(post)}{version.pk}/restore/", follow=True)


# --- What is kept


def test_each_save_is_kept_with_who_and_what(editor, alice):
    switches = dict.fromkeys(SWITCHES, "on")
    editor.post(ADD, form(title="First", body="<p>One.</p>", _draft="x", **switches))
    post = Post.objects.get()
    save(editor, post, title="Second", tags="asia")
    assert notes(post) == ["Title and tags", "Written"]
    assert {v.revision.user for v in revisions.of(post.pk)} == {alice}


def test_what_was_there_before_the_first_change_is_kept_too(editor, alice):
    post = make_post("Imported", author=alice, tags=["old"], body="<p>Long ago.</p>")
    save(editor, post, body="<p>Now.</p>")
    first = revisions.of(post.pk).last()
    assert first.revision.comment == revision_notes.AS_BEFORE
    assert first.revision.user is None
    state = revisions.State(first.serialized_data)
    assert state.body == "<p>Long ago.</p>"
    assert state.values["tags"] == ["old"]


def test_saving_without_a_change_keeps_nothing_more(editor, alice):
    post = make_post(author=alice)
    save(editor, post, title="New")
    kept = len(notes(post))
    save(editor, post)
    assert len(notes(post)) == kept


def test_what_is_done_to_many_is_kept_of_each(editor):
    one, two = make_post("One"), make_post("Two")
    act(editor, "withdraw", one, two)
    act(editor, "move_to_trash", one)
    act(editor, "restore", one)
    assert notes(one)[:3] == ["Made a draft", "Moved to the trash", "Made a draft"]
    assert notes(two)[0] == "Made a draft"


def test_imports_and_fixtures_keep_nothing(db):
    call_command("loaddata", "documents", verbosity=0)
    assert Post.objects.exists()
    assert not Version.objects.exists()


def test_a_post_that_changes_a_word_costs_a_paragraph(alice):
    paragraphs = [f"<p>{f'Words of paragraph {n}. ' * 20}</p>" for n in range(100)]
    post = make_post(author=alice, body="".join(paragraphs))
    publishing.save_post(post, alice)
    pieces = TextPiece.objects.count()
    for number in range(5):
        paragraphs[number * 7] = f"<p>Another {number}.</p>"
        post.body = "".join(paragraphs)
        publishing.save_post(post, alice)
    assert TextPiece.objects.count() == pieces + 5
    newest = revisions.of(post.pk).first()
    assert len(newest.serialized_data) < 1500
    assert revisions.State(newest.serialized_data).body == post.body


class AnyHistory(TestCase):
    """Whatever was written, each revision gives it back."""

    @given(
        st.lists(
            st.text(st.characters(exclude_characters="\0", codec="utf-8")), max_size=4
        )
    )
    def test_each_revision_has_its_text(self, bodies):
        post = make_post("Any")
        for body in bodies:
            post.body = body
            publishing.save_post(post)
        versions = revisions.of(post.pk).order_by("pk")
        kept = [revisions.State(version.serialized_data).body for version in versions]
        assert kept[-1:] == bodies[-1:]
        assert set(bodies) <= set(kept)
        for version, body in zip(versions, kept, strict=True):
            assert version.field_dict["body"] == body


# --- The list


def test_the_list_says_who_when_and_what(editor, alice):
    post = make_post("Talks", author=alice)
    with time_machine.travel(at("2026-03-01 12:00"), tick=False):
        save(editor, post, title="Talks again")
    html = editor.get(history(post)).content.decode()
    assert "1 March 2026, 12:00" in html
    assert "Alice" in html
    assert "Title" in html
    assert revision_notes.AS_BEFORE in html


def test_the_list_takes_as_many_queries_for_300_as_for_3(
    editor, alice, django_assert_max_num_queries
):
    post = make_post(author=alice)
    counts = []
    for total in (3, 300):
        for number in range(total):
            post.title = f"Title {total} {number}"
            publishing.save_post(post, alice)
        editor.get(history(post))
        with django_assert_max_num_queries(12) as queries:
            editor.get(history(post))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1  # the first of the next page


def test_a_post_without_changes_says_so(editor):
    assert (
        "Nothing has been changed here yet"
        in editor.get(history(make_post())).content.decode()
    )


def test_only_who_may_change_a_post_sees_its_history(client, alice):
    post = make_post(author=alice)
    publishing.save_post(post, alice)
    version = revisions.of(post.pk).first()
    client.force_login(make_user("carol", role="Author"))
    assert "belongs to somebody else" in said(client.get(history(post), follow=True))[0]
    pair = {"before": version.pk, "after": version.pk}
    assert client.get(f"{history(post)}compare/", pair).status_code == 403
    assert client.post(f"{history(post)}{version.pk}/restore/").status_code == 403


# --- What differs


def test_fields_and_words_are_compared_by_name(editor, alice):
    asia = make_category("Asia")
    post = make_post("Talks", author=alice, body="<p>The old bridge.</p>", tags=["a"])
    save(editor, post, body="<p>The new bridge.</p>", tags="b", categories=[asia.pk])
    html = " ".join(compare(editor, post).content.decode().split())
    assert "<del>old </del>" in html
    assert "<ins>new </ins>" in html
    assert "<dt>Categories</dt><dd><del>–</del><ins>Asia</ins>" in html
    assert "<dt>Tags</dt><dd><del>a</del><ins>b</ins>" in html
    beside = compare(editor, post, beside="").content.decode()
    assert "diff-sides" in beside


def test_a_change_of_marks_alone_is_said_to_be_one(editor, alice):
    post = make_post(author=alice, body="<p>One two.</p>")
    save(editor, post, body="<p>One <b>two</b>.</p>")
    assert "The words are the same." in compare(editor, post).content.decode()
    assert "&lt;b&gt;" not in compare(editor, post).content.decode()
    html = compare(editor, post, html="").content.decode()
    assert "b</ins>" in html or "&lt;" in html


def test_markup_in_a_text_is_shown_and_not_obeyed(editor, alice):
    post = make_post(author=alice, body="<p>x</p>")
    save(editor, post, title="<script>alert(1)</script>", body="<p>&lt;script&gt;</p>")
    for shown in ({}, {"html": ""}, {"beside": ""}):
        page = compare(editor, post, **shown).content.decode()
        assert "<script>alert" not in page
        assert "<script>" not in page.partition('id="content-main"')[2]


@pytest.mark.parametrize(
    "asked", ["", "?before=1", "?before=x&after=2", "?before=0&after=0"]
)
def test_what_is_not_in_the_history_is_said_to_be_none(editor, asked):
    post = make_post()
    response = editor.get(f"{history(post)}compare/{asked}", follow=True)
    assert said(response) == ["That revision is not in the history of this text."]


# --- The way back


def test_a_revision_returns_with_its_tags_and_categories(editor, alice):
    asia, europe = make_category("Asia"), make_category("Europe")
    post = make_post(
        "Was", author=alice, categories=[asia], tags=["old"], body="<p>A</p>"
    )
    save(editor, post, title="Is", body="<p>B</p>", tags="new", categories=[europe.pk])
    Tag.objects.filter(name="old").delete()
    response = restore(editor, post, 1)
    post.refresh_from_db()
    assert (post.title, post.body) == ("Was", "<p>A</p>")
    assert [tag.name for tag in post.tags.all()] == ["old"]
    assert list(post.categories.all()) == [asia]
    assert "again. What it was until now is in its history." in said(response)[-1]
    restore(editor, post, 1)
    post.refresh_from_db()
    assert (post.title, list(post.tags.names())) == ("Is", ["new"])


def test_a_published_post_stays_where_it_is(editor, alice):
    post = make_post("Draft", author=alice, status=Status.DRAFT, slug="first")
    publishing.save_post(post, alice)
    save(editor, post, slug="second", title="Out", password="sesame")
    publishing.publish([post], alice)
    post.refresh_from_db()
    address = post.get_absolute_url()
    restore(editor, post, 2)
    post.refresh_from_db()
    assert post.title == "Draft"
    assert (post.is_public, post.get_absolute_url()) == (True, address)
    assert post.password == "sesame"
    assert not Redirect.objects.exists()


def test_what_is_gone_is_named(editor, alice):
    asia = make_category("Asia")
    post = make_post("Was", author=alice, categories=[asia])
    save(editor, post, title="Is", categories=[])
    Category.objects.get(pk=asia.pk).delete()
    sentences = said(restore(editor, post, 1))
    assert "The category “Asia” is not here any more" in sentences[-1]


def test_who_may_not_decide_a_field_does_not_by_restoring(client, alice):
    carol = make_user("carol", role="Contributor")
    post = make_post("Hers", author=carol, status=Status.DRAFT, is_sticky=True)
    publishing.save_post(post, alice)
    post.is_sticky, post.title = False, "Still hers"
    publishing.save_post(post, alice)
    client.force_login(carol)
    restore(client, post, 1)
    post.refresh_from_db()
    assert (post.title, post.is_sticky) == ("Hers", False)


# --- What was deleted

DELETED = "/admin/blog/post/deleted/"


def recover(client, title):
    rows = client.get(DELETED).context["page"].object_list
    version = next(row for row in rows if row.object_repr == title)
    return client.post(f"{DELETED}{version.pk}/", follow=True)


def test_a_deleted_post_comes_back_as_a_draft(editor, alice):
    asia = make_category("Asia")
    post = make_post("Lost", author=alice, categories=[asia], tags=["a"])
    make_comment(post)
    act(editor, "move_to_trash", post)
    editor.post(f"/admin/blog/post/{post.pk}/delete/", {"post": "yes"})
    page = editor.get(DELETED).content.decode()
    assert "Comments and pings were deleted with it" in page
    recover(editor, "Lost")
    back = Post.objects.get()
    assert (back.pk, back.guid, back.status) == (post.pk, post.guid, Status.DRAFT)
    assert list(back.categories.all()) == [asia]
    assert list(back.tags.names()) == ["a"]
    assert notes(back)[0] == "Brought back from the deleted"
    assert back.comment_count == 0
    assert "Nothing has been deleted." in editor.get(DELETED).content.decode()


def test_what_is_here_again_is_not_doubled(editor, alice):
    post = make_post("Twice", author=alice)
    guid = post.guid
    publishing.delete([post], alice)
    row = editor.get(DELETED).context["page"].object_list[0]
    make_post("Imported anew", guid=guid)
    response = editor.post(f"{DELETED}{row.pk}/", follow=True)
    assert "here again already" in said(response)[0]
    assert Post.objects.get().title == "Imported anew"


def test_each_sees_their_own_deleted_and_pages_stand_apart(client, alice):
    carol = make_user("carol", role="Author")
    publishing.delete(
        [make_post("Hers", author=carol), make_post("Alice's", author=alice)]
    )
    publishing.delete([make_page("A page")])
    client.force_login(carol)
    titles = [
        row.object_repr for row in client.get(DELETED).context["page"].object_list
    ]
    assert titles == ["Hers"]
    client.force_login(alice)
    assert len(client.get(DELETED).context["page"].object_list) == 2
    page = client.get("/admin/blog/page/deleted/").content.decode()
    assert "A page" in page


def test_a_page_whose_parent_is_gone_comes_back_at_the_top(alice):
    above = make_page("Above")
    below = make_page("Below", parent=above)
    publishing.delete([below], alice)
    publishing.delete([above], alice)
    version = revisions.deleted().get(object_repr="Below")
    back, lost = recovering.recover(version, alice)
    assert back.path == "below"
    assert lost == "Its place is not here any more and could not return."


def test_a_moved_page_says_who_moved_it(alice):
    make_page("Above", menu_order=1)
    below = make_page("Below", menu_order=2)
    page_order.move(below, page_order.Way.IN, alice)
    newest = revisions.of(below.pk).first().revision
    assert (newest.user, newest.comment) == (alice, "Place")
