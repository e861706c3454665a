"""The look of the public pages, as a browser draws them."""

import pytest
from playwright.sync_api import expect

from blog import themes
from blog.models import SiteSettings
from tests.browser.test_pages import violations
from tests.builders import make_comment, make_media, make_post, make_user

PAPER = "getComputedStyle(document.documentElement).backgroundColor"
INK = "getComputedStyle(document.documentElement).color"


def paper(page) -> float:
    """How light the page is, from 0 to 1."""
    return float(page.evaluate(PAPER).removeprefix("oklch(").split()[0])


def choose(page, scheme):
    page.get_by_role("radio", name=scheme).focus()
    page.keyboard.press("Space")


def test_a_page_is_light_or_dark_as_the_device_says(open_browser):
    for scripts in (True, False):
        page = open_browser(color_scheme="dark", java_script_enabled=scripts)
        page.goto("/")
        expect(page.locator(".scheme")).to_be_visible(visible=scripts)
        page.screenshot()
    dark = open_browser(color_scheme="dark")
    dark.goto("/")
    assert paper(dark) < 0.3
    dark.emulate_media(color_scheme="light")
    assert paper(dark) > 0.9


def test_a_choice_holds_on_every_page_and_in_every_tab(open_browser):
    post = make_post("A walk")
    page = open_browser(color_scheme="light")
    page.goto("/")
    other = page.context.new_page()
    other.goto("/archives/")
    choose(page, "Dark")
    assert paper(page) < 0.3
    expect(other.get_by_role("radio", name="Dark")).to_be_checked()
    assert paper(other) < 0.3
    page.goto(post.get_absolute_url())
    assert paper(page) < 0.3
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    choose(page, "System")
    expect(other.get_by_role("radio", name="System")).to_be_checked()
    assert paper(page) > 0.9
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_was_chosen_stands_before_anything_is_drawn(open_browser):
    """The body is not there yet when the scheme is set."""
    page = open_browser(color_scheme="light")
    page.add_init_script("""
        new MutationObserver(() => {
          window.hadBody ??= document.body !== null;
        }).observe(document, { attributeFilter: ["data-scheme"], subtree: true });
    """)
    page.goto("/")
    choose(page, "Dark")
    page.goto("/archives/")
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert page.evaluate("window.hadBody") is False


def test_a_browser_that_keeps_nothing_shows_the_choice_all_the_same(open_browser):
    page = open_browser(color_scheme="light")
    page.add_init_script("""
        Object.defineProperty(window, "localStorage", {
          get() { throw new DOMException("no", "SecurityError"); },
        });
    """)
    page.goto("/")
    choose(page, "Dark")
    assert paper(page) < 0.3


def test_paper_is_light_and_has_no_controls(open_browser):
    page = open_browser(color_scheme="dark")
    page.goto("/")
    choose(page, "Dark")
    page.emulate_media(media="print")
    ink = page.evaluate(INK)
    assert ink in ("rgb(0, 0, 0)", "oklch(0 0 0)")
    expect(page.locator(".scheme")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keepers_colour_is_that_of_links(open_browser, scheme):
    SiteSettings(accent="#1e90ff").save()
    make_post("A walk", body='<p><a href="/archives/">All</a></p>')
    page = open_browser(color_scheme=scheme)
    page.goto("/")
    colour = page.locator(".prose a").evaluate("(a) => getComputedStyle(a).color")
    red, _green, blue = map(int, colour.removeprefix("rgb(").rstrip(")").split(","))
    assert blue > red + 50


WIDTHS = [320, 360, 768, 1280, 1920, 2560]
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  const add = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
  const observer = new PerformanceObserver(add);
  observer.observe({ type: "layout-shift", buffered: true });
  // Two frames after everything has come.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    add({ getEntries: () => observer.takeRecords() });
    resolve(sum);
  }));
})"""
LINE = """(text) => {
  const style = getComputedStyle(text);
  const ruler = document.createElement("span");
  ruler.style.whiteSpace = "nowrap";
  ruler.textContent = text.textContent;
  text.append(ruler);
  const each = ruler.getBoundingClientRect().width / ruler.textContent.length;
  ruler.remove();
  const width = text.getBoundingClientRect().width;
  return [width / each, width / parseFloat(style.fontSize)];
}"""
SENTENCE = (
    "It is easy to call that a failure; those who have sat through such weeks say that "
    "what is not said on the third day is agreed upon in the third month. "
)


@pytest.fixture
def full_blog():
    """A home page with a cover, a logo and pictures; a post that is talked about."""
    SiteSettings(logo=make_media((300, 300)), cover=make_media((1700, 600))).save()
    shown = make_media((1600, 1000))
    picture = f'<figure><img src="{shown.file.url}"></figure>'
    post = make_post(
        "A walk",
        body=f"<p>{SENTENCE * 5}</p>{picture}<p>{SENTENCE * 9}</p>" * 2,
        featured_image=make_media((800, 400)),
    )
    for _ in range(12):
        make_comment(post, SENTENCE, parent=make_comment(post, SENTENCE))
    return post


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_comes(open_browser, full_blog, width):
    page = open_browser(viewport={"width": width, "height": 800})
    for path in ("/", full_blog.get_absolute_url(), "/archives/"):
        page.goto(path, wait_until="load")
        page.wait_for_function(
            "() => [...document.images].every((i) => i.complete || i.loading == 'lazy')"
        )
        assert page.evaluate(SHIFTS) == 0, path


def test_a_line_holds_about_66_characters(open_browser, full_blog):
    page = open_browser()
    page.goto(full_blog.get_absolute_url())
    text = page.locator(".entry .prose > p").first
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"() => innerWidth == {width}")
        characters, ems = text.evaluate(LINE)
        if width < 768:
            assert characters > 30, width
        else:
            assert 31.5 < ems < 32.5, width
            # Between a narrow Palatino and a wide DejaVu; 64 in most.
            assert 57 < characters < 73, width


def test_text_grows_with_the_screen_and_titles_with_it(open_browser, full_blog):
    page = open_browser()
    page.goto(full_blog.get_absolute_url())
    sizes = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"() => innerWidth == {width}")
        text, title = (
            page.locator(selector).first.evaluate(
                "(e) => parseFloat(getComputedStyle(e).fontSize)"
            )
            for selector in (".entry .prose", "h1")
        )
        sizes.append(text)
        ratio = 1.2 if width < 768 else 1.25
        assert title / text == pytest.approx(ratio**3, rel=0.01)
    assert sizes == sorted(sizes)
    ends = [sizes[0], sizes[3], sizes[-1]]
    assert ends == pytest.approx([17, 20, 22], abs=0.1)


def test_what_only_a_writer_needs_is_not_loaded(open_browser, full_blog):
    page = open_browser()
    loaded = []
    page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    page.goto(full_blog.get_absolute_url(), wait_until="networkidle")
    for name in ("writing", "drafts", "preview", "proof", "own", "player"):
        assert f"{name}.js" not in loaded
    assert "respond.js" in loaded


def test_no_other_server_is_asked(open_browser, full_blog, live_server):
    page = open_browser()
    asked = set()
    page.on("request", lambda request: asked.add(request.url))
    for path in ("/", full_blog.get_absolute_url(), "/archives/"):
        page.goto(path, wait_until="networkidle")
    assert all(url.startswith((live_server.url, "data:")) for url in asked)


def test_what_is_written_from_right_to_left_is_not_slanted(open_browser):
    SiteSettings(language="ar").save()
    body = "<p><em>{}</em></p>"
    arabic = make_post("عنوان", body=body.format("كلام"))
    english = make_post("A walk", body=body.format("words"))
    page = open_browser()
    for post, style, side in ((arabic, "normal", "rtl"), (english, "italic", "ltr")):
        page.goto(post.get_absolute_url())
        em = page.locator(".prose em")
        said = em.evaluate(
            "(e) => [getComputedStyle(e).fontStyle, getComputedStyle(e).direction]"
        )
        assert said == [style, side]
    # The frame of both is that of the blog: its name stands on the right.
    title = page.locator(".site-title").bounding_box()
    assert title["x"] > page.viewport_size["width"] / 2


def test_a_choice_is_seen_where_the_browser_has_colours_of_its_own(open_browser):
    page = open_browser(forced_colors="active")
    page.goto("/")
    choose(page, "Dark")
    weight = "(span) => getComputedStyle(span).fontWeight"
    chosen, other = (
        page.locator(f".scheme input[value={value}] + span").evaluate(weight)
        for value in ("dark", "light")
    )
    assert chosen > other


def test_the_keeper_gives_the_blog_its_look(open_browser, live_server, client):
    logo, cover = make_media((300, 300)), make_media((1700, 600), alt="A shore")
    client.force_login(make_user("kit", role="Administrator"))
    page = open_browser(color_scheme="light")
    session = client.cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto("/admin/blog/sitesettings/1/change/")
    own = page.get_by_label("The theme’s own colour")
    expect(own).to_be_checked()
    page.get_by_label("Accent colour").fill("#1e90ff")
    expect(own).not_to_be_checked()
    for name, media in (("Logo", logo), ("Cover", cover)):
        page.get_by_role("button", name=f"{name}: Choose a picture").click()
        chosen = page.locator(f".picker-files input[value='{media.pk}']")
        chosen.check(force=True)
        page.get_by_role("button", name="Use it").click()
        expect(
            page.get_by_role("button", name=f"{name}: Choose another")
        ).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    site = SiteSettings.current()
    assert (site.accent, site.logo, site.cover) == ("#1e90ff", logo, cover)
    page.goto("/")
    expect(page.get_by_alt_text("A shore")).to_be_visible()
    # Back to the theme's own, which the field shows again.
    page.goto("/admin/blog/sitesettings/1/change/")
    shown = page.get_by_label("Accent colour")
    page.get_by_label("The theme’s own colour").check()
    expect(shown).not_to_have_value("#1e90ff")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    assert SiteSettings.current().accent == ""


@pytest.mark.parametrize("theme", themes.THEMES)
def test_axe_finds_nothing_in_what_the_keeper_and_the_reader_chose(
    open_browser, full_blog, theme
):
    SiteSettings.objects.update(theme=theme, accent="#ffd400")
    page = open_browser(color_scheme="light")
    page.goto("/")
    choose(page, "Dark")
    for path in ("/", full_blog.get_absolute_url()):
        page.goto(path)
        assert violations(page) == [], path


def test_paper_says_where_links_lead(open_browser):
    outside, inside = "https://example.org/report", "/archives/"
    body = f'<p><a href="{outside}">Report</a>, <a href="{inside}">archives</a></p>'
    post = make_post("Printed", body=body)
    make_comment(post, "Yes.", parent=make_comment(post, "No?"))
    page = open_browser()
    page.emulate_media(media="print")
    page.goto(post.get_absolute_url())
    after = "(a) => getComputedStyle(a, '::after').content"
    said = [link.evaluate(after) for link in page.locator(".entry .prose a").all()]
    # Browsers write what stands there in different ways.
    assert outside in said[0]
    assert said[1] == "none"
    for chrome in (".menu", ".colophon", ".avatar", ".reply-link", "form.respond"):
        for element in page.locator(chrome).all():
            expect(element).to_be_hidden()
    expect(page.locator(".response")).to_have_count(2)
    expect(page.locator(".response").last).to_be_visible()


@pytest.mark.parametrize("theme", sorted(themes.THEMES))
def test_a_wide_table_is_printed_whole(open_browser, theme):
    SiteSettings.objects.create(theme=theme)
    cells = "".join(f"<td>Column {number}</td>" for number in range(9))
    post = make_post(body=f"<table><tbody><tr>{cells}</tr></tbody></table>")
    page = open_browser(viewport={"width": 718, "height": 1000})
    page.goto(post.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.locator(".scroll")).to_have_css("overflow-x", "visible")
    last = page.locator("td").last.bounding_box()
    assert last["x"] + last["width"] <= 718


@pytest.mark.parametrize("theme", sorted(themes.THEMES))
def test_an_empty_list_says_so_below_its_title(open_browser, theme):
    SiteSettings.objects.create(theme=theme)
    page = open_browser()
    for path in ("/archives/", "/tags/"):
        page.goto(path)
        title = page.locator("h1").last.bounding_box()
        said = page.locator(".empty").bounding_box()
        assert said["y"] - title["y"] - title["height"] >= 12, path
