"""The editor on the write page, as a test waits for it."""

from playwright.sync_api import Locator, Page

TEXT = ".ProseMirror[contenteditable]"


def editor(page: Page) -> Locator:
    """The text in its editor. Until it comes, a field is in its place, of the same name."""
    page.wait_for_selector(TEXT)
    return page.locator(TEXT)
