"""Categories on the write page: a tree to tick, and one added in place."""

import pytest
from django.contrib.admin.models import LogEntry

from blog.models import Category, Post
from tests.blog.test_admin_posts import ADD, form
from tests.builders import make_category, make_post, make_user

ADD_IN_PLACE = "/admin/blog/category/add-in-place/"


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def add(client, name, parent=""):
    return client.post(ADD_IN_PLACE, {"name": name, "parent": parent})


def test_it_is_stored_below_its_parent_and_says_where_it_stands(editor):
    asia, news = make_category("Asia"), make_category("News")
    africa = make_category("Africa", news)
    answer = add(editor, "  East\n Asia ", asia.pk).json()
    east = Category.objects.get(name="East Asia")
    assert (east.parent, east.path) == (asia, "asia/east-asia")
    assert answer == {
        "pk": east.pk,
        "name": "East Asia",
        "level": 1,
        "after": asia.pk,
        "is_new": True,
        "sentence": "“East Asia” is added.",
    }
    assert add(editor, "Zebras").json()["after"] == africa.pk
    assert add(editor, "Aardvarks").json()["after"] is None
    assert LogEntry.objects.filter(object_repr="East Asia").exists()


@pytest.mark.parametrize(
    ("there", "typed"), [("News", "news"), ("Ökologie", " ökologie ")]
)
def test_the_same_name_in_the_same_place_is_found_and_not_doubled(editor, there, typed):
    category = make_category(there)
    answer = add(editor, typed).json()
    assert (answer["pk"], answer["is_new"]) == (category.pk, False)
    assert "is here already" in answer["sentence"]
    assert Category.objects.count() == 1


def test_the_same_name_in_another_place_is_another_category(editor):
    asia = make_category("Asia", make_category("News"))
    answer = add(editor, "Asia").json()
    assert answer["is_new"]
    assert answer["pk"] != asia.pk


@pytest.mark.parametrize(
    ("name", "parent", "sentence"),
    [
        ("  ", "", "A category needs a name."),
        ("x" * 201, "", "at most 200 characters"),
        ("Asia", "999", "is not here any more"),
        ("Asia", "x", "is not here any more"),
        ("Asia", "9" * 30, "is not here any more"),
    ],
)
def test_a_refusal_says_why(editor, name, parent, sentence):
    response = add(editor, name, parent)
    assert response.status_code == 400
    assert sentence in response.json()["sentence"]
    assert not Category.objects.exists()


@pytest.mark.parametrize("role", ["Author", "Contributor"])
def test_who_may_not_add_is_not_offered_to(client, db, role):
    client.force_login(make_user("anton", role=role))
    assert add(client, "Asia").status_code == 403
    assert not Category.objects.exists()
    assert "category-adding" not in client.get(ADD).text


def test_it_is_not_added_by_looking(editor):
    assert "category-adding" in editor.get(ADD).text
    assert editor.get(ADD_IN_PLACE, {"name": "Asia"}).status_code == 403
    assert not Category.objects.exists()


def test_it_asks_as_many_queries_among_300_as_among_3(
    editor, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(3):
        make_category(f"Near {number}")
    add(editor, "First")
    with django_assert_max_num_queries(30) as queries:
        add(editor, "Second")
    Category.objects.bulk_create(
        Category(
            name=f"Far {n:03}",
            slug=f"far-{n}",
            path=f"far-{n}",
            lft=1,
            rght=2,
            level=0,
            tree_id=9 + n,
        )
        for n in range(300)
    )
    Category.objects.renumber()
    with django_assert_num_queries(len(queries)):
        add(editor, "Zuletzt")


def test_the_form_asks_as_many_queries_for_300_categories_as_for_30(
    editor, django_assert_num_queries, django_assert_max_num_queries
):
    deep = None
    for number in range(30):
        deep = make_category(f"Level {number}", deep if number < 15 else None)
    make_post(categories=[deep])
    editor.get(ADD)
    with django_assert_max_num_queries(25) as queries:
        page = editor.get(ADD)
    assert 'class="level-9" data-level="14"' in page.text
    for number in range(30):
        make_category(f"More {number}")
    with django_assert_num_queries(len(queries)):
        editor.get(ADD)


def test_what_was_used_lately_is_offered_first(editor):
    categories = [make_category(f"Category {number:02}") for number in range(20)]
    for number in (7, 3, 7):
        make_post(categories=[categories[number]])
    page = editor.get(ADD).text
    offered = page.partition("Used lately:")[2].partition("</p>")[0]
    assert offered.index("Category 07") < offered.index("Category 03")
    assert offered.count("<button") == 2


def test_few_categories_are_seen_at_once(editor):
    make_post(categories=[make_category("News")])
    assert "Used lately" not in editor.get(ADD).text


def test_what_is_ticked_is_stored(editor):
    news = make_category("News")
    asia = make_category("Asia", news)
    editor.post(ADD, form(categories=[news.pk, asia.pk], _draft="x"))
    assert set(Post.objects.get().categories.all()) == {news, asia}


IMPOSSIBLE = "9" * 30


def test_a_number_no_category_can_have_is_refused_in_words(client, alice):
    client.force_login(alice)
    response = client.post(ADD, form(categories=IMPOSSIBLE, _draft="x"))
    assert IMPOSSIBLE in response.content.decode()
    assert not Post.objects.exists()


def test_and_where_many_posts_are_changed_together(client, alice):
    client.force_login(alice)
    data = {"posts": make_post(author=alice).pk, "add_categories": IMPOSSIBLE}
    response = client.post("/admin/blog/post/together/", data | {"_show": "1"})
    assert IMPOSSIBLE in response.content.decode()
