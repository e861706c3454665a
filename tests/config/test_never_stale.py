"""After any committed change, by whatever door, the next page that is asked for has it.

Two caches of their own, as two server processes have them; and two servers as shipped.
"""

import re
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import generation_triggers, generations, public_tables, stretch_triggers
from blog.models import Post, SiteSettings
from comments import avatars
from comments.models import Comment, Like, Photo
from tests import page_types
from tests.builders import make_comment, make_post, make_user
from tests.cached import Reader
from tests.doors import DOORS

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 1000  # of one cheap statement and two small pages


@pytest.fixture
def readers():
    both = [Reader(), Reader()]
    yield both
    for reader in both:
        reader.generations.close()


def elsewhere(look):
    """What `look` gives in a thread, with a connection of its own."""
    given = []

    def run():
        given.append(look())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return given[0]


def sees(readers, path, words):
    return [words in reader.get(path) for reader in readers]


@pytest.mark.slow
def test_a_thousand_bare_statements_and_no_stale_page(readers):
    SiteSettings(title="Number 0").save()
    table = SiteSettings._meta.db_table
    path = "/opensearch.xml"
    for number in range(ROUNDS):
        assert all(sees(readers, path, f"Number {number}<"))
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET title = %s", [f"Number {number + 1}"])


@pytest.fixture
def post(db):
    author = make_user("alice", "Editor")
    post = make_post("Talks", author=author, published_at=timezone.now())
    post.tags.add("diplomacy")
    return post


@pytest.mark.parametrize(("change", "place"), DOORS)
def test_each_door_is_seen_at_once(readers, post, change, place, tmp_path):
    path = post.get_absolute_url() if place == "post" else "/"
    assert sees(readers, path, "Changed words") == [False, False]
    change(post, "Changed words", tmp_path)
    assert "Changed words" in Client().get(path).content.decode()
    assert sees(readers, path, "Changed words") == [True, True]


def test_how_many_pages_a_talk_has_is_seen_at_once(readers, post):
    SiteSettings(comments_per_page=2).save()
    path = post.get_absolute_url()
    comments = [make_comment(post, "Said.") for _ in range(3)]
    assert all(sees(readers, path, "Page 2 of 2"))
    comments += [make_comment(post, "Said.") for _ in range(2)]
    assert all(sees(readers, path, "Page 3 of 3"))
    gone = [comment.pk for comment in comments[:2]]
    Comment.objects.filter(pk__in=gone).update(state="trash")
    assert all(sees(readers, path, "Page 2 of 2"))


def test_a_feed_of_comments_says_what_they_say_now(readers, post):
    comment = make_comment(post, "As it was.")
    path = "/comments/feed/"
    assert all(sees(readers, path, "As it was."))
    Comment.objects.filter(pk=comment.pk).update(body_html="<p>As it is.</p>")
    assert all(sees(readers, path, "As it is."))
    Post.objects.filter(pk=post.pk).update(title="Walks")
    assert all(sees(readers, path, "“Walks”"))
    Post.objects.filter(pk=post.pk).update(password="open")
    assert not any(sees(readers, path, "As it is."))


def test_what_is_not_committed_is_not_seen_and_what_is_taken_back_never_was(post):
    def look():
        reader = Reader()
        seen = sees([reader], "/", "Talks")
        reader.generations.close()
        return seen

    with transaction.atomic():
        Post.objects.update(title="Not yet")
        assert elsewhere(look) == [True]
        transaction.set_rollback(True)
    assert elsewhere(look) == [True]


def test_two_who_write_at_once_are_both_seen(post):
    """The one who began first and commits last is not overlooked."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's transactions come one after the other")
    other, reader = make_post("Second"), Reader()

    def write_second():
        Post.objects.filter(pk=other.pk).update(title="Second, changed")

    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(title="First, changed")
        elsewhere(write_second)
        assert elsewhere(lambda: sees([reader], "/", "Second, changed")) == [True]
    assert elsewhere(lambda: sees([reader], "/", "First, changed")) == [True]
    reader.generations.close()


def test_what_nobody_sees_makes_nothing_anew(post):
    blog = generations.of_database()
    before = blog.current()
    make_user("reader")
    changed = blog.current()
    assert changed != before
    post.author.last_login = timezone.now()
    post.author.save(update_fields=["last_login"])
    client = Client()
    client.get("/nothing/here/")
    held = {
        "body": "Two links: https://a.example https://b.example",
        "author_name": "N",
    }
    client.post(f"/comments/reply/{post.pk}/", held | {"author_email": "n@example.org"})
    assert blog.current() == changed
    blog.close()


@pytest.mark.parametrize("key", ["id", "guid", "tree", "ping"])
def test_what_a_row_took_the_place_of_is_no_longer_seen(readers, post, key):
    """SQLite's REPLACE deletes rows, and tells their triggers nothing."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    ping = {"kind": "pingback", "source_url": "https://peer.example/"}
    comment = make_comment(post, "An opinion", **(ping if key == "ping" else {}))
    path = post.get_absolute_url()
    assert sees(readers, path, "An opinion") == [True, True]
    table = Comment._meta.db_table
    columns = {field.column for field in Comment._meta.local_concrete_fields}
    other = {"id": "id + 1", "guid": "'another'", "tree_id": "tree_id + 1"}
    other |= {"state": "'pending'"}
    # All but this one is another's.
    same = {"id": "id", "guid": "guid", "tree": "tree_id", "ping": "source_url"}[key]
    other.pop(same, None)
    rest = ", ".join(columns - other.keys())
    with connection.cursor() as cursor:
        cursor.execute(
            f"REPLACE INTO {table} ({', '.join(other)}, {rest}) "
            f"SELECT {', '.join(other.values())}, {rest} FROM {table} WHERE id = %s",
            [comment.pk],
        )
    assert Comment.objects.get().state == Comment.State.PENDING
    assert sees(readers, path, "An opinion") == [False, False]


def test_replace_can_take_away_no_comment_that_is_not_looked_for(post):
    """Each way two of them can't be at once stands in the condition of the trigger."""
    [table] = [one for one in public_tables.all_of_them() if one.new_if]
    model = apps.get_model(table.model)
    unique = [(field.column,) for field in model._meta.local_fields if field.unique]
    unique += [
        tuple(model._meta.get_field(name).column for name in constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    assert len(unique) >= 4
    for columns in unique:
        assert any(
            all(f"{column} = NEW.{column}" in way for column in columns)
            for way in table.taken.split(" OR ")
        ), columns


def _another(field: models.Field, value: object) -> object:
    """A value this column does not have; None where there is hardly another one."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return [{"name": "x", "url": "https://example.org/"}]
    if isinstance(field, models.DateField):
        return (value or timezone.now()) + timedelta(days=1)
    if isinstance(field, models.ForeignKey) or field.primary_key:
        return None
    if isinstance(field, models.IntegerField | models.FloatField):
        return (value or 0) + 1
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.99"
    return f"{value or ''}x"


def test_each_column_counts_that_pages_show_and_no_other():
    page_types.make_everything()
    post = Post.objects.first()
    Like.objects.create(post=post, user=make_user("liker"))
    blog, tried = generations.of_database(), 0
    for table in public_tables.all_of_them():
        model = apps.get_model(table.model)
        row = model._base_manager.first()
        for field in model._meta.local_concrete_fields if row else ():
            value = _another(field, getattr(row, field.attname))
            if value is None:
                continue
            before = blog.current()
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{field.name: value})
            except DatabaseError:
                continue
            tried += 1
            counts = field.column in table.seen
            assert (blog.current() != before) == counts, f"{table.name}.{field.column}"
    assert tried > 80
    blog.close()


def test_every_table_public_pages_ask_is_watched():
    """Or it is known why not."""
    addresses = page_types.make_everything()
    unseen = {
        "comments_incomingping",  # the page of a ping tells its sender alone: no-store
        "blog_missedaddress",
        "django_session",
        "blog_searchqueue",
        "blog_searchword",
        "blog_postentry",
        "blog_postentry_fts",
        "comments_commententry",
        "comments_commententry_fts",
        "comments_photo",  # an avatar holds for no moment
        generation_triggers.TABLE,
        stretch_triggers.TABLE,  # changes with the posts it counts
    }
    watched = {table.name for table in public_tables.all_of_them()}
    asked = set()
    for address in addresses.values():
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(address)
        if "no-store" in answer.get("Cache-Control", ""):
            continue
        for query in queries:
            asked |= set(re.findall(r'(?:FROM|JOIN)\s+"?(\w+)', query["sql"]))
    asked &= set(connection.introspection.table_names())
    assert asked - watched - unseen == set()


def test_while_it_is_not_known_what_changed_nothing_is_kept(readers, post):
    assert sees(readers, "/", "Talks") == [True, True]
    for reader in readers:
        reader.generations.current = lambda: None
    Post.objects.update(title="Treaty")
    assert sees(readers, "/", "Treaty") == [True, True]


def test_a_database_that_is_gone_is_no_reason_to_fall(post, monkeypatch):
    lost = generations.of_database()
    monkeypatch.setattr(generations, "TABLE", "nothing_of_this_name")
    assert lost.current() is None
    monkeypatch.undo()
    assert lost.current() is not None
    lost.close()


def test_a_picture_of_a_writer_is_seen_when_it_has_come(readers):
    key = avatars.key_of("nora@example.org", "")
    assert sees(readers, f"/avatar/{key}", "<svg") == [True, True]
    default_storage.save(Photo(pk=key).path, ContentFile(b"a picture"))
    Photo.objects.create(pk=key, is_there=True)
    assert sees(readers, f"/avatar/{key}", "a picture") == [True, True]
