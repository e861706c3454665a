"""Footnotes, written in the editor and read on the page."""

import pytest
from playwright.sync_api import expect

from blog.models import Post
from tests.browser.editor import TEXT
from tests.browser.saving import save
from tests.builders import make_post

ADD = "/admin/blog/post/add/"
FIELD = ".ProseMirror .footnote.is-open .footnote-text"
NOTE = '<span class="footnote">{}</span>'


@pytest.fixture
def write(desk):
    """Alice with the cursor in an empty text."""
    desk.goto(ADD)
    desk.wait_for_selector(TEXT)
    desk.fill("#id_title", "With notes")
    desk.click(TEXT)
    return desk


def saved(page) -> str:
    save(page)
    return Post.objects.get().body


@pytest.mark.parametrize("begin", ["[^", "^[", "Control+Alt+f", "button"])
def test_a_note_is_written_where_it_is_called(write, begin):
    write.keyboard.type("A word")
    if begin == "button":
        write.click(".writing-bar [data-name=footnote]")
    elif begin.startswith("Control"):
        write.keyboard.press(begin)
    else:
        write.keyboard.type(begin)
    expect(write.locator(FIELD)).to_be_visible()
    write.keyboard.type("A ")
    write.keyboard.press("Control+b")
    write.keyboard.type("bold")
    write.keyboard.press("Control+b")
    write.keyboard.type(" note.")
    write.keyboard.press("Enter")
    expect(write.locator(FIELD)).to_have_count(0)
    write.keyboard.type(" and more.")
    note = NOTE.format("A <strong>bold</strong> note.")
    assert saved(write) == f"<p>A word{note} and more.</p>"


def test_the_keys_walk_past_a_note_and_open_it(write):
    chosen = write.locator(".footnote.ProseMirror-selectednode")
    write.keyboard.type("ab[^note")
    write.keyboard.press("Escape")
    write.keyboard.press("ArrowLeft")
    expect(chosen).to_have_count(1)
    write.keyboard.press("Enter")
    write.keyboard.type("s")
    write.keyboard.press("ArrowRight")
    expect(write.locator(FIELD)).to_have_count(0)
    write.keyboard.press("ArrowLeft")
    write.keyboard.press("ArrowRight")
    expect(chosen).to_have_count(0)
    write.keyboard.type("c")
    assert saved(write) == f"<p>ab{NOTE.format('notes')}c</p>"


def test_a_note_is_chosen_before_it_is_deleted(write):
    write.keyboard.type("ab[^note")
    write.keyboard.press("Escape")
    write.keyboard.press("Backspace")
    expect(write.locator(".footnote.ProseMirror-selectednode")).to_have_count(1)
    write.keyboard.press("Backspace")
    write.keyboard.type("c")
    assert saved(write) == "<p>abc</p>"


def test_an_empty_note_goes_with_the_key_that_would_empty_it(write):
    write.keyboard.type("a[^")
    write.keyboard.press("Backspace")
    write.keyboard.type("b")
    assert saved(write) == "<p>ab</p>"


def test_there_is_no_note_in_a_note(write):
    write.keyboard.type("a[^b[^c")
    assert saved(write) == f"<p>a{NOTE.format('b[^c')}</p>"


def test_what_is_pasted_into_a_note_is_words_in_a_row(write):
    write.keyboard.type("a[^")
    write.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("text/html", "<h2>One</h2><ul><li><b>two</b></li></ul><p>three</p>");
        const target = document.querySelector(".ProseMirror[contenteditable]");
        target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""")
    note = "One <strong>two</strong> three"
    assert saved(write) == f"<p>a{NOTE.format(note)}</p>"


def test_a_click_on_its_number_opens_a_note(desk):
    post = make_post(body=f"<p>a{NOTE.format('First')} b{NOTE.format('Second')}</p>")
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    desk.wait_for_selector(TEXT)
    desk.click(".footnote-number >> nth=1")
    expect(desk.locator(FIELD)).to_have_text("Second")
    desk.keyboard.type(" one")
    save(desk, "_save")
    post.refresh_from_db()
    assert post.body.endswith(f" b{NOTE.format('Second one')}</p>")


def test_notes_stand_beside_their_calls_where_there_is_a_margin(open_browser):
    long_note = NOTE.format("A long note. " * 15)
    post = make_post(body=f"<p>One{long_note} and two{NOTE.format('Short.')}</p>")
    page = open_browser(viewport={"width": 1280, "height": 900})
    page.goto(post.get_absolute_url())
    calls, notes = page.locator(".footnote-call"), page.locator(".footnotes li")
    text = page.locator(".prose p").bounding_box()
    first, second = (notes.nth(n).bounding_box() for n in range(2))
    assert first["x"] >= text["x"] + text["width"]
    assert abs(first["y"] - calls.nth(0).bounding_box()["y"]) < 20
    # Both calls are in one line; the second note waits for the first.
    assert second["y"] >= first["y"] + first["height"]


def test_on_a_phone_a_number_leads_to_its_note_and_back(open_browser):
    post = make_post(body=f"<p>One{NOTE.format('A note.')}</p>")
    page = open_browser(viewport={"width": 390, "height": 800})
    page.goto(post.get_absolute_url())
    page.click("[role=doc-noteref]")
    expect(page.locator(".footnotes li:target")).to_contain_text("A note.")
    page.click("[role=doc-backlink]")
    expect(page.locator(".footnote-call :target")).to_have_text("1")
