"""The trash is emptied after thirty days, and says when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import publishing
from blog.models import Page, Post
from config.chores import CHORES
from tests.builders import make_comment, make_page, make_post

Status = Post.Status


def throw(post, days):
    """Move it to the trash as if that had been so many days ago."""
    publishing.trash([post])
    when = timezone.now() - timedelta(days=days)
    Post.objects.filter(pk=post.pk).update(trashed_at=when)
    return post


def left():
    return set(Post.objects.values_list("title", flat=True))


def test_what_lies_there_for_thirty_days_goes(db):
    make_comment(throw(make_post("Old"), days=31))
    throw(make_post("New"), days=29)
    make_post("Out")
    assert publishing.empty_trash() == 1
    assert left() == {"New", "Out"}


def test_what_was_public_is_gone_for_good(client, db):
    post = make_post("Old")
    url = post.get_absolute_url()
    throw(post, days=31)
    publishing.empty_trash()
    assert client.get(url).status_code == 410


def test_what_came_unnoticed_has_thirty_days_from_now(db):
    post = make_post("Imported", status=Status.TRASH)
    Post.objects.update(
        trashed_at=None, updated_at=timezone.now() - timedelta(days=900)
    )
    assert publishing.empty_trash() == 0
    post.refresh_from_db()
    assert post.deleted_at > timezone.now() + timedelta(days=29)


def test_what_is_taken_out_and_thrown_again_begins_anew(db):
    post = throw(make_post("Twice"), days=31)
    publishing.restore([post])
    assert Post.objects.get().trashed_at is None
    publishing.trash([post])
    assert publishing.empty_trash() == 0


def test_editing_in_the_trash_does_not_put_it_off(db):
    post = throw(make_post("Old"), days=31)
    publishing.save_post(Post.objects.get(pk=post.pk))
    assert publishing.empty_trash() == 1


def test_a_page_stays_while_others_stand_below_it(db):
    above = make_page("Above")
    below = make_page("Below", parent=above)
    throw(above, days=40)
    assert publishing.empty_trash() == 0
    throw(below, days=40)
    assert publishing.empty_trash() == 2
    assert not Page.objects.exists()


def test_what_is_restored_meanwhile_is_not_deleted(db):
    post = throw(make_post("Old"), days=31)
    publishing.restore([post])
    publishing.delete([post], only=Status.TRASH)
    assert left() == {"Old"}


def test_a_chore_does_it(db):
    throw(make_post("Old"), days=31)
    next(duty for duty in CHORES if duty.name == "empty the trash").do()
    assert not Post.objects.exists()


@pytest.mark.parametrize("kind", ["post", "page"])
def test_list_and_buttons_say_how_long(client, alice, settings, kind):
    settings.TIME_ZONE = "UTC"
    post = make_post("Old") if kind == "post" else make_page("Old")
    client.force_login(alice)
    page = client.get(f"/admin/blog/{kind}/{post.pk}/change/").content.decode()
    assert ">Move to the trash for 30 days</button>" in page
    throw(post, days=10)
    shown = client.get(f"/admin/blog/{kind}/?state=trash").content.decode()
    assert "in the trash until" in shown
    assert str((timezone.now() + timedelta(days=20)).year) in shown
