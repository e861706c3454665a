"""Mail where there is no mail server: what it says, in the server's own output."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Writes whom a mail is for and its text; the HTML would only be in the way."""

    def write_message(self, message: EmailMessage) -> None:
        head = f"Mail to {', '.join(message.to)} (set EMAIL_URL to send it)"
        lines = [head, f"Subject: {message.subject}", "", *message.body.splitlines()]
        self.stream.write("".join(f"  | {line}".rstrip() + "\n" for line in lines))
