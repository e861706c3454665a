"""Embeds as readers see them: cards that ask nobody, players of one table."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from blog import embed_markup, embeds, html_text, languages, markup, players, publishing
from blog.embed_markup import Card
from blog.models import Embed, EmbedUse, Post
from tests.blog.test_footnotes import is_balanced
from tests.blog.test_markup import ANYTHING, is_active
from tests.builders import make_media, make_post

FIGURE = '<figure class="embed"><a href="{0}">{0}</a></figure>'
FILM = "https://www.youtube.com/watch?v=abcdefghijk"
PAGE = "https://pages.example/one"
PIECES = st.sampled_from(
    [
        FIGURE.format(FILM), FIGURE.format(PAGE), '<figure class="embed">', "</figure>",
        "<figure>", f'<a href="{FILM}">', "</a>", "<figcaption>", "</figcaption>", "word",
        f'<iframe src="{players.player_of(FILM).frame}">', "</iframe>", "<p>", "</p>",
        "<!--more-->", '<span class="footnote">', "</span>", '<div class="embed-stage">',
        "<iframe src=//x>", "<a class=embed-card>", "</div>", "<li>", "<table>",
    ]
)  # fmt: skip
EMBEDDED = st.lists(PIECES | ANYTHING, max_size=20).map("".join)
HOSTILE = Card(
    '"><script>x</script>', "<b>", "'", "<img src=x onerror=y>", "/m.webp", 9, 9
)


def page(rendered: str) -> LexborHTMLParser:
    return LexborHTMLParser(rendered)


def test_what_nothing_is_known_of_is_a_link():
    rendered = markup.render_post(FIGURE.format(PAGE))
    card = page(rendered).css_first("figure.embed > a.embed-card")
    assert card.attributes["href"] == PAGE
    assert card.css_first(".embed-title").text() == "pages.example/one"
    assert "data-frame" not in rendered


def test_words_of_the_author_name_it_until_more_is_known():
    figure = f'<figure class="embed"><a href="{PAGE}">A good page</a></figure>'
    assert "A good page" in markup.render_post(figure)
    known = markup.render_post(figure, cards={PAGE: Card(title="Its title")})
    assert "Its title" in known
    assert "A good page" not in known


def test_a_caption_stays_below_it_with_its_footnote():
    note = '<span class="footnote">n</span>'
    caption = f"<figcaption>So <em>much</em>{note}</figcaption></figure>"
    rendered = markup.render_post(FIGURE.format(PAGE).replace("</figure>", caption))
    assert page(rendered).css_first("figcaption em").text() == "much"
    assert page(rendered).css_first("figcaption [role=doc-noteref]")


@pytest.mark.parametrize(
    ("address", "frame", "shape"),
    [
        (FILM, "www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1", "wide"),
        ("https://youtu.be/ab_c-d?t=90s", "www.youtube-nocookie.com/embed/ab_c-d?autoplay=1&start=90", "wide"),
        ("http://m.youtube.com/watch?a=b&v=abc&x", "www.youtube-nocookie.com/embed/abc?autoplay=1", "wide"),
        ("https://www.youtube.com/shorts/abc", "www.youtube-nocookie.com/embed/abc?autoplay=1", "tall"),
        ("https://vimeo.com/123", "player.vimeo.com/video/123?dnt=1&autoplay=1", "wide"),
        ("https://vimeo.com/123/a1b2", "player.vimeo.com/video/123?dnt=1&autoplay=1&h=a1b2", "wide"),
        ("https://dai.ly/x8ab", "geo.dailymotion.com/player.html?video=x8ab", "wide"),
        ("https://soundcloud.com/a/b", "w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&auto_play=true", "sound"),
        ("https://open.spotify.com/track/1a", "open.spotify.com/embed/track/1a", "sound"),
        ("https://www.ted.com/talks/a_b?c", "embed.ted.com/talks/a_b", "wide"),
    ],
)  # fmt: skip
def test_the_table_knows_players(address, frame, shape):
    player = players.player_of(address)
    assert player.frame == f"https://{frame}"
    assert player.shape == shape
    assert f"https://{player.host}" in players.FRAME_HOSTS


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "https://youtube.com.evil.example/watch?v=abc",
        "https://evil.example/youtube.com/watch?v=abc",
        "https://www.youtube.com/watch?v=",
        'https://www.youtube.com/watch?v=a"b',
        "https://vimeo.com/about",
        "javascript:https://youtu.be/abc",
    ],
)
def test_nothing_else_is_a_player(address):
    assert players.player_of(address) is None


def test_a_page_may_open_frames_of_that_table_and_no_others(client, db):
    policy = client.get("/")["Content-Security-Policy"]
    named = next(part for part in policy.split(";") if "frame-src" in part)
    assert set(named.split()[1:]) == set(players.FRAME_HOSTS)


@pytest.mark.parametrize(
    ("frame", "address"),
    [
        ("//www.youtube.com/embed/abc?rel=0&amp;start=4", "https://www.youtube.com/watch?v=abc&amp;t=4"),
        ("https://player.vimeo.com/video/12?h=ab", "https://vimeo.com/12/ab"),
        ("https://geo.dailymotion.com/player.html?video=x1", "https://www.dailymotion.com/video/x1"),
        ("https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b", "https://soundcloud.com/a/b"),
        ("https://open.spotify.com/embed/album/1a", "https://open.spotify.com/album/1a"),
    ],
)  # fmt: skip
def test_frames_of_old_bodies_are_embeds(frame, address):
    source = f'<p>a</p><p><iframe width="9" src="{frame}" allow></iframe></p><p>b</p>'
    given = embed_markup.from_iframes(source)
    assert given == f"<p>a</p>{FIGURE.format(address)}<p>b</p>"
    assert embed_markup.from_iframes(given) == given
    assert "embed-card" in markup.render_post(source)


def test_other_frames_are_dropped_as_ever():
    source = '<p>a</p><iframe src="https://evil.example/"></iframe>'
    assert embed_markup.from_iframes(source) == source
    assert markup.render_post(source) == "<p>a</p>"


@given(EMBEDDED)
def test_whatever_is_written_is_served_whole_and_tame(source):
    keys = dict.fromkeys(embed_markup.keys_in(source), HOSTILE)
    rendered = markup.render_post(source, cards=keys)
    assert not is_active(rendered)
    assert is_balanced(rendered)
    assert "onerror" not in {a for n in page(rendered).css("*") for a in n.attributes}
    hosts = {n.attributes["data-frame"] for n in page(rendered).css("[data-frame]")}
    assert all(host.startswith(tuple(players.FRAME_HOSTS)) for host in hosts)
    once = embed_markup.from_iframes(source)
    assert embed_markup.from_iframes(once) == once


def test_first_words_and_lists_do_without_cards(db):
    post = make_post(body=f"<p>Look:</p>{FIGURE.format(FILM)}<p>Good.</p>")
    assert post.lead == "Look: Good."
    assert html_text.links_in(post.body_html) == [FILM]


def test_a_post_notes_what_it_embeds_and_forgets_it(db, alice):
    post = make_post(body=FIGURE.format(FILM) + FIGURE.format(PAGE))
    assert {use.embed.url for use in post.embed_uses.all()} == {FILM, PAGE}
    post.body = FIGURE.format(f"{PAGE}#part")
    publishing.save_post(post, alice)
    assert [use.embed.url for use in post.embed_uses.all()] == [PAGE]
    assert Embed.objects.count() == 2


def test_posts_without_embeds_cost_no_query_more(db, django_assert_num_queries):
    post = make_post()
    assert EmbedUse.objects.count() == 0
    with languages.blogs("en"), django_assert_num_queries(0):
        post.rendered_body()


def test_own_posts_are_described_without_asking_the_web(db, settings, run_tasks, alice):
    target = make_post("Of ours", excerpt="In short.", featured_image=make_media())
    url = settings.SITE_URL + target.get_absolute_url()
    post = Post(title="Around", body=FIGURE.format(url), author=alice)
    publishing.save_post(post, alice)
    run_tasks()
    post.refresh_from_db()
    html = page(post.body_html)
    assert html.css_first(".embed-title").text() == "Of ours"
    assert html.css_first(".embed-about").text() == "In short."
    assert html.css_first(".embed-card img").attributes["src"].endswith(".webp")
    # What is taken back says nothing any more.
    publishing.withdraw([target], alice)
    run_tasks()
    post.refresh_from_db()
    assert "Of ours" not in post.body_html
    assert "<img" not in post.body_html


def test_of_a_locked_post_the_title_alone_is_told(db, settings, run_tasks, alice):
    target = make_post("Locked", excerpt="Secret.", password="pw")
    url = settings.SITE_URL + target.get_absolute_url()
    publishing.save_post(Post(body=FIGURE.format(url), author=alice), alice)
    run_tasks()
    embed = Embed.objects.get()
    assert (embed.title, embed.about) == ("Locked", "")


def test_the_editor_is_told_what_is_known(client, alice, web):
    client.force_login(alice)
    page = b"<html><head><meta property='og:title' content='Told'></head>"
    web.answers["/page"] = page
    url = web.url("/page")
    answer = client.post("/admin/blog/post/embed/", {"url": url})
    told = json.loads(answer.content)
    assert (told["is_known"], told["title"], told["player"]) == (True, "Told", "")
    client.post("/admin/blog/post/embed/", {"url": url})
    assert len(web.knocks) == 1


def test_it_tells_of_no_address_and_nobody_else(client, alice, bob):
    assert client.post("/admin/blog/post/embed/", {"url": PAGE}).status_code == 302
    client.force_login(alice)
    assert client.get("/admin/blog/post/embed/").status_code == 405
    answer = client.post("/admin/blog/post/embed/", {"url": "javascript:x"})
    assert answer.status_code == 400
    assert "https://" in json.loads(answer.content)["sentence"]
    client.force_login(bob)
    assert client.post("/admin/blog/post/embed/", {"url": PAGE}).status_code == 302
    assert Embed.objects.count() == 0


def test_what_no_post_embeds_is_forgotten_after_a_week(db):
    old = timezone.now() - timedelta(days=8)
    Embed.objects.create(url=PAGE, created_at=old, next_try_at=None)
    make_post(body=FIGURE.format(FILM))
    Embed.objects.filter(url=FILM).update(created_at=old, next_try_at=None)
    embeds.sweep()
    assert [embed.url for embed in Embed.objects.all()] == [FILM]


def test_nobody_has_more_new_addresses_asked_for_than_one_pastes(
    client, alice, monkeypatch, web
):
    monkeypatch.setattr(embeds, "MAX_NEW_A_MINUTE", 2)
    client.force_login(alice)
    address = "/admin/blog/post/embed/"
    web.answers["/page"] = b"<html><head><title>Told</title></head></html>"
    urls = [web.url(f"/page?{number}") for number in range(3)]
    codes = [client.post(address, {"url": url}).status_code for url in urls]
    assert codes == [200, 200, 429]
    assert Embed.objects.count() == 2
    # What is known already is told as before; later others are asked for again.
    assert client.post(address, {"url": urls[0]}).status_code == 200
    Embed.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert client.post(address, {"url": urls[2]}).status_code == 200


def test_of_two_workers_one_asks(db, monkeypatch, web):
    web.answers["/page"] = b"<html><head><title>Told</title></head></html>"
    embed = Embed.objects.create(url=web.url("/page"))
    find = Embed.objects.filter

    def too_late(**wanted):
        found = find(**wanted)
        if "next_try_at__lte" not in wanted:
            return found
        row = found.get()
        monkeypatch.undo()
        embeds.look_at(embed.pk)  # another worker, before this one has counted
        return [row] and type("Found", (), {"first": lambda self: row})()

    monkeypatch.setattr(Embed.objects, "filter", too_late)
    embeds.look_at(embed.pk)
    assert len(web.knocks) == 1
