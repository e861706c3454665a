"""What Lighthouse says of the home page, a post and the archives, in every theme.

python -m benchmarks.lighthouse [--theme classic] [--out FOLDER]

Starts the documents' blog on the server as it is shipped, in a folder of its own, and
has Lighthouse look at it as a phone would, with nothing in the browser's cache. Prints
a table of scores, below it what each page lost points by; exits with 1 where a page has
less than 100 of anything but speed, which is this machine's at this moment.

Needs Chromium, and Lighthouse from npm: `lighthouse` on the path, or its file named by
LIGHTHOUSE. Without them it says so and exits with 0.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

THEMES = ("book", "classic")
PAGES = {
    "home": "/",
    "post": "/2006/11/30/no-progress-in-north-korean-talks/",
    "archives": "/archives/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu"
PORT = 8094
BASE = f"http://127.0.0.1:{PORT}"
START_SECONDS = 60
LOOK_SECONDS = 300
CHOOSE = "from blog.models import SiteSettings; SiteSettings.objects.update(theme='{}')"


def main() -> int:
    options = _options()
    lighthouse = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium")
    for tool, found in (("Lighthouse (npm)", lighthouse), ("Chromium", chromium)):
        if not found:
            print(f"SKIPPED: {tool} was not found.")
            return 0
    reports = {}
    for theme in options.theme or THEMES:
        with tempfile.TemporaryDirectory() as folder, _serve(folder, theme):
            for name, path in PAGES.items():
                report = _look(str(lighthouse), str(chromium), BASE + path)
                reports[f"{theme}, {name}"] = report
                if options.out:
                    target = Path(options.out) / f"{theme}-{name}.json"
                    target.write_text(json.dumps(report))
    return _tell(reports)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--out", help="a folder for the whole reports")
    return parser.parse_args()


@contextmanager
def _serve(folder: str, theme: str) -> Iterator[None]:
    """The documents' blog in this theme, on the server as it is shipped."""
    environment = os.environ | {"DATA_DIR": folder, "SITE_URL": BASE}
    manage = [sys.executable, "manage.py"]
    quietly: dict[str, Any] = {"env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run([*manage, "setup"], check=True, **quietly)
    choose = CHOOSE.format(theme)
    subprocess.run([*manage, "shell", "-v0", "-c", choose], check=True, **quietly)
    command = [*manage, "serve", "--bind", f"127.0.0.1:{PORT}"]
    server = subprocess.Popen(command, **quietly)
    try:
        _wait_for_server()
        yield
    finally:
        server.terminate()
        server.wait()


def _wait_for_server() -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def _look(lighthouse: str, chromium: str, address: str) -> Any:
    command = [
        *(lighthouse, address, "--quiet", "--output=json", "--output-path=stdout"),
        *(f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}"),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"CHROME_PATH": chromium},
        capture_output=True,
        timeout=LOOK_SECONDS,
        check=True,
    )
    return json.loads(done.stdout)


def _tell(reports: dict[str, Any]) -> int:
    print("| page |", " | ".join(CATEGORIES), "|")
    print("|---|" + "---|" * len(CATEGORIES))
    is_whole = True
    for name, report in reports.items():
        scores = [_score(report, category) for category in CATEGORIES]
        print("|", name, "|", " | ".join(map(str, scores)), "|")
        is_whole &= all(score == 100 for score in scores[1:])
    for name, report in reports.items():
        for line in _lost(report):
            print(f"{name}: {line}")
    return 0 if is_whole else 1


def _score(report: Any, category: str) -> int:
    return round(100 * (report["categories"][category]["score"] or 0))


def _lost(report: Any) -> Iterator[str]:
    """What a page lost points by, in Lighthouse's own words."""
    for category in CATEGORIES:
        for part in report["categories"][category]["auditRefs"]:
            audit = report["audits"][part["id"]]
            score = audit["score"]
            if part["weight"] and score is not None and score < 1:
                yield f"{audit['title']} {audit.get('displayValue', '')}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
