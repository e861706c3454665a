"""`/webmention/`: taken by programs and by hand, and what became of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from blog.models import Post, SiteSettings
from comments.models import Comment, IncomingPing
from comments.pings import limits, standing
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
SOURCE = "https://there.example/about-talks"
DOOR = "/webmention/"
FORM = "application/x-www-form-urlencoded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
State = IncomingPing.State


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME


@pytest.fixture
def post():
    return make_post("Talks", slug="talks")


def here(post) -> str:
    return HOME + post.get_absolute_url()


def send(client, body, content_type=FORM, **headers):
    return client.generic("POST", DOOR, body, content_type, headers=headers)


def tell(client, post, source=SOURCE, **headers):
    return send(client, f"source={source}&target={here(post)}", **headers)


def only() -> IncomingPing:
    return IncomingPing.objects.get()


def assert_private(response) -> None:
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert "Accept" in response["Vary"]
    assert not response.cookies


def test_a_program_is_told_where_to_ask_what_became_of_it(client, post):
    response = tell(client, post)
    assert response.status_code == 201
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Location"] == f"{HOME}/webmention/{only().token}/"
    assert response["Location"] in response.text
    assert_private(response)
    assert (only().kind, only().state) == ("webmention", "waiting")
    assert only().ip_address == "127.0.0.1"


def test_told_twice_it_has_one_status_page(client, post):
    assert tell(client, post)["Location"] == tell(client, post)["Location"]


def test_addresses_come_percent_encoded(client, post):
    source = "https%3A%2F%2Fthere.example%2F%3Fa%3Db%26c%3D%C3%A4+"
    assert tell(client, post, source).status_code == 201
    assert only().source_url == "https://there.example/?a=b&c=%C3%A4"


@pytest.mark.parametrize(
    "body",
    [
        "&",
        "source={source}",
        "target={target}",
        "source=&target={target}",
        "source={source}&target=",
        "source={source}&source={source}&target={target}",
        "source={source}&target={target}&target={target}",
        "source={source}&target={target}" + "&a=b" * 60,
        "Source={source}&Target={target}",
        "source=nonsense&target={target}",
        "source={source}&target=nonsense",
        "source={source}&target={source}",
        "source={target}&target={target}",
        "source={source}&target=https://blog.example.org/",
        "source=ftp://there.example/&target={target}",
        "source=http://127.0.0.1/&target={target}",
        "source=%00&target=%ff",
        "source={source}&target={target}%00a",
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(client, post, body):
    response = send(client, body.format(source=SOURCE, target=here(post)))
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r"[A-Z].*\.\n", response.text)
    assert_private(response)
    assert not IncomingPing.objects.exists()


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data; boundary=x", "", "x"]
)
def test_it_is_sent_as_a_form_and_in_no_other_way(client, post, content_type):
    body = f'{{"source": "{SOURCE}", "target": "{here(post)}"}}'
    response = send(client, body, content_type)
    assert response.status_code == 415
    assert FORM in response.text


def test_a_charset_beside_the_type_is_fine(client, post):
    body = f"source={SOURCE}&target={here(post)}"
    assert send(client, body, f"{FORM}; charset=UTF-8").status_code == 201


def test_what_is_too_long_is_not_read(client, post):
    response = tell(client, post, "https://there.example/" + "a" * 66_000)
    assert response.status_code == 413
    assert tell(client, post, "https://there.example/" + "a" * 3000).status_code == 400
    assert send(client, f"source={SOURCE}&target=" + "a" * 3000).status_code == 400


def test_only_asking_and_telling_can_be_done(client):
    assert client.put(DOOR).status_code == 405
    assert client.delete(DOOR).status_code == 405
    assert client.head(DOOR).status_code == 200


def test_too_many_are_told_when_to_come_back(client, post, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FROM_ADDRESS_AN_HOUR", 1)
    tell(client, post)
    response = tell(client, post, "https://other.example/")
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "in an hour" in response.text


def test_a_full_queue_says_so(client, post, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WAITING", 1)
    tell(client, post)
    response = tell(client, post, "https://other.example/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) == 900
    assert "in 15 minutes" in response.text


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(min_size=1, max_size=300)
    | st.from_regex(rb"(source|target|%..|=|&|http)*")
)
def test_whatever_bytes_come_they_are_answered(client, body):
    assert send(client, body).status_code in (400, 415)


# --- By hand ------------------------------------------------------------------


def fields_of(response) -> dict[str, str]:
    inputs = LexborHTMLParser(response.text).css("main form input[name]")
    return {node.attributes["name"]: node.attributes.get("value") for node in inputs}


def test_a_person_finds_a_form(client, post):
    response = client.get(DOOR, {"target": here(post)})
    assert fields_of(response) == {"source": None, "target": here(post)}
    assert_private(response)


def test_a_person_sees_at_once_what_became_of_it(client, post):
    response = tell(client, post, Accept=BROWSER)
    assert response.status_code == 201
    assert response["Content-Type"].startswith("text/html")
    assert "waits to be looked at" in response.text
    assert response["Location"].endswith(f"{only().token}/")


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ("source=&target={target}", "source", "where your page is"),
        ("source={source}&target=", "target", "which post"),
        ("source=there.example/a&target={target}", "source", "begin with http"),
        ("source={source}&target=https://blog.example.org/x/", "target", "nothing at"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, post, body, field, sentence):
    body = body.format(source=SOURCE, target=here(post))
    response = send(client, body, Accept=BROWSER)
    assert response.status_code == 400
    wrong = LexborHTMLParser(response.text).css(".field.has-error")
    assert [node.css_first("input").attributes["name"] for node in wrong] == [field]
    assert sentence in wrong[0].css_first(".field-error").text()
    # What was typed is still there.
    typed = dict(part.split("=", 1) for part in body.split("&"))
    assert {name: value or "" for name, value in fields_of(response).items()} == typed


def test_what_is_typed_comes_back_as_text(client):
    response = send(client, 'source="><script>&target=<b>', Accept=BROWSER)
    assert fields_of(response) == {"source": '"><script>', "target": "<b>"}


def test_the_page_works_behind_the_strict_policy(client, post):
    page = client.get(DOOR).text
    assert "<script" not in page.partition("<main")[2]
    assert "style=" not in page
    assert "csrf" not in page


# --- What became of it --------------------------------------------------------


def settle(client, post, state, comment_state=None, **fields) -> str:
    """The path of the status page of a ping that stands so."""
    tell(client, post)
    ping = only()
    if comment_state:
        ping.comment = make_comment(
            post, kind="webmention", source_url=SOURCE, state=comment_state
        )
    ping.state = state
    for name, value in fields.items():
        setattr(ping, name, value)
    ping.save()
    return f"{DOOR}{ping.token}/"


def as_json(client, path) -> dict[str, str]:
    response = client.get(path, headers={"Accept": "application/json"})
    assert_private(response)
    return response.json()


@pytest.mark.parametrize(
    ("state", "comment_state", "word"),
    [
        (State.WAITING, None, "waiting"),
        (State.WAITING, "approved", "waiting"),
        (State.TAKEN, "approved", "verified"),
        (State.TAKEN, "pending", "held"),
        (State.REFUSED, None, "refused"),
        (State.GONE, "trash", "removed"),
    ],
)
def test_it_says_what_became_of_it(client, post, state, comment_state, word):
    path = settle(client, post, state, comment_state, reason="No link.")
    said = as_json(client, path)
    assert (said["source"], said["target"]) == (SOURCE, here(post))
    assert said["status"] == word
    page = client.get(path)
    assert_private(page)
    assert said["message"] in LexborHTMLParser(page.text).body.text()
    assert ("response" in said) == (word == "verified")
    assert "no-referrer" in page["Referrer-Policy"]


def test_a_refusal_gives_its_reason(client, post):
    path = settle(client, post, State.REFUSED, reason="The page <b>is</b> gone.")
    assert as_json(client, path)["message"] == "The page <b>is</b> gone."
    assert "The page &lt;b&gt;is&lt;/b&gt; gone." in client.get(path).text


def test_it_leads_to_the_response(client, post):
    path = settle(client, post, State.TAKEN, "approved")
    response = as_json(client, path)["response"]
    assert response == HOME + only().comment.get_absolute_url()
    assert f'href="{response}"' in client.get(path).text


def test_who_writes_spam_is_told_what_everybody_is_told(client, post):
    path = settle(client, post, State.TAKEN, "pending")
    held = as_json(client, path), client.get(path).text
    for state in ("spam", "trash"):
        Comment.objects.update(state=state)
        assert (as_json(client, path), client.get(path).text) == held


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"password": "secret"}])
def test_nothing_is_told_of_a_post_that_is_not_public_any_more(client, post, fields):
    path = settle(client, post, State.TAKEN, "approved")
    Post.objects.update(**fields, title="Secret talks")
    assert "response" not in as_json(client, path)
    assert "Secret talks" not in client.get(path).text


def test_no_token_no_page(client, post):
    tell(client, post)
    for path in ("/webmention/nothing/", f"/webmention/{only().token[:-1]}/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/webmention/{only().token}/").status_code == 405


def test_a_closed_post_says_when_it_closed(client):
    SiteSettings(close_after_days=14).save()
    old = make_post(published_at=timezone.now() - timedelta(days=15))
    response = tell(client, old)
    assert response.status_code == 400
    assert "Pings closed 14 days" in response.text


def test_a_page_that_will_be_looked_at_again_says_when_and_why(client, post):
    later = timezone.now() + timedelta(days=2)
    fields = {"attempts": 1, "reason": "It answered 503.", "due_at": later}
    path = settle(client, post, State.WAITING, **fields)
    said = as_json(client, path)["message"]
    assert said.startswith("It could not be read just now. It answered 503. It will be")
    assert f"again {standing.when(later)}." in said


def test_whose_page_has_changed_finds_the_form_filled_in(client, post):
    page = LexborHTMLParser(client.get(settle(client, post, State.REFUSED)).text)
    again = page.css_first('main a[href^="/webmention/?"]').attributes["href"]
    form = LexborHTMLParser(client.get(again).text)
    typed = {
        f.attributes["name"]: f.attributes.get("value") for f in form.css("main input")
    }
    assert typed == {"source": SOURCE, "target": here(post)}


def test_what_a_browser_sent_leads_to_its_own_page(client, post):
    page = tell(client, post, Accept=BROWSER)
    assert f'href="{page["Location"]}"' in page.text
