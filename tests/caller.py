"""Python's own XML-RPC client, calling the blog without a server in between."""

from io import BytesIO
from xmlrpc.client import ServerProxy, Transport

from django.test import Client


class _Door(Transport):
    """Sends what the client wrote through Django's test client, headers and all."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def request(self, host, handler, request_body, verbose=False):  # noqa: FBT002  its signature
        answer = knock(request_body, self.address)
        assert answer.status_code == 200
        self.verbose = verbose
        return self.parse_response(BytesIO(answer.content))


def caller(address: str = "192.0.2.7") -> ServerProxy:
    """Whoever calls `/xmlrpc.php` from this IP address."""
    return ServerProxy("http://testserver/xmlrpc.php", transport=_Door(address))


def knock(body: bytes, address: str = "192.0.2.7", **headers):
    """The response to any bytes."""
    return Client(REMOTE_ADDR=address, headers=headers).post(
        "/xmlrpc.php", body, content_type="text/xml"
    )
