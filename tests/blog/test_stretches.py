"""What is kept of counts equals what is counted from nothing, whatever happens."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog import stretch_triggers, stretches, tallies
from blog.models import Category, Post, Tag, TaggedPost, User
from blog.stretches import Counted, Tally
from comments.models import Like
from tests.builders import make_category, make_comment, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NOON = "2026-11-22 12:00Z"
EVERY = [one for one in vars(tallies).values() if isinstance(one, Tally)]
# In three stretches, two of them side by side.
NUMBERS = (1, 999, 1000, 1999, 4500)
FILED = Post.categories.through


def kept():
    """As a request has it that begins now."""
    counted = stretches.of(RequestFactory().get("/"))
    return [dict(counted.of(tally)) for tally in EVERY]


def counted_from_nothing():
    counted = Counted(None, timezone.now())
    return [dict(counted.of(tally)) for tally in EVERY]


def asked_of_posts():
    """How often pieces of the posts are counted until everything is."""
    with CaptureQueriesContext(connection) as asked:
        found = kept()
    assert found == counted_from_nothing()
    return sum('"blog_post"."id" >= ' in one["sql"] for one in asked)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def write(number, days=0, **columns):
    at = timezone.now() + timedelta(days=days)
    values = {"status": "published", "published_at": at, "published_on": at.date()}
    values |= {"title": f"{number}", "slug": f"post-{number}"} | columns
    Post.objects.filter(pk=number).delete()
    Post.objects.bulk_create([Post(pk=number, **values)])


# --- What may happen, each with a post's number, another one's, and a small number


def is_written(post, other, small):
    write(post, days=small - 40 * (other % 3))


def is_to_come(post, other, small):
    write(post, days=small)


def goes(post, other, small):
    Post.objects.filter(pk=post).delete()


def goes_by_hand(post, other, small):
    for table, column in (
        (FILED._meta.db_table, "post_id"),
        (TaggedPost._meta.db_table, "content_object_id"),
        (Post._meta.db_table, "id"),
    ):
        run(f"DELETE FROM {table} WHERE {column} = %s", post)


def changes_state(post, other, small):
    status = ("draft", "published", "trash")[small % 3]
    Post.objects.filter(pk=post).update(status=status)


def is_locked(post, other, small):
    run("UPDATE blog_post SET password = %s WHERE id = %s", "tea" * (small % 2), post)


def is_edited(post, other, small):
    Post.objects.filter(pk=post).update(
        updated_at=timezone.now() - timedelta(days=small), title="Edited"
    )


def moves_in_time(post, other, small):
    at = timezone.now() - timedelta(days=31 * small)
    Post.objects.filter(pk=post).update(published_at=at, published_on=at.date())


def has_another_writer(post, other, small):
    name = f"writer{small % 3}"
    author = User.objects.filter(username=name).first() or make_user(name)
    Post.objects.filter(pk=post).update(author=author)


def is_filed(post, other, small):
    """Also where it is already: SQLite ignores that, and not the rest."""
    category = Category.objects.all()[small % 3]
    if Post.objects.filter(pk=post).exists():
        rows = [FILED(post_id=post, category=category)]
        FILED._base_manager.bulk_create(rows, ignore_conflicts=True)


def is_filed_elsewhere(post, other, small):
    if Post.objects.filter(pk=other).exists():
        row = FILED._base_manager.filter(post=post).first()
        free = row and not FILED._base_manager.filter(
            post=other, category=row.category_id
        )
        if free:
            FILED._base_manager.filter(pk=row.pk).update(post=other)


def is_tagged(post, other, small):
    if Post.objects.filter(pk=post).exists():
        tag = Tag.objects.order_by("pk")[small % 2]
        TaggedPost.objects.get_or_create(content_object_id=post, tag=tag)


def loses_its_tags(post, other, small):
    run("DELETE FROM blog_taggedpost WHERE content_object_id = %s", post)


def category_moves(post, other, small):
    first, *_, last = Category.objects.order_by("pk")
    last.parent = None if last.parent_id else first
    last.save()


def is_taken_back(post, other, small):
    with transaction.atomic():
        Post.objects.all().update(status="draft")
        transaction.set_rollback(True)


DEEDS = [
    *(is_written, is_to_come, goes, goes_by_hand, changes_state, is_locked),
    *(is_edited, moves_in_time, has_another_writer, is_filed, is_filed_elsewhere),
    *(is_tagged, loses_its_tags, category_moves, is_taken_back),
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, None]),
        st.sampled_from(NUMBERS),
        st.sampled_from(NUMBERS),
        st.integers(0, 5),
    ),
    min_size=3,
    max_size=12,
)


@given(STEPS)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_kept_is_what_would_be_counted(time_machine, steps):
    now = timezone.datetime.fromisoformat(NOON)
    time_machine.move_to(now, tick=False)
    everything = (FILED._base_manager, TaggedPost.objects, Post.objects)
    for rows in (*everything, Category.objects, Tag.objects):
        rows.all().delete()
    news = make_category("News")
    make_category("Asia", parent=news)
    make_category("Sport")
    Tag.objects.bulk_create(Tag(name=name, slug=name) for name in ("tea", "rice"))
    for number in NUMBERS[:4]:
        write(number)
        is_filed(number, None, number)
        is_tagged(number, None, number)
    kept()
    for deed, post, other, small in steps:
        if deed is None:  # only time passes; or the clock is set back
            now += timedelta(days=small - 1)
            time_machine.move_to(now, tick=False)
            if not small:  # and what was there is seen until something changes
                Category.objects.update(description=f"{now}")
        else:
            deed(post, other, small)
        assert kept() == counted_from_nothing(), deed


def test_what_moves_to_another_post_is_counted_with_both(posts):
    category, tag = make_category("News"), Tag.objects.create(name="tea", slug="tea")
    filed = FILED._base_manager.create(post_id=1, category=category)
    tagged = TaggedPost.objects.create(content_object_id=1, tag=tag)
    before = kept()
    FILED._base_manager.filter(pk=filed.pk).update(post=4500)
    TaggedPost.objects.filter(pk=tagged.pk).update(content_object=4500)
    Post.objects.filter(pk=4500).update(password="tea")
    assert kept() == counted_from_nothing() != before
    Post.objects.filter(pk=4500).update(status="draft")
    assert kept() == counted_from_nothing()


@pytest.mark.parametrize("key", ["guid", "slug"])
@pytest.mark.parametrize("way", ["insert", "update"])
def test_what_a_post_took_the_place_of_is_counted_no_more(posts, key, way):
    """SQLite's REPLACE deletes rows, and tells their triggers nothing."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    one, other = posts.first(), posts.last()
    month = {"published_on": one.published_on, "slug": one.slug}
    changed = {"guid": one.guid} if key == "guid" else month
    if way == "update":
        columns = ", ".join(f"{name} = %s" for name in changed)
        run(
            f"UPDATE OR REPLACE blog_post SET {columns} WHERE id = %s",
            *changed.values(),
            other.pk,
        )
    else:
        for name, value in (
            {"pk": 3000, "guid": "another", "slug": "x"} | changed
        ).items():
            setattr(other, name, value)
        fields = Post._meta.local_concrete_fields
        values = [
            field.get_db_prep_save(getattr(other, field.attname), connection)
            for field in fields
        ]
        names = ", ".join(field.column for field in fields)
        places = ", ".join(["%s"] * len(fields))
        run(f"REPLACE INTO blog_post ({names}) VALUES ({places})", *values)
    assert not Post.objects.filter(pk=one.pk).exists()
    assert kept() == counted_from_nothing()


# --- How much is counted again


@pytest.fixture
def posts():
    for number in NUMBERS:
        write(number)
    kept()
    return Post.objects.order_by("pk")


@pytest.mark.parametrize("numbers", [[1], [1, 999], [1, 1999], [4500]])
def test_those_beside_each_other_are_counted_at_once(posts, numbers):
    Post.objects.filter(pk__in=numbers).update(password="tea")
    assert asked_of_posts() == len(EVERY)
    assert asked_of_posts() == 0


def test_two_that_lie_apart_are_counted_and_none_between(posts):
    Post.objects.filter(pk__in=[1, 4500]).update(password="tea")
    assert asked_of_posts() == 2 * len(EVERY)


def test_what_a_comment_or_a_like_changes_is_not_counted(posts):
    post = posts.first()
    Client().post(f"/comments/reply/{post.pk}/", {"body": "Yes", "author_name": "Nora"})
    make_comment(post)
    Like.objects.create(post=post, user=make_user("liker"))
    Post.objects.update(comment_count=3, touched_at=timezone.now(), title="Other words")
    make_category("New")
    assert asked_of_posts() == 0


def test_a_post_that_appears_is_counted_with_its_own_alone(posts, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    write(4501, days=1)
    kept()
    time_machine.move_to(now + timedelta(days=2), tick=False)
    assert asked_of_posts() == len(EVERY)


def test_what_is_read_in_a_transaction_is_not_kept(posts):
    with transaction.atomic():
        Post.objects.update(status="draft")
        assert kept() == counted_from_nothing()
        transaction.set_rollback(True)
    assert asked_of_posts() == 0


def test_what_finds_no_room_is_counted_each_time(posts, monkeypatch):
    monkeypatch.setattr(stretches, "MAX_BYTES", 0)
    Post.objects.filter(pk=1).update(password="tea")
    assert asked_of_posts() == len(EVERY)
    Post.objects.filter(pk=1).update(password="")
    assert asked_of_posts() == len(EVERY)


def test_a_table_that_was_emptied_at_once_is_counted_anew(posts):
    if connection.vendor == "postgresql":
        run("TRUNCATE blog_post CASCADE")
    else:
        run("DELETE FROM blog_post")
    assert not any(kept())
    assert kept() == counted_from_nothing()


def test_a_database_that_knew_of_no_stretches_gets_them(posts):
    """As one of an older release that is migrated."""
    table = stretch_triggers.TABLE
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in ("blog_post", "blog_post_categories", "blog_taggedpost"):
                cursor.execute(f"DROP FUNCTION stretch_{name} CASCADE")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'stretch_%%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"DROP TABLE {table}")
    stretch_triggers.after_migrate()
    Post.objects.filter(pk=1).update(published_on=None)
    assert kept() == counted_from_nothing()
    Post.objects.filter(pk=4500).update(password="tea")
    assert asked_of_posts() == len(EVERY)


def test_two_who_write_at_once_do_not_wait(posts):
    """And both are counted: the one who began first, too."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's transactions come one after the other")
    other = connection.copy()
    try:
        with transaction.atomic():
            Post.objects.filter(pk=1).update(status="draft")
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
                cursor.execute("UPDATE blog_post SET status = 'draft' WHERE id = 999")
    finally:
        other.close()
    assert kept() == counted_from_nothing()


def test_after_a_migration_all_is_counted_again(posts):
    """It may have changed what no trigger told of, as where it made a table anew."""
    if connection.vendor == "sqlite":
        run("DROP TRIGGER stretch_blog_post_update")
        run("UPDATE blog_post SET status = 'draft' WHERE id = 999")
    else:
        run("ALTER TABLE blog_post DISABLE TRIGGER USER")
        run("UPDATE blog_post SET status = 'draft' WHERE id = 999")
        run("ALTER TABLE blog_post ENABLE TRIGGER USER")
    call_command("migrate", verbosity=0)
    assert kept() == counted_from_nothing()


def test_the_marks_of_long_ago_are_taken_away(posts):
    for number in range(stretches.MANY_MARKS + 1):
        Post.objects.filter(pk=1).update(password=f"{number}")
    stretches.tidy()
    assert kept() == counted_from_nothing()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {stretch_triggers.TABLE} WHERE stretch = 0"
        )
        assert cursor.fetchone() == (1,)


def test_a_post_is_on_its_lists_as_soon_as_it_is_there(posts):
    client = Client()
    news = make_category("News")
    make_post("Talks", pk=3000, categories=[news], tags=["tea"])
    assert "Talks" in client.get("/category/news/").text
    client.get("/categories/")
    make_post("Treaty", pk=3001, categories=[news], tags=["tea"])
    assert "Treaty" in client.get("/tag/tea/").text
    assert [
        entry.count for entry in client.get("/categories/").context["entries"]()
    ] == [2]
