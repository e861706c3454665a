"""What happens to an address before a view sees it, and after it found nothing."""

import pytest

from blog.models import Redirect
from tests.builders import make_page

pytestmark = pytest.mark.django_db
REFUSE_NUL = "blog.middleware.RefuseNulMiddleware"


@pytest.fixture(autouse=True)
def _refuse_nul(settings):
    others = [name for name in settings.MIDDLEWARE if name != REFUSE_NUL]
    settings.MIDDLEWARE = [REFUSE_NUL, *others]


@pytest.mark.parametrize(
    "url", ["/a%00b/", "/?p=1%00", "/?%00=1", "/nowhere/?a=1&a=%00", "/tag/%00/"]
)
def test_an_address_with_a_nul_is_refused_in_words(client, url):
    response = client.get(url)
    assert response.status_code == 400
    assert "can’t be an address" in response.text


def test_an_address_without_one_is_let_through(client):
    assert client.get("/?utm=1%2500").status_code == 200


# --- What moved ---------------------------------------------------------------


def moved(old: str, new: str) -> None:
    Redirect.objects.create(old_path=old, new_path=new)


@pytest.mark.parametrize(
    ("old", "asked"),
    [
        ("/old.html", "/old.html"),
        ("/old.html", "/old.html?utm=1"),
        ("/old.html", "/old.html/"),
        ("/wp-content/uploads/x.jpg", "/wp-content/uploads/x.jpg"),
        ("/index.php?p=4", "/index.php?p=4"),
        ("/?page_id=4", "/?page_id=4"),
        ("/%EC%B0%A8/", "/차/"),
        ("/%EC%B0%A8/", "/차/?utm=1"),
        ("/차/", "/%EC%B0%A8/?utm=1"),
        ("/%EC%B0%A8.html", "/차.html"),
    ],
)
def test_an_old_address_leads_to_the_new_one_at_once(client, old, asked):
    moved(old, "/tea/")
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, "/tea/")


def test_the_address_with_its_query_says_more(client):
    moved("/old/", "/tea/")
    moved("/old/?lang=de", "/tee/")
    assert client.get("/old/?lang=de")["Location"] == "/tee/"
    assert client.get("/old/?lang=fr")["Location"] == "/tea/"


def test_an_old_address_without_its_slash_gets_there(client):
    make_page("Tea")
    moved("/old/", "/tea/")
    response = client.get("/old?utm=1", follow=True)
    assert response.redirect_chain == [("/tea/", 301)]


def test_what_is_there_is_not_led_away_from(client):
    make_page("Tea")
    moved("/tea/", "/elsewhere/")
    assert client.get("/tea/").status_code == 200
    assert client.get("/tea")["Location"] == "/tea/"


@pytest.mark.parametrize("kind", ["category", "tag"])
def test_further_pages_of_a_list_move_along(client, kind):
    moved(f"/{kind}/old/", f"/{kind}/new/")
    response = client.get(f"/{kind}/old/page/2/")
    assert response["Location"] == f"/{kind}/new/page/2/"
