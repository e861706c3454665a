"""The yardstick: nginx, which sends the same bytes as a file."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.visitors import wait_for
from tests.ports import free_ports

# As Debian ships it, without its access log: ours is off, too. Two processes for two
# cores; open_file_cache stays off, which is the default.
_CONFIGURATION = """
worker_processes {workers}; daemon off; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
    types {{ text/html html; }}
    client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


@contextmanager
def serving_files(workers: int) -> Iterator["Files | None"]:
    """None where it is not installed."""
    if not shutil.which("nginx"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="qb-") as name:
        folder, [port] = Path(name), free_ports(1)
        folder.chmod(0o755)  # nginx reads as somebody else
        (folder / "www").mkdir()
        written = _CONFIGURATION.format(workers=workers, folder=folder, port=port)
        (folder / "nginx.conf").write_text(written)
        server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
        try:
            wait_for(port)
            yield Files(folder / "www", port)
        finally:
            server.terminate()
            server.wait()


class Files:
    """What it serves."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port

    def put(self, body: bytes) -> str:
        """A file with these bytes; its URL."""
        name = f"{len(list(self._folder.iterdir()))}.html"
        (self._folder / name).write_bytes(body)
        return f"http://127.0.0.1:{self._port}/{name}"
