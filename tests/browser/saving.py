"""Saving on the write page, as a test does it."""

from playwright.sync_api import Page


def save(page: Page, button: str = "_draft") -> None:
    """Press a button, and wait for the page after it to say that all is stored.

    The page before may say so too, of the time before.
    """
    page.evaluate("document.documentElement.dataset.before = ''")
    page.click(f"[name={button}]")
    page.wait_for_selector("html:not([data-before]) .messagelist .success")
