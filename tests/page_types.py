"""A blog with a page of every kind there is for the public, and where each stands.

Whatever can be ugly is on them: long words, wide tables, deep threads, long names in
another script. Links in mails are signed, so that addresses are made with the blog.
"""

from urllib.parse import urlsplit

from django.utils import timezone

from blog import previews
from blog.models import Post, Redirect, SiteSettings
from comments import owning
from comments.models import IncomingPing, Subscription
from comments.notify import links
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_media,
    make_page,
    make_post,
    make_received_ping,
    make_user,
)

NOTE = '<span class="footnote">A note.</span>'
WORDS = (
    "Nobody at the table had slept well, and it could be seen. The ministers had come "
    "with what their governments would allow them to say, which was little, and with "
    "what they would not be asked about, which was more. By noon the windows were open. "
)
POST = "/2006/11/30/no-progress/"
LOGIN = "/accounts/login/"
# By their names: those at addresses that stay, whatever is made anew.
FIXED = {
    "home": "/",
    "second page": "/page/2/",
    "post": POST,
    "long thread": "/2006/11/25/much-said/comment-page-1/",
    "archives": "/archives/",
    "year at a glance": "/archives/2006/",
    "year": "/2006/",
    "month": "/2006/11/",
    "day": "/2006/11/30/",
    "category": "/category/news/",
    "categories": "/categories/",
    "tag": "/tag/talks/",
    "tags": "/tags/",
    "search": "/search/",
    "found": "/search/?q=deep",
    "nothing found": "/search/?q=xyzzy&kind=page",
    "meant": "/2006/11/no-progres/",
    "author": "/author/dmitri-writes/",
    "page": "/about/",
    "locked": "/2006/11/28/locked/",
    "not found": "/nothing/here/",
    "gone": "/2006/11/27/taken-back/",
    "login": LOGIN,
    "telling of a link": f"/webmention/?target={POST}",
    "preview that is over": "/preview/nonsense/",
    "link that has run out": "/comments/own/nonsense/",
} | {f"ping {state}": f"/webmention/{state}/" for state in IncomingPing.State}


def make_everything(**settings) -> dict[str, str]:
    """Every kind of public page, by a name: its address. `settings` are the site's."""
    SiteSettings(
        title="Notes on Negotiation",
        tagline="politics, patiently",
        menu=[{"name": "Archives", "url": "/archives/"}],
        blogroll=[{"name": "A friend", "url": "https://example.org/"}],
        posts_per_page=3,
        comments_per_page=2,
        logo=make_media((300, 300)),
        cover=make_media((1800, 600), alt="A river"),
        **settings,
    ).save()
    post = _make_posts()
    draft = make_post("Half done", status=Post.Status.DRAFT)
    return (
        FIXED | _of_readers(post) | {"preview": _path(previews.link_to(draft).address)}
    )


def _make_posts() -> Post:
    """The one post with everything on it, and others that are odd in one way each."""
    author = make_user("dmitri", role="Author", bio="Writes.")
    news = make_category("News", description="What happened.")
    post = make_post(
        "No Progress",
        slug="no-progress",
        author=author,
        body=_text(),
        featured_image=make_media(
            alt="A long table", caption="c" * 80, credit="d" * 80
        ),
        categories=[make_category("Asia", news), news],
        tags=["talks"],
        published_at=at("2006-11-30 12:00"),
    )
    make_post("Un" + "breakable" * 22, published_at=at("2006-11-29 12:00"))
    make_post("Locked", password="x", published_at=at("2006-11-28 12:00"))
    said = make_post("Much said", published_at=at("2006-11-25 12:00"))
    for _number in range(5):
        make_comment(said)
    make_page("About", comments_open=False)
    last = None
    for number in range(10):
        last = make_comment(
            post, f"Deep {number} " + "z" * 100, parent=last, author_name="محمد" * 9
        )
    _let_others_say_something(post)
    Redirect.objects.create(old_path="/2006/11/27/taken-back/", new_path="")
    return post


def _text() -> str:
    """What a text may be made of, and what does not fit into a line."""
    wide = "<table><tr>" + "<td>unbreakable_cell_content</td>" * 12 + "</tr></table>"
    code = "def walk(tree):  # every one\n    return [node or 'leaf' for node in tree]"
    parts = [f"<h2>Part {number}</h2><p>{WORDS * 4}</p>" for number in range(4)]
    return (
        f"<p>Text.{NOTE}</p>{''.join(parts)}<pre>{'x' * 300}</pre>{wide}<p>{'y' * 300}</p>"
        f'<pre><code class="language-python">{code}</code></pre>'
        "<blockquote><p>Said.</p><cite>Somebody</cite></blockquote>"
    )


def _let_others_say_something(post: Post) -> None:
    """Each kind of ping; with a title, a long one, and none; and what came of some."""
    url = "https://a.example/" + "p" * 200
    make_comment(post, "[…] x […]", kind="pingback", source_url=url)
    make_comment(post, "x", kind="pingback", author_name="Nobody's page")
    long = {"source_title": "T" * 200, "source_site": "S" * 80}
    make_comment(post, "x", kind="trackback", source_url=url, **long)
    person = {"author_name": "محمد" * 9, "author_url": "https://m.example/"}
    for kind in ("reply", "like", "repost", "bookmark"):
        said = {"source_url": f"{url}/{kind}", "source_data": {"type": kind}} | person
        make_comment(post, "كتب", kind="webmention", source_title="حول " * 9, **said)
    for state in IncomingPing.State:
        fields = {"token": state, "state": state, "attempts": 1, "reason": "x" * 200}
        make_received_ping(post, source_url=f"{url}/{state}", **fields)


def _of_readers(post: Post) -> dict[str, str]:
    """What a reader is sent to: an answer, their own comment, mails and no mails."""
    first = post.comments.get(parent=None, kind="comment")
    # Its writer may still change it.
    fresh = make_comment(post, "Just said.", created_at=timezone.now())
    told = Subscription.objects.create(post=post, email="reader@example.org")
    return {
        "answering": f"{POST}?replytocom={first.pk}",
        "own comment": f"/comments/own/{owning.sign(fresh)}/",
        "mails, wanted": _path(links.confirm(told, first)),
        "mails, no more": _path(links.leave(told)),
    }


def _path(address: str) -> str:
    return urlsplit(address).path
