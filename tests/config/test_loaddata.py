"""`loaddata`: authors of fixtures write what they know, the rest is derived."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from blog import trees
from blog.models import Category, Post, Tag, User
from comments.models import Comment
from tests.builders import make_category, make_comment, make_post, make_user
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    """Loads rows: `(model, fields)` each."""

    def load(*rows: tuple[str, dict], **options) -> None:
        path = tmp_path / "rows.json"
        objects = [{"model": model, "fields": fields} for model, fields in rows]
        path.write_text(json.dumps(objects))
        call_command("loaddata", str(path), verbosity=0, **options)

    return load


def post(guid: str, **fields) -> tuple[str, dict]:
    values = {
        "guid": guid,
        "title": f"About {guid}",
        "body": "<p>Text.</p>",
        "status": "published",
        "published_at": "2006-11-30T12:00:00Z",
    }
    return "blog.post", values | fields


def comment(guid: str, parent: str | None = None, **fields) -> tuple[str, dict]:
    values = {
        "guid": guid,
        "post": ["tea"],
        "parent": [parent] if parent else None,
        "body": f"{guid} says",
        "state": "approved",
        "created_at": "2006-12-01T12:00:00Z",
    }
    return "comments.comment", values | fields


def category(name: str, **fields) -> tuple[str, dict]:
    return "blog.category", {"name": name, "slug": name.lower(), **fields}


def is_sound() -> bool:
    return not [*Comment.objects.faults(), *Category.objects.faults()]


def test_a_post_gets_all_that_follows_from_what_its_author_wrote(load):
    load(post("tea"))
    loaded = Post.objects.get(guid="tea")
    assert loaded.slug == "about-tea"
    assert loaded.body_html == "<p>Text.</p>"
    assert str(loaded.published_on) == "2006-11-30"
    assert loaded.updated_at == loaded.published_at


def test_a_time_without_a_zone_is_the_blogs_own(load, settings):
    settings.TIME_ZONE = "Asia/Seoul"
    rows = [post("tea", published_at="2006-11-30T01:00:00", created_at="2006-11-30")]
    load(*rows)
    loaded = Post.objects.get(guid="tea")
    assert loaded.published_at == datetime(2006, 11, 29, 16, tzinfo=UTC)
    assert loaded.get_absolute_url() == "/2006/11/30/about-tea/"
    before = every_row()
    load(*rows)
    assert every_row() == before


def test_the_day_in_an_address_outlives_another_time_zone(load, settings):
    load(post("tea", published_at="2006-11-30T23:30:00Z"))
    settings.TIME_ZONE = "Asia/Tokyo"  # there it was the first of December
    load(post("tea", published_at="2006-11-30T23:30:00Z", title="Edited"))
    dumped = {"published_at": "2006-11-30T23:30:00Z", "published_on": "2006-11-30"}
    load(post("coffee", **dumped))
    assert [str(each.published_on) for each in Post.objects.all()] == ["2006-11-30"] * 2


def test_replies_stand_below_what_they_answer_wherever_they_are_in_the_file(load):
    load(
        post("tea"),
        comment("late-reply", parent="root"),
        comment("root"),
        comment("reply", parent="late-reply"),
        comment("other"),
    )
    assert is_sound()
    levels = dict(Comment.objects.values_list("guid", "level"))
    assert levels == {"root": 0, "late-reply": 1, "reply": 2, "other": 0}
    assert Post.objects.get(guid="tea").comment_count == 4


def test_categories_are_numbered_by_name_below_their_parents(load):
    load(category("North", parent=["asia"]), category("Asia"), category("Africa"))
    assert is_sound()
    paths = Category.objects.in_tree_order().values_list("path", flat=True)
    assert list(paths) == ["africa", "asia", "asia/north"]


def test_tree_columns_in_a_fixture_are_not_believed(load):
    elsewhere = make_comment(make_post())
    lies = {"lft": 7, "rght": 9, "level": 3, "tree_id": elsewhere.tree_id}
    load(post("tea"), comment("root", **lies), category("Asia", **lies))
    assert is_sound()
    assert Comment.objects.get(guid="root").tree_id != elsewhere.tree_id


def test_what_is_here_keeps_its_place(load):
    make_category("Europe")
    root = make_comment(make_post(guid="tea"), guid="root")
    reply = make_comment(root.post, parent=root, guid="reply")
    load(comment("new", parent="reply"), category("Asia"))
    assert is_sound()
    assert list(
        Comment.objects.order_by("lft").values_list("guid", "tree_id", "level")
    ) == [
        ("root", root.tree_id, 0),
        ("reply", reply.tree_id, 1),
        ("new", root.tree_id, 2),
    ]


def test_a_reply_can_become_a_root_and_a_root_a_reply(load):
    root = make_comment(make_post(guid="tea"), guid="root")
    make_comment(root.post, parent=root, guid="reply")
    load(comment("reply"), comment("root", parent="reply"))
    assert is_sound()
    levels = dict(Comment.objects.values_list("guid", "level"))
    assert levels == {"reply": 0, "root": 1}


def test_loading_again_changes_nothing_at_all(load):
    rows = [
        ("blog.user", {"username": "carol", "password": "!", "display_name": "Carol"}),
        category("Asia"),
        ("blog.category", {"name": "South Asia", "parent": ["asia"]}),
        ("blog.tag", {"name": "C++"}),
        post("tea", author=["carol"], categories=[["asia"], ["south-asia"]]),
        post("undated", published_at=None),
        ("blog.taggedpost", {"tag": ["C++"], "content_object": ["tea"]}),
        comment("root"),
        comment("reply", parent="root"),
        ("blog.page", {"guid": "team", "title": "Team", "parent": ["about"]}),
        ("blog.page", {"guid": "about", "title": "About"}),
    ]
    load(*rows)
    before = every_row()
    assert all(before[f"blog_{table}"] for table in ("user", "post_categories", "tag"))
    load(*rows)
    assert every_row() == before


def test_the_documents_load_twice_without_a_change():
    call_command("loaddata", "documents", verbosity=0)
    before = every_row()
    call_command("loaddata", "documents", verbosity=0)
    assert every_row() == before
    assert is_sound()


def test_an_account_that_is_here_is_left_alone(load, bob):
    password = bob.password
    rights = {"username": "bob", "password": "x", "is_superuser": True, "email": ""}
    load(("blog.user", rights))
    bob.refresh_from_db()
    assert bob.password == password
    assert bob.email == "bob@example.org"
    assert not bob.is_superuser


def test_what_is_excluded_stays_out(load):
    load(("blog.user", {"username": "carol"}), category("A"), exclude=["blog.user"])
    assert not User.objects.exists()
    assert Category.objects.exists()


def test_new_accounts_and_tags_get_slugs_of_their_own(load):
    make_user("dora")
    load(
        ("blog.user", {"username": "carol", "display_name": "Carol Lee"}),
        ("blog.user", {"username": "erin", "display_name": "Carol Lee"}),
        ("blog.tag", {"name": "C++"}),
        ("blog.tag", {"name": "C"}),
    )
    assert set(User.objects.values_list("slug", flat=True)) == {
        "dora-writes",
        "carol-lee",
        "carol-lee-2",
    }
    assert set(Tag.objects.values_list("slug", flat=True)) == {"c-plus-plus", "c"}


def test_pages_find_their_paths_whatever_their_order(load):
    load(
        ("blog.page", {"guid": "a", "slug": "team", "parent": ["b"]}),
        ("blog.page", {"guid": "b", "title": "About"}),
        ("blog.page", {"guid": "c", "slug": "team"}),
        ("blog.page", {"guid": "d", "title": "Story", "parent": ["b"]}),
        ("blog.page", {"guid": "e", "title": "Story"}),
    )
    assert dict(Post.objects.values_list("guid", "path")) == {
        "a": "about/team",
        "b": "about",
        "c": "team",
        "d": "about/story",
        "e": "story",
    }


def test_counts_are_those_of_the_comments_not_of_the_file(load):
    load(post("tea", comment_count=99), comment("one"), comment("two", state="spam"))
    assert Post.objects.get(guid="tea").comment_count == 1


@pytest.mark.parametrize(
    "rows",
    [
        [category("Asia", parent=["north"]), category("North", parent=["asia"])],
        [
            post("tea"),
            comment("one", parent="two"),
            comment("two", parent="one"),
        ],
        [
            post("tea"),
            post("coffee"),
            comment("one", post=["coffee"]),
            comment("two", parent="one"),
        ],
        [
            ("blog.page", {"guid": "a", "title": "A", "parent": ["b"]}),
            ("blog.page", {"guid": "b", "title": "B", "parent": ["a"]}),
        ],
    ],
    ids=["categories", "comments", "another post", "pages"],
)
def test_parents_that_make_no_tree_are_refused(load, rows):
    before = every_row()
    with pytest.raises(CommandError):
        load(*rows)
    assert every_row() == before


@time_machine.travel("2026-01-01T12:00Z", tick=False)  # JSON holds milliseconds
def test_a_dump_with_all_its_numbers_comes_back_sound(tmp_path):
    root = make_comment(make_post(categories=[make_category("Asia")]))
    make_comment(root.post, parent=root)
    dump = StringIO()
    call_command("dumpdata", "blog", "comments", stdout=dump)
    path = tmp_path / "dump.json"
    path.write_text(dump.getvalue())

    before = every_row()
    call_command("loaddata", str(path), verbosity=0)
    assert every_row() == before

    Post.objects.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    assert is_sound()
    assert [node.parent for node in trees.read(Comment.objects.all())] == [
        None,
        root.pk,
    ]


# --- Numbers ----------------------------------------------------------------------


def numbered(number: object, row: tuple[str, dict]) -> dict:
    model, fields = row
    return {"model": model, "number": number, "fields": fields}


@pytest.fixture
def load_numbered(tmp_path):
    def load(*rows: dict, verbosity: int = 0) -> str:
        path, out = tmp_path / "numbered.json", StringIO()
        path.write_text(json.dumps(rows))
        call_command("loaddata", str(path), verbosity=verbosity, stdout=out)
        return out.getvalue()

    return load


def test_posts_and_comments_keep_the_numbers_nobody_has_here(load_numbered, client):
    rows = [
        numbered(12, post("tea")),
        numbered(40, comment("late-reply", parent="root")),
        numbered(7, comment("root")),
    ]
    load_numbered(*rows)
    assert is_sound()
    assert Post.objects.get().pk == 12
    assert client.get("/?p=12")["Location"] == "/2006/11/30/about-tea/"
    numbers = dict(Comment.objects.values_list("guid", "pk"))
    assert numbers == {"root": 7, "late-reply": 40}
    # What comes next is numbered behind them.
    assert make_comment(Post.objects.get()).pk > 40
    before = every_row()
    load_numbered(*rows)
    assert every_row() == before


def test_a_number_somebody_has_here_stays_theirs(load_numbered, client):
    here = make_comment(make_post())
    load_numbered(
        numbered(here.post_id, post("tea")),
        numbered(here.pk, comment("root")),
        numbered(here.pk + 1, comment("other")),
    )
    assert is_sound()
    loaded = dict(Comment.objects.values_list("guid", "pk"))
    assert loaded[here.guid] == here.pk
    assert loaded["other"] == here.pk + 1
    # Not the number of one that comes later in the file.
    assert loaded["root"] > here.pk + 1
    led = client.get(f"/?p={here.post_id}")["Location"]
    assert led == "/2006/11/30/about-tea/"


def test_comments_that_get_other_numbers_are_counted(load_numbered):
    here = make_comment(make_post())
    rows = [numbered(1, post("tea")), numbered(here.pk, comment("root"))]
    said = load_numbered(*rows, verbosity=1)
    assert "1 comment could not keep its number" in said
    assert "its number" not in load_numbered(*rows, verbosity=1)


def test_a_number_no_column_holds_gives_another_one(load_numbered, client):
    load_numbered(numbered(10**30, post("tea")), numbered(10**30, comment("root")))
    assert client.get(f"/?p={10**30}")["Location"] == "/2006/11/30/about-tea/"
    assert Comment.objects.get().pk < 10**6


@pytest.mark.parametrize("number", ["12", 0, -4, 1.5, True, [12], {}])
def test_what_is_no_number_is_refused(load_numbered, number):
    with pytest.raises(CommandError, match="is not the number of a row"):
        load_numbered(numbered(number, post("tea")))
    assert not Post.objects.exists()
