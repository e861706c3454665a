"""Exports that say what cannot be: they come in, and the blog goes on as before."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from blog.models import Post, User
from blog.search import index
from blog.search.query import search
from comments.models import Comment

pytestmark = pytest.mark.django_db

HEAD = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example</link>
<wp:wxr_version>1.2</wp:wxr_version><generator>{generator}</generator>
"""
LONG = "x" * 5000


def item(inner: str = "", *, number: int = 1, guid: str = "", author: str = "") -> str:
    return f"""<item><title>A harbour</title><guid>{guid or number}</guid>
    <dc:creator>{author}</dc:creator><content:encoded>Words</content:encoded>
    <wp:post_id>{number}</wp:post_id><wp:post_type>post</wp:post_type>
    <wp:status>publish</wp:status>{inner}</item>"""


def comment(number: int = 1, **said: object) -> str:
    return f"""<wp:comment><wp:comment_id>{number}</wp:comment_id>
    <wp:comment_content>Said</wp:comment_content>
    <wp:comment_approved>1</wp:comment_approved>{meta("comment", said)}
    </wp:comment>"""


def meta(kind: str, said: dict[str, object]) -> str:
    """What an export of ours says beyond WordPress's elements."""
    return f"""<wp:{kind}meta><wp:meta_key>_quillback</wp:meta_key>
    <wp:meta_value><![CDATA[{json.dumps(said)}]]></wp:meta_value></wp:{kind}meta>"""


def run(tmp_path, items: str, generator: str = "WordPress") -> None:
    path = tmp_path / "export.xml"
    path.write_text(f"{HEAD.format(generator=generator)}{items}</channel></rss>")
    call_command("import_blog", str(path), stdout=StringIO())


@pytest.mark.parametrize(
    "items",
    [
        item("<pubDate>Fri, 31 Dec 9999 23:59:59 -1400</pubDate>"),
        item("<wp:post_date_gmt>9999-12-31 23:59:59</wp:post_date_gmt>"),
        item("<wp:post_date>9999-12-31 23:59:59</wp:post_date>"),
        item(comment(author_name="half a sign \ud800")),
        item(comment(text="a NUL \0")),
        item(comment(categories=["\ud800"])),
        item(comment(created_at="9999-12-31T23:59:59-14:00")),
        item(comment(created_at="0001-01-01T00:00:00+14:00")),
        item(comment(guid=LONG)),
        item(guid=LONG),
        item(meta("post", {"language": "de ", "meta_title": "\ud800"})),
    ],
)
@pytest.mark.parametrize("generator", ["WordPress", "Quillback"])
def test_it_comes_in_and_the_search_goes_on(tmp_path, items, generator):
    run(tmp_path, items, generator)
    run(tmp_path, items, generator)
    assert Post.objects.count() == 1
    assert Comment.objects.count() == items.count("<wp:comment>")
    index.work()
    assert search("harbour").count == Post.objects.published().count()


@pytest.mark.parametrize("guid", ["", "the same"])
def test_comments_of_one_name_make_no_circle(tmp_path, guid):
    run(tmp_path, item(comment(1, guid=guid) + comment(2, guid=guid)))
    assert Comment.objects.count() == (1 if guid else 2)
    assert not list(Comment.objects.faults())


def test_logins_are_cut_to_what_an_account_has(tmp_path):
    """Two that begin alike are one, and found again."""
    items = item(author=LONG) + item(number=2, author=f"{LONG}y")
    for _ in range(2):
        run(tmp_path, items)
        assert User.objects.count() == 1
    assert Post.objects.filter(author=User.objects.get()).count() == 2
