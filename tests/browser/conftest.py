"""A real Chromium, driven by Playwright against a live server.

Where neither Playwright's own Chromium nor Debian's is found, every browser test
is skipped and says so.
"""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

# Playwright keeps an event loop in the thread the tests run in.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A refusal a test asks for, and a plug it pulls.
EXPECTED = ("status of 4", "net::ERR_FAILED")
HERE = Path(__file__).parent
# A busy machine is no reason to fail, and waiting costs nothing when all is well.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


def _find_chromium(playwright) -> str | None:
    for path in (playwright.chromium.executable_path, shutil.which("chromium")):
        if path and Path(path).exists():
            return path
    return None


@pytest.fixture(scope="session")
def chromium() -> Browser:
    with sync_playwright() as playwright:
        path = _find_chromium(playwright)
        if path is None:
            pytest.skip("no Chromium was found (apt-get install chromium)")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, live_server):
    """Opens a page in a fresh profile; each has its own cookies.

    Fails the test if a page logs an error: a refused script, a missing file.
    """
    contexts, errors = [], []

    def open_page(**options) -> Page:
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error"
                and not any(words in message.text for words in EXPECTED)
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    _wait_for_answers()
    assert errors == []


def _wait_for_answers() -> None:
    """What pages sent while they were closed is dealt with before its tables go."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        threads = threading.enumerate()
        answering = [t for t in threads if "process_request_thread" in t.name]
        if not answering:
            return
        # Looked for again and again: one that has not begun yet can't be joined, and
        # others come meanwhile.
        time.sleep(0.01)


@pytest.fixture
def desk(open_browser, live_server, client, alice) -> Page:
    """A page on which alice is logged in."""
    client.force_login(alice)
    page = open_browser()
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return page
