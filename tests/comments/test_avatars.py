"""A picture for each writer, drawn here."""

from xml.dom import minidom

import pytest
from django.test import override_settings

from comments import avatars

KEY = "0123456789abcdef01234567"


def test_a_key_stands_for_an_address_however_it_is_written():
    key = avatars.key_of("Ann@Example.org ", "Ann")
    assert key == avatars.key_of("ann@example.org", "Somebody else")
    assert avatars.is_key(key)


def test_without_an_address_the_name_tells_people_apart():
    assert avatars.key_of("", "Ann") == avatars.key_of("", " ann")
    assert avatars.key_of("", "Ann") != avatars.key_of("", "Ben")
    assert avatars.key_of("", "ann@example.org") != avatars.key_of(
        "ann@example.org", ""
    )


def test_another_blog_has_another_key_for_the_same_address():
    here = avatars.key_of("ann@example.org", "")
    with override_settings(SECRET_KEY="another"):
        assert avatars.key_of("ann@example.org", "") != here


def test_drawings_are_small_and_differ():
    keys = [avatars.key_of(f"reader{number}@example.org", "") for number in range(300)]
    drawings = {avatars.identicon(key) for key in keys}
    assert len(drawings) >= 299
    for drawing in drawings:
        assert len(drawing.encode()) < 1000
        minidom.parseString(drawing)  # noqa: S318  our own


@pytest.mark.django_db
def test_a_drawing_is_served_for_ever_without_a_query(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = client.get(avatars.url_of(KEY))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    assert response.content.decode() == avatars.identicon(KEY)


@pytest.mark.parametrize(
    "key", ["", "0" * 23, "0" * 25, "G" * 24, KEY.upper(), KEY + "%0a", "%D9%A1" * 24]
)
def test_what_is_no_key_is_not_found(client, db, key):
    assert client.get(f"/avatar/{key}.svg").status_code == 404
