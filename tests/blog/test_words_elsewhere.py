"""What was written for other sites is kept, compared, copied and counted."""

import json

import pytest
from reversion.models import Version

from blog import publishing, recovering, revisions
from blog.admin import media_uses
from blog.models import Media, Post
from tests.blog.test_revisions import compare, notes, restore, save
from tests.builders import make_media, make_post

LATER = ("meta_title", "meta_description", "social_image")


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def without_later_fields(post):
    """Make its revisions what they were before they held these."""
    for version in Version.objects.get_for_object_reference(Post, post.pk):
        rows = json.loads(version.serialized_data)
        for name in LATER:
            del rows[0]["fields"][name]
        Version.objects.filter(pk=version.pk).update(serialized_data=json.dumps(rows))


def test_it_is_typed_and_kept_with_the_post(editor, alice):
    post = make_post(author=alice)
    media = make_media(title="The harbour")
    words = {"meta_title": "Ships", "meta_description": "All about ships."}
    save(editor, post, **words, social_image=media.pk)
    assert (post.meta_title, post.meta_description) == tuple(words.values())
    assert post.social_image == media
    said = "Title elsewhere, description elsewhere and picture elsewhere"
    assert notes(post)[0] == said
    page = compare(editor, post).text
    for shown in ("Ships", "All about ships.", "The harbour"):
        assert shown in page


def test_it_returns_with_a_revision(editor, alice):
    post = make_post(author=alice)
    media = make_media()
    save(editor, post, meta_title="Ships", social_image=media.pk)
    save(editor, post, meta_title="", social_image="")
    assert post.social_image is None
    restore(editor, post, 1)
    post.refresh_from_db()
    assert (post.meta_title, post.social_image) == ("Ships", media)


def test_a_picture_that_is_gone_is_named(editor, alice):
    post = make_post(author=alice)
    media = make_media()
    save(editor, post, social_image=media.pk)
    save(editor, post, social_image="")
    media.delete()
    page = restore(editor, post, 1).text
    assert "picture elsewhere is not here any more" in page


def test_revisions_from_before_are_read_compared_and_restored(editor, alice):
    post = make_post(author=alice)
    save(editor, post, title="Old")
    without_later_fields(post)
    save(editor, post, title="New", meta_title="Elsewhere")
    assert compare(editor, post).status_code == 200
    restore(editor, post, 1)
    post.refresh_from_db()
    assert (post.title, post.meta_title) == ("Old", "")


def test_saving_what_an_old_revision_holds_keeps_nothing_more(editor, alice):
    post = make_post(author=alice)
    save(editor, post, title="Old")
    without_later_fields(post)
    count = revisions.of(post.pk).count()
    save(editor, post)
    assert revisions.of(post.pk).count() == count


def test_a_post_deleted_before_comes_back(alice):
    post = make_post("Old")
    publishing.delete([post], alice)
    without_later_fields(post)
    back, lost = recovering.recover(revisions.deleted().get(), alice)
    assert (back.title, back.meta_title, lost) == ("Old", "", "")


def test_a_copy_says_the_same_elsewhere_under_a_title_of_its_own(alice):
    media = make_media()
    post = make_post(
        meta_title="Ships", meta_description="About ships.", social_image=media
    )
    copy = publishing.duplicate(post, alice)
    assert (copy.meta_description, copy.social_image) == ("About ships.", media)
    assert copy.title_elsewhere == copy.title


def test_a_picture_shown_elsewhere_alone_is_used(alice):
    media, other = make_media(), make_media()
    post = make_post("Ships", social_image=media)
    assert media_uses.posts_using(media, alice) == ([post], 0)
    assert media_uses.counts([media, other]) == {media.pk: 1}
    assert list(Media.objects.unused()) == [other]
    post.featured_image = other
    post.save()
    assert media_uses.counts([media, other]) == {media.pk: 1, other.pk: 1}
