"""Who may write HTML: editors. Everybody else has the editor, and what is there."""

import pytest

from blog.models import Post
from tests.blog.test_admin_posts import ADD, edit, form
from tests.builders import make_post, make_user

RICH = '<div class="wide"><p>One</p></div>'


@pytest.fixture
def nora(client, db):
    """An author, logged in."""
    nora = make_user("nora", role="Author")
    client.force_login(nora)
    return nora


def page(client, address):
    return client.get(address).content.decode()


def test_an_author_is_not_shown_the_way_to_html(client, nora):
    for address in (ADD, f"{ADD}?html=1"):
        html = page(client, address)
        assert "data-django-prose-editor" in html
        assert 'href="?html=1"' not in html
        assert "&quot;HTML&quot;" not in html


def test_an_editor_is(client, alice):
    client.force_login(alice)
    html = page(client, ADD)
    assert 'href="?html=1"' in html
    assert "&quot;HTML&quot;" in html


@pytest.mark.parametrize(
    "body",
    [
        "<iframe src='https://video.example/'></iframe>",
        RICH,
        '<p onclick="x()">a</p>',
        "<p>a<!-- hidden --></p>",
    ],
)
@pytest.mark.parametrize("role", ["Author", "Contributor"])
def test_what_the_editor_does_not_write_is_refused(client, db, body, role):
    client.force_login(make_user("nora", role=role))
    response = client.post(ADD, form(body=body, _draft="x", as_html="1"))
    assert "Only an editor of the blog may add this markup: &lt;" in (
        response.content.decode()
    )
    assert response.context["adminform"].form["body"].value() == body
    assert not Post.objects.exists()


def test_what_the_editor_writes_is_taken(client, nora):
    body = '<h2>a</h2><p>b</p><hr class="more"><pre><code class="language-c">x</code></pre>'
    client.post(ADD, form(body=body, _draft="x", as_html="0"))
    assert Post.objects.get().body == body.replace('<hr class="more">', "<!--more-->")


def test_markup_that_is_there_stays_and_its_words_change(client, nora):
    post = make_post(body=RICH, author=nora)
    html = page(client, edit(post))
    assert "You can change its words" in html
    changed = RICH.replace("One", "Two").replace("</div>", "\n<p>Three</p></div>")
    client.post(edit(post), form(post, body=changed, _save="x", as_html="1"))
    post.refresh_from_db()
    assert post.body == changed
    more = changed + '<div class="other">x</div>'
    client.post(edit(post), form(post, body=more, _save="x", as_html="1"))
    post.refresh_from_db()
    assert post.body == changed


def test_an_editor_writes_what_they_like(client, alice):
    client.force_login(alice)
    client.post(ADD, form(body=RICH, _draft="x", as_html="1"))
    assert Post.objects.get().body == RICH
