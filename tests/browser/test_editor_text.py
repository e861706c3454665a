"""The editor's text: what is typed, its bar, its links, quotes, code and tables."""

import pytest
from playwright.sync_api import expect

from blog.models import Post
from tests.browser.editor import TEXT
from tests.browser.saving import save
from tests.builders import make_post

ADD = "/admin/blog/post/add/"


@pytest.fixture
def write(desk):
    """Alice on the empty write page, the cursor in the text."""
    # What is kept beside the post is tried elsewhere.
    desk.route("**/autosave/", lambda route: route.fulfill(status=404))
    desk.goto(ADD)
    desk.fill("#id_title", "Written here")
    desk.click(TEXT)
    return desk


def saved(page) -> str:
    """The text as it is stored."""
    save(page)
    return Post.objects.get(title="Written here").body


def test_a_number_at_the_beginning_of_a_line_begins_a_list(write):
    write.keyboard.type("1) one\ntwo\n\n2006. A year.")
    body = saved(write)
    assert body.startswith('<ol data-type="decimal"><li><p>one</p></li>')
    assert body.endswith("<p>2006. A year.</p>")


def test_code_is_stored_with_its_language(write):
    write.keyboard.type("```python\nprint()")
    language = write.get_by_label("Language of the code")
    assert language.input_value() == "python"
    language.select_option("rust")
    body = '<pre><code class="language-rust">print()</code></pre>'
    assert saved(write) == body


def test_a_quote_names_who_said_it(write):
    write.keyboard.type("> To be")
    write.click("text=Who said it")
    write.keyboard.type("Hamlet\nand on")
    quote = "<blockquote><p>To be</p><cite>Hamlet</cite></blockquote>"
    assert saved(write) == f"{quote}<p>and on</p>"


def test_a_quote_of_nobody_has_no_line_for_the_name(write):
    write.keyboard.type("> To be")
    write.click("text=Who said it")
    assert saved(write) == "<blockquote><p>To be</p></blockquote>"


def test_the_end_of_the_text_is_below_a_table(write):
    write.get_by_label("Table", exact=True).click()
    write.keyboard.type("Head")
    write.keyboard.press("Control+End")
    write.keyboard.type("Below")
    assert saved(write).endswith("</table><p>Below</p>")


def test_a_table_grows_by_keys_and_shrinks_by_buttons(write):
    write.get_by_label("Table", exact=True).click()
    write.keyboard.type("Head")
    write.keyboard.press("Control+Alt+Enter")
    write.keyboard.press("Control+Enter")
    assert write.locator(".ProseMirror tr").count() == 4
    assert write.locator(".ProseMirror tr:first-child th").count() == 4
    write.get_by_label("Remove row").click()
    write.get_by_label("Remove column").click()
    assert write.locator(".ProseMirror tr").count() == 3
    assert write.locator(".ProseMirror tr:first-child > *").count() == 3


def test_the_bar_is_one_stop_and_arrows_walk_it(write):
    write.keyboard.press("Alt+F10")
    stops = write.locator(".writing-bar [tabindex='0']:visible")
    assert stops.count() == 1
    write.keyboard.press("ArrowRight")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert write.evaluate(focused) == "Bold"
    assert write.evaluate("document.activeElement.title") == "Bold (Ctrl+B)"
    write.keyboard.press("Enter")
    write.keyboard.type("loud")
    assert saved(write) == "<p><strong>loud</strong></p>"


def test_every_button_says_what_it_does(write):
    names = write.locator(".writing-bar button").evaluate_all(
        "(all) => all.map((one) => [one.getAttribute('aria-label'), one.title])"
    )
    assert len(names) > 15
    assert all(name and title for name, title in names)


def test_a_link_is_found_by_the_words_of_a_title(write):
    post = make_post("On keeping bees")
    make_post("On keeping still")
    write.keyboard.type("See there")
    write.keyboard.press("Control+Shift+ArrowLeft")
    # The editor hears of it a moment after the browser marked it.
    write.wait_for_function(
        "() => !document.querySelector('.ProseMirror').editor.state.selection.empty"
    )
    write.keyboard.press("Control+k")
    write.keyboard.type("bees keeping")
    write.wait_for_selector("[role=option]:has-text('bees'):only-child")
    write.keyboard.press("ArrowDown")
    write.keyboard.press("Enter")
    write.keyboard.type(".")
    assert saved(write) == f'<p>See <a href="{post.get_absolute_url()}">there</a>.</p>'


def test_a_link_has_a_bar_of_its_own(write):
    write.keyboard.type("https://example.org/a and on")
    write.keyboard.press("Home")
    write.keyboard.press("ArrowRight")
    bar = write.get_by_role("group", name="Link", exact=True)
    bar.get_by_text("Change").click()
    write.fill("#link-field", "example.org/b")
    write.keyboard.press("Enter")
    expect(bar.get_by_role("link")).to_have_attribute("href", "https://example.org/b")
    bar.get_by_text("Take off").click()
    assert saved(write) == "<p>https://example.org/a and on</p>"


def test_of_a_long_text_the_last_word_is_never_behind(desk):
    body = "".join(f"<p>{'word ' * 98}{number}</p>" for number in range(500))
    post = make_post("A book", body=body)
    desk.route("**/autosave/", lambda route: route.fulfill(status=404))
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    desk.click(f"{TEXT} p")
    desk.keyboard.press("Control+Home")
    sent = "new FormData(document.querySelector('#id_body').form).get('body')"
    asked = "document.querySelector('#id_body').value"
    text = ""
    for word in ("Once ", "upon ", "a "):
        desk.keyboard.type(word)
        text += word
        for read in (sent, asked):
            assert desk.evaluate(read).startswith(f"<p>{text}word")
    desk.keyboard.type("time ")
    save(desk, "_save")
    post.refresh_from_db()
    assert post.body.startswith("<p>Once upon a time word word")
