"""Links in the texts of a blog that moves in lead to where its pages are read here."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog import publishing
from blog.models import Post, Redirect
from blog.transfer.links import Links
from blog.transfer.records import BlogRecord, PostRecord
from blog.transfer.rewriting import addresses_in
from comments.models import Comment
from tests.builders import at, make_page, make_post

pytestmark = pytest.mark.django_db

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbour</title>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>{home}</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>mara</wp:author_login></wp:author>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>ferries</wp:category_nicename><wp:category_parent>boats</wp:category_parent><wp:cat_name>Ferries</wp:cat_name></wp:category>
<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>boats</wp:category_nicename><wp:cat_name>Boats</wp:cat_name></wp:category>
"""
ITEM = """<item><title>{slug}</title><link>{home}{path}</link>
<guid isPermaLink="false">{guid}</guid>
<content:encoded><![CDATA[{body}]]></content:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{date} 10:00:00</wp:post_date>
<wp:post_date_gmt>{date} 10:00:00</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>
<wp:post_parent>{parent}</wp:post_parent>
<category domain="category" nicename="ferries">Ferries</category>
<category domain="post_tag" nicename="night">Night</category></item>
"""
HOME = "https://harbour.example"


def item(number: int, slug: str, path: str, body: str = "", **given: object) -> str:
    told = {"kind": "post", "parent": 0, "date": "2009-04-03", "home": HOME}
    told["guid"] = f"{HOME}/?p={number}"
    return ITEM.format(number=number, slug=slug, path=path, body=body, **told | given)


def export(tmp_path: Path, *items: str, home: str = HOME) -> Path:
    source = tmp_path / "export.xml"
    text = HEAD.format(home=home) + "".join(items) + "</channel></rss>"
    source.write_text(text, encoding="utf-8")
    return source


def run(source: Path) -> str:
    out = StringIO()
    call_command("import_blog", str(source), stdout=out)
    return out.getvalue()


def links(*addresses: str) -> str:
    return " ".join(f'<a href="{address}">x</a>' for address in addresses)


def led(slug: str = "first") -> list[str]:
    body = Post.objects.get(slug=slug).body
    return [piece.partition('"')[0] for piece in body.split('href="')[1:]]


TARGET = item(2, "second", "/2009/04/03/second/")
PAGES = item(
    51, "piers", "/about/piers/", kind="page", parent=50, guid=f"{HOME}/?page_id=51"
) + item(50, "about", "/about/", kind="page", guid=f"{HOME}/?page_id=50")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"{HOME}/2009/04/03/second/", "/2009/04/03/second/"),
        ("http://www.harbour.example/2009/04/03/second", "/2009/04/03/second/"),
        ("//harbour.example:443/2009/04/03/second/#more-2",) * 2,
        ("//harbour.example/2009/04/03/second/#more", "/2009/04/03/second/#more"),
        ("/2009/04/03/second/comment-page-2/#comment-7",) * 2,
        (
            f"{HOME}/2009/04/03/second/comment-page-2/#comment-7",
            "/2009/04/03/second/comment-page-2/#comment-7",
        ),
        (f"{HOME}/?p=2", "/2009/04/03/second/"),
        (f"{HOME}/index.php?p=2#comment-3", "/2009/04/03/second/#comment-3"),
        ("/?page_id=51", "/about/piers/"),
        ("/about/piers/", "/about/piers/"),
        (f"{HOME}/about/piers", "/about/piers/"),
        (f"{HOME}/category/boats/ferries/", "/category/boats/ferries/"),
        (f"{HOME}/category/ferries/", "/category/boats/ferries/"),
        (f"{HOME}/tag/night/feed/rss2/", "/tag/night/feed/"),
        (f"{HOME}/2009/04/", "/2009/04/"),
        (f"{HOME}/?m=200904", "/2009/04/"),
        (f"{HOME}/feed/rss/", "/feed/"),
        (f"{HOME}/wp-rss2.php", "/feed/"),
        (f"{HOME}", "/"),
        (f"{HOME}/?utm_source=x", "/"),
        (f"{HOME}/?s=oars", "/search/?q=oars"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_link_leads_to_where_it_is_read(tmp_path, old, new, is_first):
    first = item(1, "first", "/2009/04/03/first/", links(old))
    others = [TARGET, PAGES]
    source = export(tmp_path, *([first, *others] if is_first else [*others, first]))
    run(source)
    assert led() == [new]
    before = Post.objects.get(slug="first")
    again = run(source)
    assert "4 already here" in again
    assert Post.objects.get(slug="first").body_html == before.body_html


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/2009/04/03/second/",
        f"{HOME}/2009/04/03/never/",
        f"{HOME}/2011/",
        f"{HOME}/wp-content/uploads/2009/04/boat.jpg",
        f"{HOME}:8080/?p=2",
        "mailto:mara@harbour.example",
        "#comment-2",
        "?p=2",
        "../second/",
        f"{HOME}/%00",
        "https://[x/",
    ],
)
def test_what_is_not_known_here_stays_as_it_is(tmp_path, address):
    body = links(address)
    run(export(tmp_path, item(1, "first", "/2009/04/03/first/", body), TARGET))
    assert led() == [address]


@pytest.mark.parametrize("asked", ["%CE%B1%CE%BB/", "%ce%b1%ce%bb/", "αλ/", "αλ"])
def test_an_old_address_is_known_in_any_spelling(tmp_path, client, asked):
    path = "/archives/%ce%b1%ce%bb/"
    text = item(1, "first", "/2009/04/03/first/", links(f"{HOME}/archives/{asked}"))
    run(export(tmp_path, item(2, "alpha", path), text))
    assert client.get(f"/archives/{asked}")["Location"] == "/2009/04/03/alpha/"
    assert led() == ["/2009/04/03/alpha/"]


def test_a_page_that_was_here_before_is_not_what_the_old_blog_meant(tmp_path):
    make_page("About")
    text = item(1, "first", "/2009/04/03/first/", links("/about/", "/about/piers/"))
    source = export(tmp_path, text, PAGES)
    run(source)
    assert led() == ["/about-2/", "/about-2/piers/"]
    assert "3 already here" in run(source)


COMMENT = """<wp:comment><wp:comment_id>{number}</wp:comment_id>
<wp:comment_content><![CDATA[{text}]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved></wp:comment></item>"""


def answered(written: str, *texts: str) -> str:
    below = "".join(COMMENT.format(number=n, text=t) for n, t in enumerate(texts, 1))
    return written.replace("</item>", below.replace("</item>", "")) + "</item>"


def said() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("body", flat=True))


@pytest.mark.parametrize("is_first", [True, False])
def test_links_of_those_who_answered_lead_on_too(tmp_path, is_first):
    first = answered(
        item(1, "first", "/2009/04/03/first/"),
        f'<a href="{HOME}/?p=2#comment-9">Here</a> & <b>there</b>',
        f"{HOME}/?p=2 as it was typed",
        f'<a href="{HOME}/?p=3">nowhere</a>',
    )
    source = export(tmp_path, *([first, TARGET] if is_first else [TARGET, first]))
    run(source)
    led_on = '<a href="/2009/04/03/second/#comment-9">Here</a> & <b>there</b>'
    assert said()[0] == led_on
    assert said()[1:] == [
        f"{HOME}/?p=2 as it was typed",
        f'<a href="{HOME}/?p=3">nowhere</a>',
    ]
    comment = Comment.objects.get(body=led_on)
    assert 'href="/2009/04/03/second/#comment-9"' in comment.body_html
    kept = Comment.objects.get(body=led_on)
    kept.save()
    assert (kept.body_html, kept.text_key) == (comment.body_html, comment.text_key)
    assert "Comments: 3 already here" in run(source)
    assert said()[0] == led_on


def test_what_was_edited_of_them_here_is_left_alone(tmp_path):
    text = links(f"{HOME}/?p=2")
    run(export(tmp_path, answered(item(1, "first", "/2009/04/03/first/"), text)))
    Comment.objects.update(edited_at=at("2010-01-01 12:00"))
    again = answered(item(1, "first", "/2009/04/03/first/"), text)
    run(export(tmp_path, again, TARGET))
    assert said() == [text]


def test_what_was_edited_here_is_left_alone(tmp_path):
    source = export(
        tmp_path, item(1, "first", "/2009/04/03/first/", links("/?p=2")), TARGET
    )
    run(source)
    post = Post.objects.get(slug="first")
    post.body = links("/?p=2")
    publishing.save_post(post)
    assert "1 left as it is" in run(source)
    assert led() == ["/?p=2"]


def test_a_blog_below_a_folder_and_under_a_former_name(tmp_path):
    home = "https://harbour.example/log"
    text = links(
        f"{home}/?p=2",
        "/log/2009/04/03/second/",
        "/log/category/ferries/",
        "https://log.wordpress.com/2009/04/03/second/#comment-1",
        "/other/",
        "https://harbour.example/2009/04/03/second/",
    )
    guid = "https://log.wordpress.com/?p={}".format
    run(
        export(
            tmp_path,
            item(1, "first", "/2009/04/03/first/", text, home=home, guid=guid(1)),
            item(2, "second", "/2009/04/03/second/", home=home, guid=guid(2)),
            home=home,
        )
    )
    second = "/2009/04/03/second/"
    assert led() == [
        second,
        second,
        "/category/boats/ferries/",
        f"{second}#comment-1",
        "/other/",
        "https://harbour.example/2009/04/03/second/",
    ]


def named(records: list[PostRecord]) -> dict[str, set[str]]:
    return {record.guid: addresses_in(record.body) for record in records}


def test_many_links_cost_as_few_queries_as_one(tmp_path):
    def queries(count: int) -> int:
        links_ = Links(BlogRecord(url=HOME))
        texts = [
            links(*(f"{HOME}/?p={n}", f"{HOME}/a-{n}/b/")) for n in range(1, count + 1)
        ]
        records = [
            PostRecord(guid=f"{n}", title="", body=text, published_at=None)
            for n, text in enumerate(texts)
        ]
        with CaptureQueriesContext(connection) as asked:
            links_.prepare(records, named(records))
        return len(asked)

    assert queries(60) == queries(1) <= 12


def test_many_texts_that_are_led_on_cost_as_few_queries_as_one(tmp_path):
    def queries(count: int) -> int:
        Redirect.objects.all().delete()
        links_ = Links(BlogRecord(url=HOME))
        posts = [
            make_post(f"A {n}", body=links(f"{HOME}/?p=9999")) for n in range(count)
        ]
        records = [
            PostRecord(guid=post.guid, title="", body=post.body, published_at=None)
            for post in posts
        ]
        links_.prepare(records, named(records))
        links_.wait(records, {post.guid: post for post in posts})
        made = make_post("Later")
        Redirect.leave("/?p=9999", made.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            assert links_.settle() == count
        body = Post.objects.get(pk=posts[-1].pk).body
        assert body == links(made.get_absolute_url())
        # One statement is told once for each row.
        return len({query["sql"][:60] for query in asked})

    assert queries(30) == queries(2)


def test_no_query_is_too_large_for_its_database():
    many = links(*(f"{HOME}/a-{number}/b-{number}/?p=x" for number in range(1200)))
    record = PostRecord(guid="1", title="", body=many, published_at=None)
    sizes = []

    def measured(execute, sql, params, *rest):
        sizes.append(len(params or ()))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(measured):
        Links(BlogRecord(url=HOME)).prepare([record], named([record]))
    assert 500 < max(sizes) < 3000
