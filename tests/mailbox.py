"""A mail server of the tests' own, on loopback, spoken to in real SMTP."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller


class Mailbox:
    """Takes mails, or answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        # What it says to the recipient, and to the mail.
        self.rcpt_answer = ""
        self.data_answer = ""
        self.hangs_up = False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt_answer:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer:
            return self.data_answer
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert envelope.rcpt_tos == [
            address.addr_spec for address in mail["To"].addresses
        ]
        self.taken.append(mail)
        if self.hangs_up:
            server.transport.abort()
        return "250 Taken"

    def to(self, address: str) -> list[EmailMessage]:
        return [
            mail for mail in self.taken if mail["To"].addresses[0].addr_spec == address
        ]


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox(settings):
    """Django's own SMTP backend sends there."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.SITE_URL = "https://blog.example.org"
    yield box
    controller.stop()
