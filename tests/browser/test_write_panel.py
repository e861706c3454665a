"""What stands beside the text: categories, tags, the address, other sites, lengths."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog import reading_time, tag_input
from blog.models import Category, Post
from tests.browser.editor import TEXT
from tests.browser.saving import save as press
from tests.builders import at, make_category, make_post

ADD = "/admin/blog/post/add/"


def chips(page, kind):
    return page.get_by_role("list", name=f"Chosen {kind}").get_by_role("listitem")


def save(page):
    press(page)
    return Post.objects.get()


# --- Categories


@pytest.fixture
def atlas(transactional_db):
    world = make_category("World")
    asia = make_category("Asia", world)
    for name in ("China", "Japan", "Korea"):
        make_category(name, asia)
    for name in ("Bread", "Chess", "Ökologie", "Sailing"):
        make_category(name)


def shown(page):
    return page.locator(".category-list li:visible")


def test_typing_narrows_the_tree_and_keeps_the_way(desk, atlas):
    desk.goto(ADD)
    search = desk.get_by_role("searchbox", name="Search categories")
    search.fill("jap")
    expect(shown(desk)).to_have_text(["World", "Asia", "Japan"])
    search.fill("oko")
    expect(shown(desk)).to_have_text(["Ökologie"])
    search.press("Enter")
    expect(chips(desk, "categories")).to_contain_text(["Ökologie"])
    search.fill("ch")
    search.press("ArrowDown")
    expect(desk.get_by_role("checkbox", name="Chess")).to_be_focused()
    for _ in range(3):
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Space")
    expect(chips(desk, "categories")).to_contain_text(["China", "Ökologie"])
    search.press("Escape")
    expect(shown(desk)).to_have_count(9)
    desk.get_by_role("button", name="Remove Ökologie").click()
    expect(chips(desk, "categories")).to_contain_text(["China"])
    desk.fill("#id_title", "A title")
    post = save(desk)
    assert [category.name for category in post.categories.all()] == ["China"]


def test_what_is_not_there_is_added_where_it_belongs(desk, atlas):
    desk.goto(ADD)
    search = desk.get_by_role("searchbox", name="Search categories")
    search.fill("Mongolia")
    desk.get_by_role("button", name="Add “Mongolia”").click()
    name = desk.locator(".category-adding input")
    expect(name).to_be_focused()
    expect(name).to_have_value("Mongolia")
    desk.locator(".category-adding").get_by_label("Below").select_option(
        label="\u2003Asia"
    )
    name.press("Enter")
    expect(desk.locator(".category-said")).to_have_text("“Mongolia” is added.")
    expect(chips(desk, "categories")).to_contain_text(["Mongolia"])
    added = Category.objects.get(name="Mongolia")
    assert added.parent.name == "Asia"
    row = desk.locator(f".category-list li:has(input[value='{added.pk}'])")
    assert row.get_attribute("data-level") == "2"
    before = row.locator("xpath=preceding-sibling::li[1]")
    expect(before).to_have_text("Korea")
    # It is there already, and gets its tick.
    desk.locator(".category-adding").get_by_label("Below").select_option("")
    name.fill("bread")
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(desk.locator(".category-said")).to_contain_text("is here already")
    expect(desk.get_by_role("checkbox", name="Bread")).to_be_checked()
    desk.fill("#id_title", "A title")
    names = {category.name for category in save(desk).categories.all()}
    assert names == {"Mongolia", "Bread"}


def test_a_refusal_is_said_and_nothing_typed_is_lost(desk):
    desk.goto(ADD)
    expect(desk.locator(".category-list .none")).to_be_visible()
    desk.get_by_role("button", name="Add a category").click()
    name = desk.locator(".category-adding input")
    name.press("Enter")
    expect(desk.locator(".category-said")).to_have_text("A category needs a name.")
    name.fill("News")
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    name.press("Enter")
    expect(desk.locator(".category-said")).to_contain_text("you may be logged out")
    expect(name).to_have_value("News")
    desk.context.add_cookies(cookies)
    name.press("Enter")
    expect(desk.get_by_role("checkbox", name="News")).to_be_checked()


# --- Tags


def test_tags_are_taken_offered_and_taken_out(desk):
    make_post("Other", tags=["China", "Chess", "Chess club"])
    make_post("Third", tags=["Chess"])
    desk.goto(ADD)
    box = desk.get_by_role("combobox", name="Tags")
    box.press_sequentially("north korea,")
    expect(chips(desk, "tags")).to_contain_text(["north korea"])
    box.press_sequentially("che")
    options = desk.locator(".suggestions").get_by_role("option")
    expect(options).to_have_text(["Chess (2)", "Chess club (1)"])
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(chips(desk, "tags")).to_contain_text(["north korea", "Chess"])
    box.press_sequentially("ch")
    expect(options).to_have_text(["Chess club (1)", "China (1)"])
    options.nth(1).click()
    expect(chips(desk, "tags")).to_have_count(3)
    box.press("Backspace")
    expect(chips(desk, "tags")).to_contain_text(["north korea", "Chess"])
    desk.get_by_role("button", name="Remove north korea").click()
    expect(chips(desk, "tags")).to_contain_text(["Chess"])
    box.press_sequentially("left over")
    desk.fill("#id_title", "A title")
    press(desk)
    post = Post.objects.get(title="A title")
    assert sorted(post.tags.names()) == ["Chess", "left over"]
    expect(chips(desk, "tags")).to_contain_text(["Chess", "left over"])


def test_a_pasted_list_is_a_list(desk):
    desk.goto(ADD)
    box = desk.get_by_role("combobox", name="Tags")
    box.evaluate(
        """(box, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          box.dispatchEvent(new ClipboardEvent("paste", {
            clipboardData, bubbles: true, cancelable: true }));
        }""",
        'china, "talks, six-party",\njapan, China',
    )
    expect(chips(desk, "tags")).to_contain_text(["china", "talks, six-party", "japan"])
    desk.fill("#id_title", "A title")
    names = set(save(desk).tags.names())
    assert names == {"china", "talks, six-party", "japan"}


NAMES = [
    "a",
    "talks, six-party",
    'say "so"',
    '"',
    ",",
    '","',
    "c++",
    "“q”",
    "中,国",
    "a b",
]


def test_browser_and_blog_write_tags_alike(desk):
    desk.goto(ADD)
    typed = [*NAMES, ' a ,, b ,"c, d" e', 'x"y,z', '"open, end', '""', 'a\nb, "c']
    script = desk.locator("script[src*='/tags']").get_attribute("src")
    module = script.replace("/tags", "/tag-format")
    if "tags.js" not in script:  # its name is hashed
        module = script.rpartition("/")[0] + "/tag-format.js"
    joined, read = desk.evaluate(
        """async ([module, names, typed]) => {
          const { join, split } = await import(module);
          return [join(names), typed.map(split)];
        }""",
        [module, NAMES, typed],
    )
    assert tag_input.split(joined) == NAMES
    assert read == [tag_input.split(line) for line in typed]


def test_what_is_restored_shows_in_both(desk, atlas):
    desk.goto(ADD)
    news = Category.objects.get(name="Bread")
    desk.evaluate(
        """(pk) => {
          const form = document.querySelector("[name=tags]").form;
          form.elements.tags.value = 'one, "two, three"';
          form.querySelector(`[name=categories][value="${pk}"]`).checked = true;
          form.dispatchEvent(new Event("input"));
        }""",
        news.pk,
    )
    expect(chips(desk, "tags")).to_contain_text(["one", "two, three"])
    expect(chips(desk, "categories")).to_contain_text(["Bread"])


def test_without_scripts_both_are_plain_fields(
    open_browser, live_server, client, alice
):
    news = make_category("News")
    client.force_login(alice)
    page = open_browser(java_script_enabled=False)
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    page.goto(f"{ADD}?html=1")
    page.fill("[name=title]", "A title")
    page.fill("[name=tags]", "one, two")
    page.get_by_role("checkbox", name="News").check()
    press(page)
    post = Post.objects.get()
    assert sorted(post.tags.names()) == ["one", "two"]
    assert list(post.categories.all()) == [news]


# --- The address


def test_the_address_is_shown_while_the_title_is_typed(desk, settings):
    settings.SITE_URL = "https://blog.example"
    make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))
    desk.goto(ADD)
    shown = desk.locator(".address-shown")
    desk.fill("#id_published_at", "2006-11-30T15:00")
    desk.fill("#id_title", "Talks")
    expect(shown).to_have_text("https://blog.example/2006/11/30/talks-2/")
    expect(desk.locator("#id_slug")).to_be_hidden()
    desk.get_by_role("button", name="Edit the last part").click()
    slug = desk.locator("#id_slug")
    expect(slug).to_be_focused()
    slug.fill("talks")
    said = desk.locator(".address-said")
    expect(said).to_contain_text("of that day has this address already")
    expect(slug).to_have_attribute("aria-invalid", "true")
    slug.fill("Six nations")
    slug.press("Tab")
    expect(slug).to_have_value("six-nations")
    expect(shown).to_have_text("https://blog.example/2006/11/30/six-nations/")
    # What was chosen stays, whatever the title becomes.
    desk.fill("#id_title", "Another title")
    press(desk, "_publish")
    post = Post.objects.get(title="Another title")
    assert post.get_absolute_url() == "/2006/11/30/six-nations/"
    desk.get_by_role("button", name="Edit the last part").click()
    desk.fill("#id_slug", "parted")
    sentence = "Its old address, /2006/11/30/six-nations/, will lead here."
    expect(said).to_have_text(sentence)


def test_a_draft_that_was_never_out_follows_its_title(desk, alice):
    post = make_post("First", status="draft", published_at=None, author=alice)
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    shown = desk.locator(".address-shown strong")
    expect(shown).to_have_text("first")
    desk.fill("#id_title", "Second")
    expect(shown).to_have_text("second")
    assert save(desk).slug == "second"


def test_an_untitled_post_is_called_by_its_words(desk):
    desk.goto(ADD)
    desk.click(TEXT)
    desk.keyboard.type("Harbour & ships")
    expect(desk.locator(".address-shown strong")).to_have_text("harbour-ships")
    desk.fill("#id_published_at", "2006-11-30T15:00")
    press(desk, "_publish")
    assert Post.objects.get().slug == "harbour-ships"


def test_the_date_is_set_to_now_and_cleared(desk, alice):
    post = make_post("Old", author=alice, published_at=at("2006-11-30 12:00"))
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    date = desk.locator("#id_published_at")
    desk.get_by_role("button", name="Now", exact=True).click()
    today = f"{timezone.localtime():%Y-%m-%d}T"
    assert date.input_value()[:11] >= today
    desk.get_by_role("button", name="Clear the date").click()
    expect(date).to_have_value("")


# --- Other places


def test_what_other_sites_show_is_shown_while_one_writes(desk):
    desk.goto(ADD)
    desk.locator("#section-elsewhere > summary").click()
    found, shared = desk.locator(".as-found"), desk.locator(".as-shared")
    desk.fill("#id_title", "Six nations talked")
    desk.click(TEXT)
    desk.keyboard.type("One two three.")
    expect(found.locator(".as-title")).to_have_text("Six nations talked · Quillback")
    expect(shared.locator(".as-words")).to_have_text("One two three.")
    desk.fill("#id_meta_title", "Talks")
    desk.fill("#id_meta_description", "All that was said. " * 12)
    expect(shared.locator(".as-title")).to_have_text("Talks")
    meter = desk.locator("#id_meta_description_meter")
    expect(meter).to_contain_text("Searches show about 155")
    expect(found.locator(".as-words")).to_contain_text("…")
    desk.get_by_role("radio", name="With a password").check()
    expect(shared.locator(".as-words")).to_have_text("")
    expect(desk.locator(".as-locked")).to_be_visible()


# --- Lengths


TEXTS = [
    "",
    "One two  three.",
    "it’s well-set—and read – twice … 42 – !",
    "हिन्दी में लिखा",
    "한국어는 띄어 쓴다",
    "北京の秋。In 北京 today",
    "ภาษาไทย",
    "word " * 345,
    "字" * 1250,
]


def test_browser_and_blog_count_alike(desk):
    desk.goto(ADD)
    line = desk.locator(".lengths")
    expect(line).to_have_text("No words yet")
    counted = desk.evaluate(
        """async ([base, texts]) => {
          const { measure, minutesOf } = await import(`${base}lengths.js`);
          const { wordsPerMinute, signsPerMinute, signRanges } =
            document.querySelector(".lengths").dataset;
          const rates = { words: Number(wordsPerMinute), signs: Number(signsPerMinute) };
          return texts.map((text) => {
            const length = measure(text, signRanges);
            return [length.words, length.signs, minutesOf(length, rates)];
          });
        }""",
        ["/static/blog/admin/write/", TEXTS],
    )
    lengths = [reading_time.of(text) for text in TEXTS]
    assert counted == [[*length, length.minutes] for length in lengths]


def test_words_and_minutes_are_counted_at_the_foot(desk):
    desk.goto(f"{ADD}?html=1")
    line = desk.locator(".lengths")
    desk.fill("#id_body", "<p>One <b>t</b>wo</p><p>three &amp; four</p>")
    expect(line).to_have_text("4 words, 1 minute to read")
    desk.fill("#id_body", "<p>" + "word " * 2300 + "北京</p>")
    expect(line).to_have_text("2,300 words and 2 characters, 10 minutes to read")
    desk.locator("#section-excerpt > summary").click()
    desk.fill("#id_excerpt", "In short words.")
    expect(desk.locator("#section-excerpt .meter")).to_have_text("3 words.")
    assert save(desk).excerpt == "In short words."


def test_long_names_fit_a_phone(desk):
    make_post("x", tags=["tag" * 30], categories=[make_category("Category" * 20)])
    desk.set_viewport_size({"width": 390, "height": 800})
    desk.goto(ADD)
    desk.get_by_role("combobox", name="Tags").press_sequentially("t" * 90 + ",")
    desk.get_by_role("textbox", name="Title", exact=True).fill("T" * 150)
    expect(desk.locator(".address-shown")).to_contain_text("t" * 150)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
