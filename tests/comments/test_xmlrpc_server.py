"""What hostile callers cost the server as it is shipped: memory, and its threads."""

import http.client
import signal
import socket
import time
from contextlib import closing, contextmanager
from pathlib import Path
from xmlrpc import client

import pytest

from tests.comments.test_xmlrpc import HOSTILE
from tests.config.test_serving import PATIENCE_SECONDS, start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.own_blog,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc"),
]
MB = 2**20
MAX_GROWTH_MB = 50
# A busy machine is no reason to fail; on a quiet one it is a tenth of a second.
SECONDS = 10


class Server:
    def __init__(self, process, port: int) -> None:
        self.process, self.port = process, port

    @property
    def workers(self) -> list[int]:
        pid = self.process.pid
        return [
            int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def memory(self, name: str) -> float:
        """In megabytes: VmRSS now, VmHWM the most there was."""
        lines = [
            line
            for pid in [self.process.pid, *self.workers]
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith(name)
        ]
        return sum(int(line.split()[1]) for line in lines) / 1024

    def post(self, body, **headers) -> bytes:
        with closing(self.connect()) as connection:
            connection.request("POST", "/xmlrpc.php", body, headers)
            response = connection.getresponse()
            assert response.status == 200
            return response.read()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE_SECONDS
        )

    @contextmanager
    def grows_little(self):
        before, started = self.memory("VmRSS"), time.monotonic()
        for pid in self.workers:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget VmHWM
        yield
        assert self.memory("VmHWM") - before < MAX_GROWTH_MB
        assert time.monotonic() - started < SECONDS


@pytest.fixture(scope="module")
def server(tmp_path_factory, put_empty_blog):
    folder = tmp_path_factory.mktemp("data")
    put_empty_blog(folder)
    process, port = start(folder)
    server = Server(process, port)
    for _ in range(8):  # every thread has read what it needs
        server.post(client.dumps((), "system.listMethods"))
    yield server
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE_SECONDS)


def is_fault(answer: bytes) -> bool:
    with pytest.raises(client.Fault) as caught:
        client.loads(answer)
    return caught.value.faultCode == -32700


def test_python_reads_the_fault_when_it_has_sent_100_mb(server):
    with server.grows_little():
        body = b"x" * (100 * MB)
        assert is_fault(server.post(body))


def test_python_reads_the_fault_when_it_has_sent_100_mb_in_chunks(server):
    with server.grows_little():
        assert is_fault(server.post(b"x" * MB for _ in range(100)))


def test_pythons_own_caller_gets_the_fault_for_an_address_of_100_mb(server):
    caller = client.ServerProxy(f"http://127.0.0.1:{server.port}/xmlrpc.php")
    with server.grows_little(), caller, pytest.raises(client.Fault, match="too large"):
        caller.pingback.ping("x" * 100 * MB, "http://127.0.0.1:8000/")


def test_who_asks_before_sending_100_mb_is_told_to_keep_them(server):
    with socket.create_connection(
        ("127.0.0.1", server.port), timeout=PATIENCE_SECONDS
    ) as caller:
        caller.sendall(
            b"POST /xmlrpc.php HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Expect: 100-continue\r\nContent-Length: 104857600\r\n\r\n"
        )
        assert caller.recv(12) == b"HTTP/1.1 200"


def test_bombs_take_little(server):
    with server.grows_little():
        for body in HOSTILE.values():
            assert is_fault(server.post(body))


def test_who_sends_nothing_does_not_keep_others_from_reading(server):
    with server.grows_little():
        stuck = [server.connect() for _ in range(12)]
        try:
            for connection in stuck:
                connection.putrequest("POST", "/xmlrpc.php")
                connection.putheader("Content-Length", "100")
                connection.endheaders()
            with closing(server.connect()) as reader:
                reader.request("GET", "/healthz")
                assert reader.getresponse().read() == b"ok\n"
        finally:
            for connection in stuck:
                connection.close()
