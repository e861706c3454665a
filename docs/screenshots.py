"""`make screenshots`: the README's pictures, and every kind of page in every theme.

Taken anew from the sample blog, on the server as it is shipped.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from docs import contact_sheets

HERE = Path(__file__).parent
PORT = "8093"
BASE = f"http://127.0.0.1:{PORT}"
START_SECONDS = 60
SIZE = {"width": 1280, "height": 900}
TALL = {"width": 960, "height": 1300}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
POST = f"{BASE}/2006/11/30/no-progress-in-north-korean-talks/"
QUEUE = f"{BASE}/admin/comments/comment/?state=pending"
# What waits in the queue: who wrote it, and what.
HELD = [
    ("Ingrid", "Was Japan at the table this time, or only told of it *afterwards*?"),
    (
        "Tomas R.",
        "Two that say the opposite: https://paper.example/talks and "
        "https://weekly.example/2006/12",
    ),
    ("Best Prices", "Great post! Cheap watches: https://watches.example/buy"),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # So that each visitor can come from an address of their own.
        behind_proxy = {"BEHIND_PROXY": "1"}
        environment = os.environ | {"DATA_DIR": folder, "SITE_URL": BASE} | behind_proxy
        said = _manage(environment, "setup").communicate()[0]
        password = re.search(r"password +(\S+)", said)[1]
        _run(environment, "from docs import sample_blog; sample_blog.fill()")
        server = _manage(environment, "serve", "--bind", f"127.0.0.1:{PORT}")
        try:
            _wait_for_server()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=FLAGS
                )
                _take(browser, password)
                _take_themes(browser, environment)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _take(browser: Browser, password: str) -> None:
    _say_what_waits(browser)
    page = browser.new_page(viewport=SIZE, device_scale_factor=1)
    page.goto(POST)
    _save(page.screenshot(), "blog")
    _take_thread(page)
    page.goto(f"{BASE}/admin/login/?next=/admin/blog/post/1/change/")
    page.get_by_label("Username").fill("author")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".ProseMirror[contenteditable]")
    _save(page.screenshot(), "admin")
    page.goto(QUEUE)
    _save(page.screenshot(), "queue")


def _take_themes(browser: Browser, environment: dict[str, str]) -> None:
    def choose(**chosen: str) -> None:
        settings = ", ".join(f"{name}={value!r}" for name, value in chosen.items())
        models = "from blog.models import SiteSettings"
        _run(environment, f"{models}; SiteSettings.objects.update({settings})")

    contact_sheets.take(browser, BASE, choose)
    _run(environment, "from docs import sample_blog; sample_blog.speak_arabic()")
    contact_sheets.take_from_right(browser, BASE, choose)


def _run(environment: dict[str, str], python: str) -> None:
    """Let Python run within the blog. Raises CalledProcessError."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", python]
    subprocess.run(command, env=environment, cwd=HERE.parent, check=True)


def _take_thread(page: Page) -> None:
    """The talk, and the form where somebody began to answer."""
    page.set_viewport_size(TALL)
    page.locator(".reply-link").last.click()
    page.get_by_label("Your comment").press_sequentially(
        "There *was* something on paper, in **1994**, and it held for eight years."
    )
    page.locator(".live-preview summary").click()
    page.locator(".live-preview strong").wait_for()
    answered = page.locator(".response", has=page.locator("form.respond"))
    answered.evaluate("response => response.scrollIntoView()")
    _save(page.screenshot(), "thread")
    page.set_viewport_size(SIZE)


def _say_what_waits(browser: Browser) -> None:
    """As visitors would: each from an address of their own."""
    visitor = browser.new_context()
    page = visitor.request.get(POST).text()
    reply = BASE + re.search(r"/comments/reply/\d+/", page)[0]
    for number, (name, body) in enumerate(HELD, start=1):
        who = {"author_name": name, "author_email": f"reader{number}@example.org"}
        address = {"X-Forwarded-For": f"203.0.113.{number}"}
        visitor.request.post(
            reply,
            form=who | {"body": body},
            headers=address | {"Sec-Fetch-Site": "same-origin"},
        )


def _save(png: bytes, name: str) -> None:
    """With few colours: text on paper needs no more, and the repository is light."""
    path = HERE / "screenshots" / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(png)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(64).save(path, optimize=True)


def _manage(environment: dict[str, str], *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        env=environment,
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        text=True,
    )


def _wait_for_server() -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", int(PORT)), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not come up.")


if __name__ == "__main__":
    main()
