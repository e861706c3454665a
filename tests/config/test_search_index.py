"""The search's index is what the texts say, whoever writes them and however."""

from dataclasses import replace
from io import StringIO
from threading import Thread

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.models import (
    Post,
    PostEntry,
    SearchQueue,
    SearchWord,
    SiteSettings,
    Tag,
    User,
)
from blog.search import index, many, schema, upkeep
from blog.search.query import search
from blog.search.sources import named
from comments.models import Comment, CommentEntry
from tests.broken_text import posts_of_which_one_breaks
from tests.builders import make_category, make_comment, make_post, make_user

WORDS = st.lists(
    st.sampled_from("tea ferries ferry 北京 大 Zürich don't über".split()), max_size=4
).map(" ".join)


def sql(statement: str, *params: object) -> None:
    """As somebody types it in a shell of the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


class Writers:
    """Everything that can happen to what is indexed, by the doors there are."""

    def __init__(self) -> None:
        self.bob = make_user("bob")
        self.news = make_category("News")

    def write(self, number, text):
        status = Post.Status.values[number % 5]
        make_post(text, body=f"<p>{text} {number}</p>", status=status)

    def save(self, number, text):
        if post := one_of(Post, number):
            post.title, post.password = text, "pw" if number % 2 else ""
            post.save()

    def tag(self, number, text):
        if post := one_of(Post, number):
            post.tags.set([text] if text else [])

    def rename_tag(self, number, text):
        tag = one_of(Tag, number)
        if tag and text and not Tag.objects.filter(name__iexact=text).exists():
            sql("UPDATE blog_tag SET name = %s WHERE id = %s", text, tag.pk)

    def file(self, number, text):
        if post := one_of(Post, number):
            post.categories.set([] if post.categories.exists() else [self.news])

    def drop_category(self, number, text):
        self.news.delete()
        self.news = make_category("News")

    def move_comments(self, number, text):
        if post := one_of(Post, number):
            sql(
                "UPDATE comments_comment SET post_id = %s WHERE id > %s",
                post.pk,
                number,
            )

    def comment(self, number, text):
        if post := one_of(Post, number):
            name = "" if number % 2 else "Zoë"
            make_comment(post, text, author_name=name, author=self.bob)

    def judge_all(self, number, text):
        Comment.objects.update(state=Comment.State.values[number % 4])

    def edit_in_bulk(self, number, text):
        Comment.objects.filter(pk__gt=number).update(body_html=text)
        now = timezone.now()
        Post.objects.update(body_html=text, published_at=now, excerpt=str(number))

    def rename_writer(self, number, text):
        User.objects.filter(pk=self.bob.pk).update(display_name=text or "Bob")

    def delete(self, number, text):
        if post := one_of(Post, number):
            post.delete()

    def type_sql(self, number, text):
        sql("UPDATE blog_post SET title = title || ' tea', language = 'de'")
        sql("UPDATE blog_user SET last_name = %s", text)
        sql("DELETE FROM blog_taggedpost")
        sql("DELETE FROM blog_post_categories")

    def search(self, number, text):
        search(f"tea -ferry {text}")

    def count_only(self, number, text):
        before = SearchQueue.objects.count()
        Post.objects.update(comment_count=F("comment_count") + 1)
        Comment.objects.update(spam_score=0.5)
        assert SearchQueue.objects.count() == before

    def rebuild(self, number, text):
        index.work()
        assert upkeep.rebuild() == 0

    def check(self, number, text):
        assert list(upkeep.faults()) == []


def one_of(model, number):
    rows = list(model.objects.order_by("pk"))
    return rows[number % len(rows)] if rows else None


DOORS = [name for name in vars(Writers) if not name.startswith("_")]
WRITES = st.lists(
    st.tuples(st.sampled_from(DOORS), st.integers(0, 20), WORDS), max_size=14
)


@pytest.mark.slow
@pytest.mark.django_db
@settings(suppress_health_check=list(HealthCheck), max_examples=60)
@given(WRITES)
def test_after_any_writes_the_index_is_what_the_texts_say(writes):
    with transaction.atomic():
        writers = Writers()
        for door, number, text in writes:
            getattr(writers, door)(number, text)
        writers.check(0, "")
        transaction.set_rollback(True)


@pytest.fixture
def damaged(db):
    """An index with an entry too many, one missing, and one that is wrong."""
    posts = [make_post(title) for title in ("tea", "cake", "bread")]
    index.work()
    PostEntry.objects.filter(object_id=posts[0].pk).delete()
    PostEntry.objects.filter(object_id=posts[1].pk).update(words="/ wrong /")
    CommentEntry.objects.create(pk=12, object_id=77, words="/ gone /")
    return posts


def test_the_command_tells_what_is_wrong_and_mends_it(damaged):
    told = StringIO()

    with pytest.raises(CommandError, match="4 faults"):
        call_command("search_index", "--check", stderr=told)
    assert f"post {damaged[0].pk} has no entry" in told.getvalue()
    assert f"post {damaged[1].pk} has another entry than its text" in told.getvalue()
    assert "comment 77 has an entry and is gone" in told.getvalue()
    assert "words are counted wrong" in told.getvalue()

    call_command("search_index", "--rebuild", stdout=told)
    call_command("search_index", "--check", stdout=told)
    assert "The index is what the texts say." in told.getvalue()


@pytest.mark.django_db
def test_the_command_enters_what_waits():
    make_post("tea")
    told = StringIO()

    call_command("search_index", stdout=told)

    assert "Nothing waits." in told.getvalue()
    assert PostEntry.objects.count() == 1
    assert not SearchQueue.objects.exists()


@pytest.mark.django_db
def test_texts_of_one_second_have_an_entry_each():
    now = timezone.now()
    for pk in (5, 5 + (1 << 24), 5 + (2 << 24)):
        make_post(pk=pk, title=f"tea {pk}", published_at=now)

    index.work()

    assert PostEntry.objects.count() == 3
    assert list(upkeep.faults()) == []
    assert len(search("tea").hits) == 3


@pytest.mark.django_db
def test_a_long_queue_is_worked_off_by_the_newest_first():
    for number in range(index.SEARCH_BITE + 5):
        SearchQueue.objects.create(source="post", object_id=10_000 + number)
    make_post("tea")

    assert len(search("tea").hits) == 1
    assert SearchQueue.objects.exists()
    index.work()
    assert not SearchQueue.objects.exists()


@pytest.mark.django_db
def test_a_renamed_tag_of_many_posts_is_entered_too(monkeypatch):
    monkeypatch.setattr(index, "SEARCH_BITE", 3)
    for _ in range(8):
        make_post(tags=["tea"])
    index.work()

    Tag.objects.filter(name="tea").update(name="coffee")
    index.work()

    assert search("coffee").count == 8
    assert list(upkeep.faults()) == []


@pytest.mark.django_db
def test_no_word_stays_that_occurs_no_more():
    post = make_post("zanzibar")
    index.work()
    assert SearchWord.objects.filter(word="zanzibar", title_count=1).exists()

    post.delete()
    index.work()

    assert not SearchWord.objects.filter(word="zanzibar").exists()


@pytest.mark.django_db
def test_another_language_of_the_blog_has_other_forms():
    make_post("Die Häuser")
    index.work()
    assert search("Häusern").count == 0

    site = SiteSettings.current()
    site.language = "de"
    site.save()
    index.work()

    assert search("Häusern").count == 1
    assert SearchWord.objects.get(word="hauser").stem == "de:haus"


@pytest.mark.django_db
def test_a_lost_trigger_is_made_again_and_what_was_missed_is_entered():
    """SQLite forgets the triggers of a table that a migration writes anew."""
    make_post("tea")
    index.work()
    schema.drop_triggers("default")
    Post.objects.update(title="coffee")
    assert not SearchQueue.objects.exists()

    schema.after_migrate()
    index.work()

    assert search("coffee").count == 1
    assert list(upkeep.faults()) == []
    schema.after_migrate()
    assert not SearchQueue.objects.exists()
    Post.objects.update(title="cake")
    assert search("cake").count == 1


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one blog in a file"
)
def test_the_triggers_of_another_schema_are_not_its_own():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'blog_post'::regclass"
            " AND tgname LIKE 'search%'"
        )
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute("CREATE SCHEMA other")
        cursor.execute("CREATE TABLE other.blog_post (LIKE blog_post)")
        for name in names:
            cursor.execute(
                f"CREATE TRIGGER {name} AFTER TRUNCATE ON other.blog_post "
                "EXECUTE FUNCTION search_blog_post_post()"
            )
            cursor.execute(f"DROP TRIGGER {name} ON blog_post")
    schema.after_migrate()
    index.work()
    make_post("tea")
    assert search("tea").count == 1


@pytest.mark.django_db(transaction=True)
def test_everybody_finds_what_they_wrote_at_once():
    """Many write and search at the same time, each in a process of its own or so."""
    post = make_post("ground")
    index.work()
    missed = []

    def write_and_look(number: int) -> None:
        try:
            comment = Comment(post=post, body=f"word{number}", state="approved")
            comment.save()
            if search(f"word{number}").count != 1:
                missed.append(number)
        finally:
            connection.close()

    threads = [Thread(target=write_and_look, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missed == []
    assert list(upkeep.faults()) == []


@pytest.mark.django_db
def test_whoever_searches_does_not_look_at_everything_anew():
    for title in ("tea", "cake"):
        make_post(title)
    index.work()
    PostEntry.objects.all().delete()
    schema.queue_everything(named("post"))

    search("tea")
    assert SearchQueue.objects.filter(object_id=0).exists()
    assert not PostEntry.objects.exists()

    index.work()
    assert PostEntry.objects.count() == 2
    assert not SearchQueue.objects.exists()


@pytest.fixture
def breaking(db, monkeypatch):
    return posts_of_which_one_breaks(monkeypatch)


@pytest.mark.parametrize(
    "enter_all", [index.catch_up, index.work, index.finish, upkeep.rebuild]
)
def test_a_text_that_breaks_the_indexer_holds_up_no_other(breaking, caplog, enter_all):
    enter_all()
    assert search("tea").count == 4
    assert f"The search breaks at post {breaking[3].pk}." in caplog.text


def test_what_broke_the_indexer_is_tried_again_later(breaking, caplog, monkeypatch):
    index.work()
    assert [row.object_id for row in index.set_aside()] == [breaking[3].pk]
    caplog.clear()
    index.work()
    assert caplog.text == ""

    Post.objects.filter(pk=breaking[3].pk).update(title="tea 3!")
    index.work()
    assert index.set_aside().count() == 1

    monkeypatch.undo()
    with time_machine.travel(timezone.now() + index.LATER):
        index.work()
    assert search("tea").count == 5
    assert not SearchQueue.objects.exists()


def test_a_check_names_what_breaks_the_indexer(breaking):
    told = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("search_index", "--check", stderr=told)
    assert f"post {breaking[3].pk} breaks the indexer" in told.getvalue()
    call_command("search_index", stdout=told)
    assert "1 texts broke it: see the log." in told.getvalue()


@pytest.mark.django_db
def test_an_import_ends_with_every_text_entered_once(monkeypatch):
    post = make_post("tea", tags=["cup"], categories=[make_category("News")])
    for number in range(7):
        make_comment(post, f"sugar {number}", author=make_user(f"u{number}"))
    Tag.objects.filter(name="cup").update(name="pot")
    User.objects.update(last_name="Smith")
    schema.queue_everything(named("comment"))
    in_threes = [replace(source, at_once=3) for source in index.sources()]
    monkeypatch.setattr(index, "sources", lambda: in_threes)
    monkeypatch.setattr(many, "BITE_SECONDS", 0)
    bites = []

    assert index.finish(lambda done, total: bites.append((done, total))) == 8
    # Posts and comments apart.
    assert bites == [(1, 8), (4, 8), (7, 8), (8, 8)]
    assert not SearchQueue.objects.exists()
    assert list(upkeep.faults()) == []
    assert search("pot").count == 1
