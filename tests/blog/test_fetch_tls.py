"""Fetching from the web by TLS: whose certificate is taken, and how long it waits."""

import shutil
import socket
import ssl
import subprocess
import threading

import pytest

from blog.fetch import FetchFailed, TooSlow, fetch

NAME = "blog.example"
pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="there is no openssl to make certificates"
)


def openssl(*words, cwd):
    subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=cwd)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Whoever issues certificates here; the folder holds `ca.pem`."""
    folder = tmp_path_factory.mktemp("authority")
    openssl(
        *"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Authority".split(),
        *"-addext keyUsage=critical,keyCertSign,cRLSign".split(),
        *"-keyout ca.key -out ca.pem".split(),
        cwd=folder,
    )
    return folder


def certify(folder, name, days="1"):
    """A certificate for this name, and its key, in one file."""
    (folder / "ext").write_text(f"subjectAltName=DNS:{name}\n")
    new = f"req -newkey rsa:2048 -nodes -subj /CN={name} -keyout key -out request"
    openssl(*new.split(), cwd=folder)
    sign = "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext"
    openssl(*sign.split(), "-days", days, "-out", "certificate", cwd=folder)
    both = (folder / "certificate").read_text() + (folder / "key").read_text()
    (folder / "both.pem").write_text(both)
    return folder / "both.pem"


@pytest.fixture
def trusted(authority, monkeypatch):
    """This machine knows the authority, as it knows those of the web."""
    monkeypatch.setattr(
        "requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority / "ca.pem")
    )


@pytest.fixture
def here(monkeypatch):
    """Every name is on this machine."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *args, **kw: real("127.0.0.1", *args, **kw)
    )


@pytest.fixture
def serve(settings):
    """Call it with a certificate: the port where one visitor is answered."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.FETCH_LOOPBACK_PORTS = {server.getsockname()[1]}
    asked, threads = [], []

    def answer(certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _socket, name, _context: asked.append(name)
        connection, _ = server.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                asked.append(secure.recv(10_000).partition(b"\r\n")[0])
                secure.sendall(b"HTTP/1.0 200 OK\r\n\r\nSecret.")
        except OSError as error:
            asked.append(type(error))
        finally:
            connection.close()

    def start(certificate):
        threads.append(threading.Thread(target=answer, args=[certificate]))
        threads[0].start()
        return server.getsockname()[1]

    start.asked = asked
    yield start
    server.close()
    for thread in threads:
        thread.join(60)


@pytest.mark.usefixtures("trusted", "here")
def test_a_certificate_for_the_name_is_taken(authority, serve):
    port = serve(certify(authority, NAME))
    assert fetch(f"https://{NAME}:{port}/page").body == b"Secret."
    assert serve.asked == [NAME, b"GET /page HTTP/1.1"]


@pytest.mark.usefixtures("trusted", "here")
@pytest.mark.parametrize(("name", "days"), [("other.example", "1"), (NAME, "-1")])
def test_one_for_another_name_or_another_time_is_not(authority, serve, name, days):
    port = serve(certify(authority, name, days))
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://{NAME}:{port}/page")


@pytest.mark.usefixtures("here")
def test_one_of_an_authority_nobody_knows_is_not(authority, serve):
    port = serve(certify(authority, NAME))
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://{NAME}:{port}/page")


@pytest.mark.usefixtures("here")
def test_no_environment_names_authorities(authority, serve, monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(authority / "ca.pem"))
    port = serve(certify(authority, NAME))
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://{NAME}:{port}/page")


@pytest.mark.usefixtures("here")
def test_a_handshake_that_never_ends_is_not_waited_for(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.FETCH_LOOPBACK_PORTS = {port}
        with pytest.raises(TooSlow):
            fetch(f"https://{NAME}:{port}/", seconds=0.3)
        for thread in threading.enumerate():
            if thread.name == "fetch":
                thread.join(60)
                assert not thread.is_alive()
