"""What pages cost readers: made anew each time, and kept; beside a file of nginx.

    python -m benchmarks.pages --posts 2000 --comments 20000

Fills the database the environment names (with --keep it takes what is there), starts
the server as it is shipped with two workers, once without the page cache and once
with it, and puts a load on each kind of page. Where nginx is installed it serves the
bytes of the home page as a file, in the same run: the yardstick of what is kept.
Prints one line of JSON.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.client import HTTPConnection  # noqa: TID251  of this machine's own server
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

from benchmarks.load import put_on
from benchmarks.visitors import serving, wait_for
from tests.ports import free_ports

SECONDS = 5
# Enough to keep both workers busy, and few enough that none waits for long.
AT_ONCE_MADE = 8
AT_ONCE_KEPT = 64
WORKERS = 2
LONG = (1_000, 10_000)
_NGINX = """
worker_processes {workers}; daemon off; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
    open_file_cache max=100;
    client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("BEHIND_PROXY", "1")
    django.setup()
    paths = prepared(options.posts, options.comments, is_kept=options.keep)
    told: dict[str, Any] = {
        "made": _loaded(paths, options.seconds, AT_ONCE_MADE, cache_bytes=0),
        "kept": _loaded(paths, options.seconds, AT_ONCE_KEPT, cache_bytes=1 << 24),
        "nginx": _nginx(told_of=paths["home"], seconds=options.seconds),
    }
    told["queries"] = _queries(paths)
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def prepared(posts: int, comments: int, *, is_kept: bool) -> dict[str, str]:
    """A path for each kind of page, by name."""
    from django.core.management import call_command

    from benchmarks.search_texts import fill
    from blog.models import Category, Post, Tag
    from comments.posting import recount

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not (is_kept and Post.objects.exists()):
        fill(posts, comments)
        keys = list(Post.objects.values_list("pk", flat=True))
        for start in range(0, len(keys), 500):
            recount(keys[start : start + 500])
        call_command("search_index", stdout=sys.stderr)
    long = {
        f"post, {count:,} comments": _long_post(count).get_absolute_url()
        for count in LONG
    }
    public = Post.objects.published().posts()
    quiet = public.filter(comment_count__range=(4, 15)).order_by("pk")[0]
    category = Category.objects.filter(posts__isnull=False)[0]
    tag = Tag.objects.all()[0]
    return {
        "home": "/",
        "post": quiet.get_absolute_url(),
        **long,
        "month": f"/{quiet.published_at:%Y/%m}/",
        "archives": "/archives/",
        "category": category.get_absolute_url(),
        "tag": tag.get_absolute_url(),
        "feed": "/feed/",
        "search": "/search/?q=people",
    }


def _long_post(count: int) -> Any:
    from benchmarks.threads import make_post
    from blog.models import Post

    title = f"A long talk of {count}"
    known = Post.objects.filter(title=title).first()
    return known or make_post(count, 5, title)


def _loaded(
    paths: dict[str, str], seconds: int, at_once: int, *, cache_bytes: int
) -> dict[str, Any]:
    """What each page takes, and the memory of the workers at the end."""
    os.environ["PAGE_CACHE_BYTES"] = str(cache_bytes)
    [port] = free_ports(1)
    os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
    told: dict[str, Any] = {}
    with serving(port, WORKERS) as server:
        for name, path in paths.items():
            url = f"http://127.0.0.1:{port}{path}"
            put_on(url, 2, 1)  # what is compiled and read once
            told[name] = asdict(put_on(url, at_once, seconds))
            told[name]["bytes"] = len(_body(url))
        told["memory_mb"] = _memory_of_children(server.pid)
    return told


def _body(url: str) -> bytes:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    try:
        return connection.getresponse().read()
    finally:
        connection.close()


def _memory_of_children(pid: int) -> list[int]:
    """Of each process below it, in MB."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [round(int(size) / 1024) for size in listed.stdout.split()]


def _nginx(told_of: str, seconds: int) -> dict[str, Any] | None:
    """The same bytes as the home page has, as a file; None without nginx."""
    if not shutil.which("nginx"):
        return None
    os.environ["PAGE_CACHE_BYTES"] = str(1 << 24)
    [port] = free_ports(1)
    with serving(port, WORKERS):
        body = _body(f"http://127.0.0.1:{port}{told_of}")
    with tempfile.TemporaryDirectory(prefix="qb-") as name, _static(name, body) as url:
        return asdict(put_on(url, AT_ONCE_KEPT, seconds)) | {"bytes": len(body)}


@contextmanager
def _static(name: str, body: bytes) -> Iterator[str]:
    folder, [port] = Path(name), free_ports(1)
    folder.chmod(0o755)  # nginx reads as somebody else
    (folder / "www").mkdir()
    (folder / "www" / "page.html").write_bytes(body)
    written = _NGINX.format(workers=WORKERS, folder=folder, port=port)
    (folder / "nginx.conf").write_text(written)
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/page.html"
    finally:
        server.terminate()
        server.wait()


def _queries(paths: dict[str, str]) -> dict[str, int]:
    """How many each page asks, without the page cache."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, counts = Client(headers={"host": "localhost"}), {}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts[name] = len(asked)
    return counts


if __name__ == "__main__":
    sys.exit(main())
