"""Categories as a tree one can drag, and tags."""

import pytest
from django.urls import reverse

from blog import trees
from blog.models import Category, Redirect, Tag
from tests.builders import make_category, make_post, make_user

LIST = "/admin/blog/category/"


@pytest.fixture
def forest(db):
    """News with Asia and North Korea below it, and Politics."""
    news = make_category("News")
    asia = make_category("Asia", news)
    make_category("North Korea", asia)
    make_category("Politics")
    return {category.name: category for category in Category.objects.all()}


def drag(client, category, target, position):
    return client.post(
        LIST,
        {
            "cmd": "move_node",
            "position": position,
            "cut_item": category.pk,
            "pasted_on": target.pk,
        },
    )


def paths():
    return list(Category.objects.in_tree_order().values_list("path", flat=True))


def is_sound():
    return not list(trees.faults(trees.read(Category.objects.all())))


def test_dragging_below_another_changes_the_parent(client, alice, forest):
    client.force_login(alice)
    assert (
        drag(client, forest["Asia"], forest["Politics"], "last-child").content == b"OK"
    )
    assert paths() == ["news", "politics", "politics/asia", "politics/asia/north-korea"]
    assert is_sound()


@pytest.mark.parametrize("position", ["left", "right"])
def test_dragging_beside_another_takes_its_parent(client, alice, forest, position):
    client.force_login(alice)
    drag(client, forest["Politics"], forest["Asia"], position)
    assert paths() == ["news", "news/asia", "news/asia/north-korea", "news/politics"]
    assert is_sound()


def test_dragging_to_the_top(client, alice, forest):
    client.force_login(alice)
    drag(client, forest["North Korea"], forest["News"], "left")
    assert paths() == ["news", "news/asia", "north-korea", "politics"]
    assert is_sound()


def test_a_circle_is_refused_in_words(client, alice, forest):
    client.force_login(alice)
    before = paths()
    response = drag(client, forest["News"], forest["North Korea"], "last-child")
    assert response.status_code == 400
    assert paths() == before
    assert "under itself" in client.get(LIST).content.decode()
    assert is_sound()


def test_a_move_leaves_redirects_for_the_whole_branch(client, alice, forest):
    client.force_login(alice)
    drag(client, forest["Asia"], forest["Politics"], "last-child")
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {
        "/category/news/asia/": "/category/politics/asia/",
        "/category/news/asia/north-korea/": "/category/politics/asia/north-korea/",
    }


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_who_may_only_look_cannot_drag(client, forest, role):
    client.force_login(make_user("carol", role=role))
    before = paths()
    drag(client, forest["Asia"], forest["Politics"], "last-child")
    assert paths() == before


def test_a_new_slug_moves_the_branch(client, alice, forest):
    client.force_login(alice)
    url = reverse("admin:blog_category_change", args=[forest["News"].pk])
    client.post(url, {"name": "News", "slug": "world", "parent": "", "description": ""})
    assert "world/asia/north-korea" in paths()
    moved = Redirect.objects.get(old_path="/category/news/asia/")
    assert moved.new_path == "/category/world/asia/"


def test_what_has_categories_below_it_is_not_deleted(client, alice, forest):
    client.force_login(alice)
    url = reverse("admin:blog_category_delete", args=[forest["News"].pk])
    response = client.post(url, {"post": "yes"}, follow=True)
    assert "can&#x27;t be deleted" in response.content.decode()
    assert Category.objects.count() == 4


def test_a_leaf_is_deleted_and_its_posts_stay(client, alice, forest):
    post = make_post(categories=[forest["Politics"]])
    client.force_login(alice)
    url = reverse("admin:blog_category_delete", args=[forest["Politics"].pk])
    client.post(url, {"post": "yes"})
    assert Category.objects.count() == 3
    assert not post.categories.exists()
    assert is_sound()


def test_no_bulk_deletion_goes_round_the_one_door(client, alice, forest):
    client.force_login(alice)
    chosen = [forest["News"].pk]
    client.post(LIST, {"action": "delete_selected", "_selected_action": chosen})
    assert Category.objects.count() == 4


def test_a_renamed_tag_leaves_a_redirect(client, alice):
    make_post(tags=["china"])
    tag = Tag.objects.get()
    client.force_login(alice)
    url = reverse("admin:blog_tag_change", args=[tag.pk])
    client.post(url, {"name": "People's Republic", "slug": "prc"})
    assert Redirect.objects.get().new_path == "/tag/prc/"
    assert "People&#x27;s Republic" in client.get("/admin/blog/tag/").content.decode()
