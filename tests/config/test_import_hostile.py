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


TITLE = "<title>A harbour</title>"


@pytest.mark.parametrize(
    "items",
    [
        item().replace(TITLE, f"<title>A harbour {'x' * 1_000_000}</title>"),
        item().replace("Words", f"<![CDATA[{'<div>' * 10_000}Words]]>"),
        item().replace("Words", f"<![CDATA[{'<blockquote><b>' * 10_000}Words]]>"),
        item().replace("Words", "[caption]" * 10_000),
        item().replace("Words", "<![CDATA[a <![CDATA[ b ]]> c ]]]]><![CDATA[> d]]>"),
        item().replace("Words", "&lt;b&gt;&bogus; &#0; &#xD800; &#1114112; \0 \x0b"),
        item("<wp:menu_order>99999999999</wp:menu_order>"),
        item("<wp:menu_order>-999999999</wp:menu_order>"),
        item("<wp:post_parent>-1</wp:post_parent>"),
        item("<wp:is_sticky>1e999</wp:is_sticky>", number=99_999_999_999_999_999),
        item(number=-5),
        item("<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>"),
        item("<wp:post_date>0001-01-01 00:00:00</wp:post_date>"),
        item("<wp:post_date_gmt>2007-02-30 25:61:61</wp:post_date_gmt>"),
        item(f"<wp:post_name>{LONG}</wp:post_name>"),
        item(f"<wp:post_password>{LONG}</wp:post_password>"),
        item(f'<category domain="category" nicename="{LONG}">{LONG}</category>'),
        item(f'<category domain="post_tag" nicename="{LONG}">{LONG}</category>'),
        item(comment(ip_address=LONG, author_url=f"http://{LONG}", user_agent=LONG)),
        item(comment().replace("Said", f"<![CDATA[{'<b>' * 10_000}Said]]>")),
        item("".join(comment(number) for number in range(1, 400))),
    ],
    ids=range(21),
)
def test_what_is_too_much_comes_in_too(tmp_path, items):
    test_it_comes_in_and_the_search_goes_on(tmp_path, items, "WordPress")


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
    ],
)
def test_no_entity_of_its_own_is_looked_at(tmp_path, prolog):
    path = tmp_path / "export.xml"
    text = HEAD.format(generator="WordPress").replace("<rss", f"{prolog}<rss", 1)
    path.write_text(
        f"{text}{item()}</channel></rss>".replace("Words", "Words &b; &xxe;")
    )
    call_command("import_blog", str(path), stdout=StringIO())
    assert Post.objects.get().body == "<p>Words &b; &xxe;</p>"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "latin-1"])
def test_any_spelling_of_letters(tmp_path, encoding):
    path = tmp_path / "export.xml"
    text = f"{HEAD.format(generator='WordPress')}{item()}</channel></rss>"
    named = text.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    bom = b"\xff\xfe" if encoding == "utf-16-le" else b""
    path.write_bytes(bom + named.replace("Words", "Wörds").encode(encoding))
    call_command("import_blog", str(path), stdout=StringIO())
    assert Post.objects.get().body == "<p>Wörds</p>"


def ping(number: int) -> str:
    return f"""<wp:comment><wp:comment_id>{number}</wp:comment_id>
    <wp:comment_author_url>https://isle.example/a</wp:comment_author_url>
    <wp:comment_type>pingback</wp:comment_type>
    <wp:comment_content>[...] said [...]</wp:comment_content>
    <wp:comment_approved>1</wp:comment_approved></wp:comment>"""


def test_a_page_that_pinged_twice_comes_in_twice(tmp_path):
    """As old blogs have it: approved once, and once more as spam."""
    for items in (ping(1) + ping(2), ping(1) + ping(2) + ping(3)):
        run(tmp_path, item(items))
        run(tmp_path, item(items))
        assert Comment.objects.count() == items.count("<wp:comment>")
        assert Comment.objects.exclude(source_url="").count() == 1


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
