"""Very many texts are entered by two processes, and the index is the same."""

from dataclasses import replace

import pytest
from django.db import connection

from blog.models import Post, PostEntry, SearchQueue, SearchWord
from blog.search import index, many, schema, upkeep
from blog.search.query import search
from blog.search.sources import named
from comments.models import Comment, CommentEntry
from tests.broken_text import posts_of_which_one_breaks
from tests.builders import make_comment, make_post, make_user

INDEXED = (PostEntry, CommentEntry, SearchWord)


@pytest.fixture
def shared(monkeypatch):
    """As with very many texts: another process makes the entries, ahead of who writes."""
    monkeypatch.setattr(index, "MIN_TEXTS", 1)
    monkeypatch.setattr(upkeep, "MIN_TEXTS", 1)
    monkeypatch.setattr(many, "AHEAD", 2)
    monkeypatch.setattr(many, "MAX_ENTRIES", 4)
    few = [replace(source, at_once=2) for source in index.sources()]
    for module in (index, upkeep):
        monkeypatch.setattr(module, "sources", lambda: few)


def stored(model):
    """All rows, without the numbers that words got by the way."""
    names = [field.name for field in model._meta.fields if field.name != "id"]
    own = names if model is SearchWord else ["id", *names]
    return list(model.objects.order_by(*own).values(*own))


def write_some():
    """Seven comments below a post, and words in more languages than one."""
    post = make_post("Die Fähren", tags=["Zürich"], language="de", excerpt="北京 1913")
    for number in range(7):
        make_comment(post, f"tea {number} 大学 ferries", author=make_user(f"u{number}"))
    make_post("locked", password="pw", body="<p>secret</p>")
    return post


@pytest.mark.django_db
def test_two_processes_make_the_same_index_as_one(shared, monkeypatch):
    write_some()
    index.work()
    alone = [stored(model) for model in INDEXED]
    for model in INDEXED:
        model.objects.all().delete()
    for name in ("post", "comment"):
        schema.queue_everything(named(name))

    assert index.finish() == 9

    assert [stored(model) for model in INDEXED] == alone
    assert list(upkeep.faults()) == []
    assert upkeep.rebuild() == 0


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own index")
def test_pieces_of_the_index_are_merged_as_usual_afterwards(shared):
    write_some()
    index.finish()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v FROM comments_commententry_fts_config WHERE k = 'automerge'"
        )
        assert cursor.fetchone() == (many.MERGED_USUALLY,)


@pytest.mark.django_db
def test_two_processes_write_what_changed_and_nothing_else(shared):
    post = write_some()
    gone = make_post("gone")
    index.finish()
    Post.objects.filter(pk=post.pk).update(title="Drei Fähren")
    gone.delete()
    for name in ("post", "comment"):
        schema.queue_everything(named(name))

    assert index.finish() == 10

    assert not SearchQueue.objects.exists()
    assert list(upkeep.faults()) == []
    CommentEntry.objects.filter(words__contains=" 5 ").update(words="/ wrong /")
    assert upkeep.rebuild() == 1
    assert list(upkeep.faults()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("enter_all", [index.finish, upkeep.rebuild])
def test_a_text_that_breaks_the_other_process_holds_up_no_other(
    shared, caplog, enter_all, monkeypatch
):
    posts = posts_of_which_one_breaks(monkeypatch)

    enter_all()

    assert search("tea").count == 4
    assert f"The search breaks at post {posts[3].pk}." in caplog.text


@pytest.mark.django_db
def test_what_ended_in_the_middle_goes_on_from_there(shared, monkeypatch):
    write_some()
    index.finish()
    post = make_post("coffee")
    comments = [make_comment(post, f"sugar {number}") for number in range(9)]
    monkeypatch.setattr(many, "BITE_SECONDS", 0)

    def stop(done, total):
        if done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.finish(stop)
    assert SearchQueue.objects.exists()
    Comment.objects.filter(pk=comments[-1].pk).update(body_html="<p>honey</p>")

    index.finish()

    assert not SearchQueue.objects.exists()
    assert list(upkeep.faults()) == []
    assert search("honey").count == 1
