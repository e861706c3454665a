"""What comes in to be said below a post, by whatever door."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.http import HttpRequest

from comments.models import Comment

if TYPE_CHECKING:
    from blog.models import User

MAX_BODY_BYTES = 65_525
# Looking costs nobody anything, so what is shown before posting is bounded: the most
# hostile text of this size takes a fifth of a second.
MAX_PREVIEW_BYTES = 16 * 1024
MAX_NAME_LENGTH = 245
MAX_EMAIL_LENGTH = 100
MAX_URL_LENGTH = 200
MAX_USER_AGENT_LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A comment or ping before anybody has decided about it. Lengths are checked."""

    body: str
    body_format: str = Comment.Format.HTML
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    author: "User | None" = None
    parent_id: int | None = None
    kind: str = Comment.Kind.COMMENT
    ip_address: str | None = None
    user_agent: str = ""
    source_url: str = ""
    source_title: str = ""
    source_site: str = ""
    source_data: dict[str, Any] = field(default_factory=dict)
    # How it was typed. Seconds since the form was opened, as a signed stamp tells;
    # None where none came, as from a browser without JavaScript.
    typed_seconds: float | None = None
    # Something was typed into the field nobody sees.
    is_trapped: bool = False
    # The browser solved the puzzle it was given.
    has_proof: bool = False
    # Sent without one, knowing that somebody will look at it first.
    is_unproven: bool = False
    wants_mail: bool = False

    def __post_init__(self) -> None:
        # As it is stored and looked up: people write their address both ways.
        object.__setattr__(self, "author_email", self.author_email.lower())

    @property
    def is_ping(self) -> bool:
        return self.kind != Comment.Kind.COMMENT


class Sender(TypedDict):
    ip_address: str | None
    user_agent: str


def sender_of(request: HttpRequest) -> Sender:
    """Where a submission comes from. The browser's name goes with an address."""
    address = client_address(request)
    browser = request.headers.get("User-Agent", "") if address else ""
    return {
        "ip_address": address,
        "user_agent": browser.replace("\0", "")[:MAX_USER_AGENT_LENGTH],
    }


def client_address(request: HttpRequest) -> str | None:
    """The visitor's IP address; behind a proxy, the one the proxy saw.

    None where there is none to be had, as on a Unix socket.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        # The last entry is our proxy's; those before it are the visitor's to forge.
        address = forwarded.rpartition(",")[2].strip() or address
    try:
        return str(ip_address(address))
    except ValueError:
        return None
