"""What is read of pages as people's software writes them."""

from datetime import UTC, datetime
from urllib.parse import urljoin

import mf2py
import pytest
from requests.structures import CaseInsensitiveDict

from blog.fetch import Answer
from comments.pings import sources
from comments.pings.refusals import NoLink

TARGET = "https://blog.example.org/2006/11/30/talks/"
SOURCE = "https://there.example/2006/12/answer/"


def got(body, kind="text/html", encoding=None, url=SOURCE) -> Answer:
    raw = body.encode(encoding or "utf-8") if isinstance(body, str) else body
    headers = CaseInsensitiveDict({"Content-Type": kind} if kind else {})
    return Answer(url, 200, headers, raw, encoding)


def read(body, target=TARGET, *, is_exact=False, **how):
    return sources.read(got(body, **how), target, is_exact=is_exact)


def has_link(body, **how) -> bool:
    try:
        read(body, **how)
    except NoLink:
        return False
    return True


# --- Is there a link?


@pytest.mark.parametrize(
    "link",
    [
        f'<a href="{TARGET}">it</a>',
        f"<A HREF={TARGET}>it</A>",
        f"<a class='x' title='a > b' href='{TARGET}'>it",
        f'<a href="{TARGET}#comment-4">it</a>',
        '<a href="HTTPS://BLOG.example.org:443/2006/11/30/talks/">it</a>',
        '<a href="  //blog.example.org/2006/11/30/talks/\n">it</a>',
        '<a href="https://blog.example.org/2006/11&#47;30/talks/">it</a>',
        f'<map><area href="{TARGET}" alt="it"></map>',
        f'<table><tr><td><p><a href="{TARGET}">it</a></table>',
        f'<!-- a --><!--> <a href="{TARGET}">it</a>',
        f'<svg><title>x</title></svg><a href="{TARGET}">it</a>',
        f'{"<div>" * 500}<a href="{TARGET}">it</a>',
        f'<!doctype html><html><head><body class="h-feed"><p>x<p><a href="{TARGET}">',
    ],
)
def test_a_link_is_found(link):
    assert has_link(f"<body>{link}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        TARGET,
        f'<a href="{TARGET}more/">it</a>',
        '<a href="http://blog.example.org/2006/11/30/talks/">it</a>',
        f"<!-- <a href='{TARGET}'>it</a> -->",
        f"<!-- > <a href='{TARGET}'>it</a> ",
        f"<script>'<a href=\"{TARGET}\">it</a>'</script>",
        f"<template><a href='{TARGET}'>it</a></template>",
        f"<noscript><a href='{TARGET}'>it</a></noscript>",
        f"<textarea><a href='{TARGET}'>it</a></textarea>",
        f"<title><a href='{TARGET}'>it</a></title>",
        f"&lt;a href='{TARGET}'&gt;it&lt;/a&gt;",
        f"<a title='<a href={TARGET}>'>it</a>",
        f"<link rel=canonical href='{TARGET}'>",
        f"<img src='{TARGET}'>",
        f"<a data-href='{TARGET}'>it</a>",
        f"<a href='{TARGET}",
    ],
)
def test_no_link_is_found(text):
    assert not has_link(text)


def test_a_link_stands_relative_to_the_page_or_to_its_base():
    assert has_link('<a href="../../11/30/talks/">', url=f"{TARGET}../../../12/x/")
    base = '<base href="https://blog.example.org/2006/">'
    assert has_link(f'{base}<a href="11/30/talks/">it</a>')


@pytest.mark.parametrize(
    "element",
    ["<img src={}>", "<video src={}>", "<iframe src={}></iframe>", "<audio src={}>"],
)
def test_to_a_webmention_what_is_shown_counts_too(element):
    page = element.format(TARGET)
    assert has_link(page, is_exact=True)
    assert not has_link(page)


def test_to_a_webmention_the_fragment_counts():
    page = f'<a href="{TARGET}#comment-4">it</a>'
    assert has_link(page, target=f"{TARGET}#comment-4", is_exact=True)
    assert not has_link(page, is_exact=True)


def test_escapes_are_the_same_in_either_case():
    page = '<a href="https://blog.example.org/caf%c3%a9/">it</a>'
    assert has_link(page, target="https://blog.example.org/caf%C3%A9/", is_exact=True)
    assert has_link(page, target="https://blog.example.org/café/")


# --- Other media types


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"I read {TARGET}.", True),
        (f"({TARGET}) is good", True),
        (f"<{TARGET}>", True),
        (f"{TARGET}more", False),
        (f"{TARGET}?x=1", False),
        (f"https://archive.example/{TARGET}", False),
        (f"https://a.example/ {TARGET}", True),
    ],
)
def test_in_plain_text_the_whole_address_stands(text, expected):
    assert has_link(text, kind="text/plain; charset=utf-8") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'{{"a": [{{"in-reply-to": ["{TARGET}"]}}]}}', True),
        (f'{{"{TARGET}": 1}}', False),
        (f'["I read {TARGET}"]', False),
        (f'["{TARGET}"', False),
        ("[" * 100_000, False),
        (f'[{"9" * 5000}, "{TARGET}"]', True),
    ],
)
def test_in_json_a_string_is_the_address(text, expected):
    assert has_link(text, kind="application/json") == expected
    assert has_link(text, kind="application/mf2+json") == expected


@pytest.mark.parametrize("kind", ["image/png", "application/rss+xml", "text/xml"])
def test_nothing_else_is_read(kind):
    with pytest.raises(NoLink, match=f"the page is {kind.replace('+', '.')}"):
        read(f'<a href="{TARGET}">it</a>', kind=kind)


def test_what_names_no_media_type_is_html():
    assert has_link(f'<a href="{TARGET}">it</a>', kind="")


# --- In which letters

SAID = "Přečetl jsem"


@pytest.mark.parametrize(
    ("head", "encoding", "header"),
    [
        ("", "utf-8", None),
        ("", "iso-8859-2", "iso-8859-2"),
        ("<meta charset=windows-1250>", "windows-1250", None),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-2">',
            "iso-8859-2",
            None,
        ),
        ("", "utf-16", None),
        ("<meta charset=utf-16>", "utf-8", None),
        ("<meta charset=punycode>", "utf-8", "no-such-thing"),
    ],
)
def test_the_letters_are_read_as_they_were_written(head, encoding, header):
    page = f'<title>{SAID}</title><a href="{TARGET}">it</a>'
    body = f"{head}{page}".encode(encoding)
    answer = Answer(SOURCE, 200, {"Content-Type": "text/html"}, body, header)
    assert sources.read(answer, TARGET).title == SAID


def test_what_is_no_utf_8_is_western():
    body = f'<title>Caf\xe9 \x93x\x94</title><a href="{TARGET}">'.encode("latin-1")
    assert read(body).title == "Café “x”"


# --- What the page says

LONG = "word " * 60
AROUND = f'<p>{LONG}and <b>I</b> read <a href="{TARGET}">the news</a>, too. {LONG}</p>'


def test_an_excerpt_is_a_hundred_characters_each_side():
    excerpt = read(f"<body><p>Other.</p>{AROUND}").excerpt
    assert excerpt.startswith("[…] word word")
    assert "and I read the news, too. word" in excerpt
    assert excerpt.endswith("word […]")
    assert len(excerpt) <= 2 * 100 + len("the news") + len("[…]  […]")


def test_a_short_paragraph_takes_its_neighbours_along():
    page = f'<div><p>{LONG}</p><p><a href="{TARGET}">Talks</a></p><p>{LONG}</p></div>'
    assert "word Talks word" in read(page).excerpt


def test_the_navigation_is_not_quoted():
    page = (
        f'<nav><ul><li><a href="{TARGET}">Talks</a><li><a href="/x">Other</a></ul></nav>'
        f"<main>{AROUND}</main>"
    )
    assert "I read the news" in read(page).excerpt


def test_an_excerpt_is_plain_text():
    page = (
        f'<p>a &lt;b&gt; &amp; <img alt="x>y">c<script>d</script>\u202e\x07\n\n'
        f'<a href="{TARGET}">it\u200b</a><br>e'
    )
    assert read(page).excerpt == "[…] a <b> & c it e […]"


@pytest.mark.parametrize(
    ("head", "title", "site"),
    [
        ("<title>Talks | There</title>", "Talks", "There"),
        ("<title>War – and peace – There</title>", "War – and peace", "There"),
        ("<title>A well-set page</title>", "A well-set page", ""),
        (
            "<title>Talks – There</title><meta property=og:site_name content=There>",
            "Talks",
            "There",
        ),
        (
            "<title>War – peace</title><meta property='og:site_name' content='There'>",
            "War – peace",
            "There",
        ),
        (
            "<meta property=og:title content='Talks'>"
            "<meta property=og:site_name content='There'>",
            "Talks",
            "There",
        ),
        ("<title>\n a\u202eb\x00\n c </title>", "ab c", ""),
        ("<title>&lt;b&gt; &amp; c</title>", "<b> & c", ""),
        ("", "", ""),
    ],
)
def test_title_and_site(head, title, site):
    mention = read(f'{head}<a href="{TARGET}">it</a>')
    assert (mention.title, mention.site) == (title, site)


def test_all_is_cut_to_what_is_kept():
    mention = read(
        f"<title>{'t' * 5000} | {'s' * 50}</title><div class=h-entry>"
        f"<a class='p-author h-card' href='/{'u' * 500}'>{'n' * 500}</a>"
        f'<a href="{TARGET}">it</a></div>'
    )
    assert len(mention.title) <= 1000
    assert len(mention.author_name) <= 245
    assert mention.author_url == ""


# --- Microformats

NOTE = f"""
<body class="h-entry"><div class="p-author h-card"><img class="u-photo" src="/a.jpg">
<a class="u-url p-name" href="https://anna.example">Anna</a></div>
<p>In reply to <a class="u-in-reply-to" href="{TARGET}">a post</a></p>
<div class="e-content p-name">Yes, <em>but</em> no.<p>Or so.</p></div>
<time class="dt-published" datetime="2006-12-01T10:00:00+01:00">yesterday</time>
</body>"""

ARTICLE = f"""
<title>On talks — Anna’s pages</title>
<main class="h-feed"><h1 class="p-name">Anna’s pages</h1>
<article class="h-entry"><h2 class="p-name"><a class="u-url" href="/1">On talks</a></h2>
<span class="p-author h-card"><a href="/about" class="u-url">Anna B.</a></span>
<div class="e-content">{AROUND}</div></article>
<article class="h-entry"><h2 class="p-name">Something else</h2>
<span class="p-author h-card">Carl</span></article></main>"""

LIKE = f"""
<div class="h-entry"><a class="p-author h-card" href="https://anna.example">Anna</a>
liked <div class="u-like-of h-cite"><a class="u-url p-name" href="{TARGET}">Talks</a>
by <span class="p-author h-card">Carl</span></div></div>"""

REPOST = f"""
<div class="h-entry"><div class="h-card p-author"><img class="u-photo" alt="Anna">
<a class="u-url" href="/"></a></div> <a class="u-repost-of" href="{TARGET}">this</a>
<blockquote class="e-content">Their words</blockquote></div>"""

BOOKMARK = f"""
<div class="h-entry"><h1 class="p-name">Worth it</h1>
<a class="u-bookmark-of" href="{TARGET}">a page</a><p class="p-summary">Read it.</p>
</div><footer><a class="h-card" rel="me" href="/">Anna</a></footer>"""

OTHERS = f"""
<div class="h-entry"><a class="u-in-reply-to" href="https://else.example/">it</a>
<div class="e-content">I answer somebody, and <a href="{TARGET}">mention</a> you,
which is a good thing to do on any day of the week.</div></div>"""


def test_a_reply_stands_in_its_own_words():
    mention = read(NOTE)
    assert mention.type == "reply"
    assert mention.excerpt == "Yes, but no.\n\nOr so."
    assert (mention.author_name, mention.author_url) == (
        "Anna",
        "https://anna.example/",
    )
    assert mention.published_at == datetime(2006, 12, 1, 9, tzinfo=UTC)
    assert mention.title == ""


def test_a_long_reply_is_cut():
    page = NOTE.replace("Or so.", "Or so. " * 300)
    excerpt = read(page).excerpt
    assert excerpt.startswith("Yes, but no. Or so.")
    assert excerpt.endswith("so. […]")
    assert len(excerpt) < 350


def test_the_entry_around_the_link_speaks():
    mention = read(ARTICLE)
    assert (mention.type, mention.title) == ("mention", "On talks")
    assert mention.site == "Anna’s pages"
    assert mention.author_name == "Anna B."
    assert mention.author_url == "https://there.example/about"
    assert "and I read the news, too." in mention.excerpt


@pytest.mark.parametrize(
    ("page", "type_", "author", "excerpt"),
    [
        (LIKE, "like", "Anna", ""),
        (REPOST, "repost", "Anna", ""),
        (BOOKMARK, "bookmark", "Anna", "[…] Worth it a page Read it. Anna […]"),
    ],
)
def test_a_like_a_repost_and_a_bookmark(page, type_, author, excerpt):
    mention = read(page)
    assert (mention.type, mention.author_name) == (type_, author)
    assert mention.excerpt == excerpt


def test_an_answer_to_something_else_is_a_mention():
    mention = read(OTHERS)
    assert mention.type == "mention"
    assert "I answer somebody, and mention you" in mention.excerpt


@pytest.mark.parametrize("page", [NOTE, ARTICLE, LIKE, REPOST, BOOKMARK])
def test_another_reader_of_microformats_says_the_same(page):
    mention = read(page)
    items = mf2py.parse(doc=page, url=SOURCE)["items"]
    feed = next((item for item in items if item["type"] == ["h-feed"]), None)
    entry = (feed["children"] if feed else items)[0]
    said = entry["properties"]
    content = " ".join(said["content"][0]["value"].split()) if "content" in said else ""
    name = said.get("name", [""])[0]
    if mention.title:
        assert mention.title == name
    if mention.type == "reply":
        assert " ".join(mention.excerpt.split()) == content
    cards = said.get("author") or [item for item in items if item["type"] == ["h-card"]]
    [author] = cards[0]["properties"]["name"]
    assert mention.author_name == author
    [url] = cards[0]["properties"]["url"]
    assert mention.author_url.rstrip("/") == urljoin(SOURCE, url).rstrip("/")
    relation = {"reply": "in-reply-to"}.get(mention.type, f"{mention.type}-of")
    assert (mention.type == "mention") == (relation not in said)
