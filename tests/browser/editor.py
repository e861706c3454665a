"""The editor on the write page, as a test waits for it."""

from playwright.sync_api import Locator, Page

TEXT = ".ProseMirror[contenteditable]"


def editor(page: Page) -> Locator:
    """The text in its editor. Until it comes, a field is in its place, of the same name."""
    page.wait_for_selector(TEXT)
    return page.locator(TEXT)


def stored(page: Page) -> str:
    """What would be stored: the field as a script of the page, or its form, reads it.

    Playwright reads from outside the page, where the editor does not hear that it is
    asked, and what was typed last may be missing.
    """
    text: str = page.eval_on_selector("#id_body", "(area) => area.value")
    return text
