"""What readers are told of a person, typed by that person at the desk."""

import pytest
from django.urls import reverse

from blog.models import SiteSettings, User
from config.desk.own_profile import SAVED
from tests.blog.test_admin_site import SETTINGS, settings_form
from tests.blog.test_microformats import parsed
from tests.builders import make_post, make_user

pytestmark = pytest.mark.django_db
LINKS = [
    ("Mastodon", "https://social.example/@anna"),
    ("Code", "https://code.example/"),
]


@pytest.fixture
def anna():
    return make_user("anna", role="Contributor")


def rows(name, links):
    fields = {f"{name}-count": len(links)}
    for number, (label, url) in enumerate(links):
        fields |= {f"{name}-{number}-name": label, f"{name}-{number}-url": url}
    return fields


def save(client, **fields):
    values = {"display_name": "Anna", "bio": "", "website": ""} | rows("profiles", [])
    return client.post(reverse("admin:own_profile"), values | fields, follow=True)


def test_everybody_at_the_desk_says_who_they_are(client, anna):
    client.force_login(anna)
    assert reverse("admin:own_profile") in client.get("/admin/").text
    answer = save(
        client,
        display_name="Anna Berg",
        bio="Writes.",
        website="anna.example",
        **rows("profiles", LINKS),
    )
    assert str(SAVED) in answer.text
    anna.refresh_from_db()
    assert anna.public_name == "Anna Berg"
    assert anna.website == "https://anna.example"
    assert anna.profiles == [{"name": name, "url": url} for name, url in LINKS]
    assert anna.username == "anna"
    assert anna.slug == "anna-writes"


def test_what_is_wrong_is_said_and_nothing_is_lost(client, anna):
    client.force_login(anna)
    links = [("Mastodon", "javascript:alert(1)")]
    answer = save(client, bio="Writes.", **rows("profiles", links))
    assert "is no address" in answer.text
    assert "Writes." in answer.text
    assert "Mastodon" in answer.text
    anna.refresh_from_db()
    assert anna.bio == ""


def test_nothing_but_this_can_be_changed_here(client, anna):
    client.force_login(anna)
    save(client, is_superuser="on", slug="other", username="other", role="5")
    anna.refresh_from_db()
    assert (anna.username, anna.slug) == ("anna", "anna-writes")
    assert not anna.is_superuser


def test_readers_have_no_profile(client, bob):
    client.force_login(bob)
    assert client.get(reverse("admin:own_profile")).status_code == 302


def test_an_authors_page_is_a_whole_card(client, anna, settings):
    settings.SITE_URL = "https://blog.example"
    User.objects.filter(pk=anna.pk).update(
        bio="Writes.",
        website="https://anna.example/",
        profiles=[{"name": name, "url": url} for name, url in LINKS],
    )
    make_post("Talks", author=anna)
    found = parsed(client, "/author/anna-writes/")
    assert found["rels"]["me"] == ["https://anna.example/", *(url for _, url in LINKS)]
    (feed,) = found["items"]
    (card,) = feed["properties"]["author"]
    said = card["properties"]
    assert said["name"] == ["Anna"]
    assert said["note"] == ["Writes."]
    assert {"https://anna.example/", *(url for _, url in LINKS)} < set(said["url"])
    (photo,) = said["photo"]
    address = photo if isinstance(photo, str) else photo["value"]
    picture = client.get(address.removeprefix("https://blog.example"))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    SiteSettings(show_avatars=False).save()
    assert "u-photo" not in client.get("/author/anna-writes/").text


def test_the_blog_says_where_else_its_keeper_is(client):
    keeper = make_user("kit", role="Administrator")
    client.force_login(keeper)
    client.post(SETTINGS, settings_form(client) | rows("profiles", LINKS))
    client.logout()
    addresses = [url for _, url in LINKS]
    for path in ("/", make_post().get_absolute_url()):
        assert sorted(set(parsed(client, path)["rels"]["me"])) == sorted(addresses)
    home = client.get("/").text
    for name, url in LINKS:
        assert f'<link rel="me" href="{url}">' in home
        assert f'<a rel="me" href="{url}">{name}</a>' in home
