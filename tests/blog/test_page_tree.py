"""The list of pages is a tree whose pages can be moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import page_order
from blog.models import Page, Post, Redirect
from blog.page_order import Way, Where
from tests.blog.test_admin_posts import said
from tests.builders import make_page, make_user

LIST = "/admin/blog/page/"


@pytest.fixture
def pages(db):
    """About with Team and History below it, and Contact."""
    about = make_page("About")
    make_page("Team", parent=about)
    make_page("History", parent=about)
    make_page("Contact")
    return {page.title: page for page in Page.objects.all()}


def press(client, page, way):
    return client.post(f"{LIST}{page.pk}/move/", {"move": way}, follow=True)


def put(client, page, where, target):
    url = f"{LIST}{page.pk}/move/"
    return client.post(url, {"where": where, "target": target}, follow=True)


def shown(client):
    return [page.title for page in client.get(LIST).context["cl"].result_list]


@pytest.mark.parametrize(
    ("title", "ways", "order"),
    [
        ("Contact", ["up"], ["Contact", "About", "History", "Team"]),
        ("About", ["down"], ["Contact", "About", "History", "Team"]),
        ("Team", ["up"], ["About", "Team", "History", "Contact"]),
        ("History", ["out"], ["About", "Team", "History", "Contact"]),
        ("Contact", ["in", "up"], ["About", "History", "Contact", "Team"]),
        ("Contact", ["in", "up", "up"], ["About", "Contact", "History", "Team"]),
    ],
)
def test_a_step_moves_a_page_with_all_below_it(
    client, alice, pages, title, ways, order
):
    client.force_login(alice)
    for way in ways:
        press(client, pages[title], way)
    assert shown(client) == order


def test_a_new_parent_is_a_new_address_and_the_old_one_leads_there(
    client, alice, pages
):
    client.force_login(alice)
    response = press(client, pages["Contact"], "in")
    assert said(response) == ["“Contact” stands below “About” now: /about/contact/"]
    assert Redirect.objects.get().new_path == "/about/contact/"
    press(client, pages["Contact"], "out")
    assert Page.objects.get(title="Contact").path == "contact"


@pytest.mark.parametrize(
    ("title", "way"),
    [("About", "up"), ("About", "in"), ("Contact", "down"), ("About", "out")],
)
def test_where_there_is_nothing_to_go_past_it_says_so(client, alice, pages, title, way):
    client.force_login(alice)
    before = shown(client)
    assert "can't go there" in said(press(client, pages[title], way))[0]
    assert shown(client) == before


@pytest.mark.parametrize("way", ["", "sideways"])
def test_an_odd_way_moves_nothing(client, alice, pages, way):
    client.force_login(alice)
    before = shown(client)
    press(client, pages["Team"], way)
    assert shown(client) == before


def test_the_trash_is_no_neighbour(client, alice, pages):
    client.force_login(alice)
    Page.objects.filter(title="History").update(status=Post.Status.TRASH)
    assert "can't go there" in said(press(client, pages["Team"], "up"))[0]


def test_only_steps_that_can_be_gone_have_a_button(client, alice, pages):
    client.force_login(alice)
    listed = client.get(LIST).context["cl"].result_list
    assert {page.title: sorted(page.ways) for page in listed} == {
        "About": ["down"],
        "History": ["down", "out"],
        "Team": ["in", "out", "up"],
        "Contact": ["in", "up"],
    }


def test_a_search_shows_no_buttons(client, alice, pages):
    client.force_login(alice)
    assert 'value="up"' in client.get(LIST).content.decode()
    assert 'value="up"' not in client.get(f"{LIST}?q=Team").content.decode()


def test_pages_of_the_list_go_on_in_the_tree(client, alice, pages, monkeypatch):
    client.force_login(alice)
    monkeypatch.setattr("blog.admin.posts.PageAdmin.list_per_page", 2)
    second = client.get(f"{LIST}?p=2").context["cl"].result_list
    assert [page.title for page in second] == ["Team", "Contact"]


def test_an_author_moves_no_pages(client, db, pages):
    client.force_login(make_user("anton", role="Author"))
    assert client.post(f"{LIST}{pages['Team'].pk}/move/").status_code == 403


def test_looking_moves_nothing(client, alice, pages):
    client.force_login(alice)
    assert client.get(f"{LIST}{pages['Team'].pk}/move/").status_code == 403


def test_the_list_takes_as_many_queries_for_30_pages_as_for_4(
    client, alice, pages, django_assert_max_num_queries
):
    client.force_login(alice)
    for number in range(26):
        make_page(f"Page {number}", parent=pages["About"])
    with django_assert_max_num_queries(12):
        client.get(LIST)


@pytest.mark.parametrize(
    ("title", "where", "target", "order", "path"),
    [
        (
            "Contact",
            "before",
            "Team",
            ["About", "History", "Contact", "Team"],
            "about/contact",
        ),
        (
            "Contact",
            "below",
            "Team",
            ["About", "History", "Team", "Contact"],
            "about/team/contact",
        ),
        ("Team", "after", "Contact", ["About", "History", "Contact", "Team"], "team"),
        (
            "History",
            "after",
            "Team",
            ["About", "Team", "History", "Contact"],
            "about/history",
        ),
        ("About", "after", "Contact", ["Contact", "About", "History", "Team"], "about"),
    ],
)
def test_a_page_is_put_anywhere(
    client, alice, pages, title, where, target, order, path
):
    client.force_login(alice)
    response = put(client, pages[title], where, pages[target].pk)
    assert title in said(response)[0]
    assert shown(client) == order
    assert Page.objects.get(pk=pages[title].pk).path == path


@pytest.mark.parametrize("target", ["About", "Team", None])
def test_a_page_stands_neither_below_itself_nor_nowhere(client, alice, pages, target):
    client.force_login(alice)
    pk = pages[target].pk if target else 999_999
    assert "can't go there" in said(put(client, pages["About"], "below", pk))[0]
    assert shown(client) == ["About", "History", "Team", "Contact"]


@pytest.mark.parametrize("where", ["", "beside", "before"])
def test_a_place_that_is_none_is_refused_in_words(client, alice, pages, where):
    client.force_login(alice)
    assert "can't go there" in said(put(client, pages["Team"], where, "x"))[0]


steps = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(list(Way))), max_size=8)


class AnyWalk(TestCase):
    @given(steps)
    def test_any_steps_leave_a_sound_tree_with_every_page(self, steps):
        pages = [make_page(name) for name in "abcde"]
        for number, way in steps:
            can = way in page_order.ways()[pages[number].pk]
            assert can == (page_order.move(pages[number], way) is not None)
        assert len(page_order.ranks()) == Page.objects.count()
        assert list(Page.objects.faults()) == []

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 4), st.sampled_from(list(Where)), st.integers(0, 4)
            ),
            max_size=8,
        )
    )
    def test_any_places_leave_a_sound_tree_with_every_page(self, places):
        pages = [make_page(name) for name in "abcde"]
        for number, where, target in places:
            moved = page_order.put(pages[number], where, pages[target].pk)
            if moved and where == Where.BELOW:
                assert moved.parent_id == pages[target].pk
        assert len(page_order.ranks()) == Page.objects.count()
        assert list(Page.objects.faults()) == []
