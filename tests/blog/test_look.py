"""The look in the settings: theme, colour, logo, cover; and where they are seen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog import colours, themes
from blog.models import SiteSettings
from tests.blog.test_admin_site import SETTINGS, settings_form
from tests.builders import make_media, make_post, make_user


@pytest.fixture
def keeper(client, db):
    client.force_login(make_user("kit", role="Administrator"))
    return client


def save(client, **fields):
    response = client.post(SETTINGS, settings_form(client, **fields))
    return response, SiteSettings.current()


def test_a_theme_is_chosen_from_drawings(keeper):
    page = keeper.get(SETTINGS).text
    for theme in themes.THEMES:
        assert f"blog/themes/{theme}.svg" in page
    assert save(keeper, theme="classic")[1].theme == "classic"
    response, site = save(keeper, theme="kubrick")
    assert (response.status_code, site.theme) == (200, "classic")


def test_a_colour_is_kept_or_left_to_the_theme(keeper):
    assert save(keeper, accent="#1e90ff")[1].accent == "#1e90ff"
    page = keeper.get(SETTINGS).text
    assert 'value="#1e90ff"' in page
    assert "dark: #" in page
    _, site = save(keeper, accent="#1e90ff", **{"accent-own": "on"})
    assert site.accent == ""


def test_what_is_no_colour_is_refused_in_words(keeper):
    for wrong in ("red", "#12345", "#12345g", "#fff;}{", "#１２３４５６"):
        response, site = save(keeper, accent=wrong)
        assert "A colour is written with six digits" in response.text
        assert site.accent == ""


@pytest.mark.parametrize("theme", themes.THEMES)
def test_the_field_shows_the_themes_own_colour(keeper, theme):
    SiteSettings(theme=theme).save()
    field = keeper.get(SETTINGS).context["adminform"].form["accent"]
    context = field.field.widget.get_context("accent", "", {})
    assert colours.HEX.fullmatch(context["default"])
    assert context["default"] == context["own"][theme]


def test_pictures_are_chosen_from_the_library(keeper):
    logo, cover = make_media(), make_media()
    _, site = save(keeper, logo=logo.pk, cover=cover.pk)
    assert (site.logo, site.cover) == (logo, cover)
    page = keeper.get(SETTINGS).text
    assert "data-media-choices" in page
    response, _ = save(keeper, logo=99999)
    assert "There is no picture with this number in the library." in response.text


def test_a_logo_stands_beside_the_name(client, db):
    SiteSettings(title="The Wire", logo=make_media((300, 300), alt="A knot")).save()
    page = client.get("/").text
    assert "<span>The Wire</span></a>" in page
    assert 'alt="" width="56" height="56"' in page
    assert "A knot" not in page


def test_a_wide_logo_is_the_name(client, db):
    SiteSettings(title="The Wire", logo=make_media((900, 300))).save()
    page = client.get("/").text
    assert 'alt="The Wire" width="168" height="56"' in page
    assert "<span>The Wire</span>" not in page


def test_any_proportion_has_a_size(client, db):
    for size in ((4, 900), (900, 4), (1, 1)):
        SiteSettings(title="The Wire", logo=make_media(size)).save()
        assert 'class="logo"' in client.get("/").text


def test_the_cover_is_on_the_first_page_alone(client, db):
    for _ in range(3):
        make_post()
    cover = make_media((1700, 600), alt="A shore", focal_x=0.2)
    SiteSettings(cover=cover, posts_per_page=2).save()
    page = client.get("/").text
    assert '<div class="cover focus-x-2 focus-y-5">' in page
    assert 'alt="A shore" width="1700" height="600"' in page
    assert "cover" not in client.get("/page/2/").text
    assert "cover" not in client.get("/archives/").text


def test_pictures_cost_one_query_where_there_are_some(
    client, db, django_assert_num_queries
):
    client.get("/")
    with CaptureQueriesContext(connection) as before:
        client.get("/")
    SiteSettings(logo=make_media(), cover=make_media()).save()
    with django_assert_num_queries(len(before) + 1):
        client.get("/")


def test_the_library_says_what_the_blog_shows(keeper):
    logo, cover = make_media(), make_media()
    SiteSettings(logo=logo, cover=cover).save()
    page = keeper.get(f"/admin/blog/media/{logo.pk}/change/").text
    assert "The blog’s logo" in page
    assert "Nowhere so far." not in page
    page = keeper.get(f"/admin/blog/media/{cover.pk}/delete/").text
    assert "It is the cover of the home page, which would have none then." in page
    assert keeper.get("/admin/blog/media/").text.count("used in 1 place") == 2


def test_a_deleted_logo_leaves_the_name(keeper):
    logo = make_media()
    SiteSettings(title="The Wire", logo=logo).save()
    keeper.post(f"/admin/blog/media/{logo.pk}/delete/", {"post": "yes"})
    page = keeper.get("/").text
    assert "The Wire" in page
    assert 'class="logo"' not in page
