"""What is pasted comes in clean: from word processors, web pages, and as Markdown."""

import pytest

from blog.models import Post
from tests.browser import clipboards
from tests.browser.editor import TEXT, stored
from tests.browser.saving import save

ADD = "/admin/blog/post/add/"
# As the browser tells a page of a paste.
PASTE = """({ html, text, more }) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  if (text) clipboardData.setData("text/plain", text);
  for (const [type, data] of Object.entries(more)) clipboardData.setData(type, data);
  const event = { clipboardData, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture
def write(desk):
    """Alice on the empty write page, the cursor in the text."""
    # What is kept beside the post is tried elsewhere.
    desk.route("**/autosave/", lambda route: route.fulfill(status=404))
    desk.goto(ADD)
    desk.fill("#id_title", "Pasted here")
    desk.click(TEXT)
    return desk


def paste(page, html="", text="", **more):
    page.evaluate(PASTE, {"html": html, "text": text, "more": more})


@pytest.mark.parametrize("program", ["WORD", "LIBREOFFICE", "GOOGLE_DOCS", "WEB_PAGE"])
def test_what_it_says_stays_and_how_it_looked_goes(write, program):
    paste(write, getattr(clipboards, program), "the same as text")
    assert stored(write) == getattr(clipboards, f"{program}_BODY")


def test_markdown_becomes_rich_and_undoing_brings_it_back(write):
    paste(write, text=clipboards.MARKDOWN)
    write.wait_for_selector(f"{TEXT} td")
    assert stored(write) == clipboards.MARKDOWN_BODY
    write.click(f"{TEXT} h2")
    write.keyboard.press("Control+z")
    write.wait_for_selector(f"{TEXT} table", state="detached")
    assert "<p># Top</p>" in stored(write)
    assert "<p>Some **loud** and *soft* words, `code`" in stored(write)


def test_what_was_typed_around_markdown_meanwhile_stays(write):
    held = []

    def hold(route):  # Playwright notes something on it: no method of a list will do
        held.append(route)

    write.route("**/markdown/", hold)
    write.keyboard.type("Before ")
    paste(write, text="**loud** and [x](/y)")
    write.keyboard.type(" after")
    write.wait_for_function(
        "() => document.querySelector('.ProseMirror').textContent.length > 30"
    )
    while not held:
        write.wait_for_timeout(20)
    held[0].continue_()
    write.wait_for_selector(f"{TEXT} strong")
    write.keyboard.type("!")
    text = '<p>Before <strong>loud</strong> and <a href="/y">x</a> after!</p>'
    assert stored(write) == text


def test_without_an_answer_markdown_stays_as_it_was(write):
    write.route("**/markdown/", lambda route: route.fulfill(status=429))
    with write.expect_response("**/markdown/"):
        paste(write, text="**loud** words")
    assert stored(write) == "<p>**loud** words</p>"


@pytest.mark.parametrize("prose", clipboards.PROSE)
def test_prose_is_no_markdown(write, prose):
    asked = []
    write.on("request", lambda request: asked.append(request.url))
    paste(write, text=prose)
    write.keyboard.type(" end")
    shown = write.evaluate(f"document.querySelector('{TEXT}').innerText")
    assert shown.split() == [*prose.split(), "end"]
    assert not [url for url in asked if url.endswith("/markdown/")]


def test_code_from_an_editor_is_code_and_a_word_of_it_a_word(write):
    write.keyboard.type("Call ")
    paste(write, "<div>x</div>", "main", **{"vscode-editor-data": '{"mode":"python"}'})
    write.keyboard.type("\n")
    paste(
        write,
        "<div>a</div>",
        "if a:\n    b\n",
        **{"vscode-editor-data": '{"mode":"python"}'},
    )
    code = '<pre><code class="language-python">if a:\n    b</code></pre>'
    assert stored(write) == f"<p>Call main</p>{code}"


def test_an_address_on_marked_words_makes_a_link(write):
    write.keyboard.type("there")
    write.keyboard.press("Control+a")
    write.wait_for_function(
        "() => !document.querySelector('.ProseMirror').editor.state.selection.empty"
    )
    paste(write, text="https://example.org/a")
    assert stored(write) == '<p><a href="https://example.org/a">there</a></p>'


def test_what_was_copied_here_comes_back_whole(write):
    write.keyboard.type("```c++\nint a")
    write.keyboard.press("Control+a")
    write.wait_for_function(
        "() => !document.querySelector('.ProseMirror').editor.state.selection.empty"
    )
    before = stored(write)
    write.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write.keyboard.press("Control+x")
    write.wait_for_function("() => !document.querySelector('.ProseMirror').textContent")
    write.keyboard.press("Control+v")
    write.wait_for_function("() => document.querySelector('.ProseMirror').textContent")
    assert (
        stored(write) == before == '<pre><code class="language-cpp">int a</code></pre>'
    )


def test_plain_is_asked_for_with_shift(write):
    write.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write.evaluate("navigator.clipboard.writeText('**as typed**')")
    write.keyboard.press("Control+Shift+v")
    write.wait_for_function("() => document.querySelector('.ProseMirror').textContent")
    assert stored(write) == "<p>**as typed**</p>"


def test_it_can_be_saved(write):
    paste(write, clipboards.WORD, "the same")
    save(write)
    assert Post.objects.get().body == clipboards.WORD_BODY
    write.wait_for_selector(TEXT)
