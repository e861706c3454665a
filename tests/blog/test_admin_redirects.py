"""Redirects made at the desk: what is refused, in words, and what follows."""

import pytest

from blog.models import MissedAddress, Redirect
from tests.builders import at, make_category, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/redirect/add/"


@pytest.fixture
def desk(client, alice, settings):
    settings.SITE_URL = "https://blog.example.org"
    client.force_login(alice)
    return client


def refused(desk, old: str, new: str) -> str:
    """The sentence beside the field; empty where it was taken."""
    answer = desk.post(ADD, {"old_path": old, "new_path": new})
    if answer.status_code == 302:
        return ""
    errors = answer.context["adminform"].form.errors
    return " ".join(sentence for field in errors.values() for sentence in field)


def test_an_address_in_use_is_refused(desk):
    author = make_user("dmitri", role="Author")
    make_post(
        slug="tea", published_at=at("2006-11-30 12:00"), tags=["asia"], author=author
    )
    make_category("Trade", make_category("News"))
    make_page("Team", parent=make_page("About"))
    for path in (
        "/",
        "/2006/11/30/tea/",
        "/2006/11/30/tea/feed/",
        "/2006/",
        "/2006/11/",
        "/2006/11/30/",
        "/tag/asia/",
        "/tag/asia/feed/",
        "/category/news/trade/",
        "/author/dmitri-writes/",
        "/about/team/",
        "/archives/",
        "/feed/",
        "/admin/",
        "/?article=7",
    ):
        assert "is not led on" in refused(desk, path, "/elsewhere/"), path
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/2006/11/30/coffee/",
        "/2005/",
        "/2006/02/30/",
        "/0000/",
        "/tag/africa/",
        "/category/asia/",
        "/author/dmitri-writes/",
        "/about/",
        "/index.php?p=12",
        "/?p=99",
        "/old.html",
        "/차/",
        "/wp-content/uploads/x.jpg",
    ],
)
def test_an_address_at_which_nothing_is_can_be_led_on(desk, path):
    assert refused(desk, path, "/archives/") == ""


def test_what_is_not_public_is_no_address_in_use(desk):
    make_page("About", status="draft")
    assert refused(desk, "/about/", "/archives/") == ""


def test_a_whole_address_of_this_blog_is_taken_for_its_path(desk):
    whole = "https://blog.example.org"
    assert refused(desk, f"{whole}/old.html#top", f"{whole}/archives/") == ""
    assert str(Redirect.objects.get()) == "/old.html → /archives/"
    assert "begins with a slash" in refused(desk, "https://else.example/x", "/")
    assert "begins with a slash" in refused(desk, "//else.example/x", "/")


def test_a_circle_is_refused(desk):
    refused(desk, "/a/", "/b/")
    assert "leads back to the old address" in refused(desk, "/b/", "/a/")
    assert "leads back to the old address" in refused(desk, "/차/", "/%EC%B0%A8/")
    assert Redirect.objects.count() == 1


def test_a_chain_becomes_one_step_from_either_end(desk, client):
    refused(desk, "/b/", "/archives/")
    refused(desk, "/a/", "/b/")
    refused(desk, "/tags-of-old/", "/c/")
    refused(desk, "/c/", "/tags/")
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {
        "/a/": "/archives/",
        "/b/": "/archives/",
        "/c/": "/tags/",
        "/tags-of-old/": "/tags/",
    }


def test_a_redirect_can_be_changed_and_the_row_of_the_list_goes(desk):
    MissedAddress.objects.create(path="/old/")
    refused(desk, "/old/", "/archives/")
    pk = Redirect.objects.get().pk
    url = f"/admin/blog/redirect/{pk}/change/"
    desk.post(url, {"old_path": "/old/", "new_path": "/tags/"})
    assert Redirect.objects.get().new_path == "/tags/"
    assert not MissedAddress.objects.exists()


def test_a_place_at_which_nothing_is_is_taken_with_a_warning(desk):
    fields = {"old_path": "/old/", "new_path": "/to-come/"}
    answer = desk.post(ADD, fields, follow=True)
    assert "There is nothing at /to-come/ yet." in answer.text
    assert Redirect.objects.exists()
