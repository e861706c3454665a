"""What happens to an address before a view sees it, and after it found nothing."""

import pytest

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
