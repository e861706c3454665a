"""The response a ping becomes: how it is stored, follows its page, and goes with it."""

from html import escape

from blog.models import SiteSettings
from comments.models import Comment, IncomingPing
from comments.pings.sources import Mention
from comments.posting import post_comment
from comments.submission import Submission


def store(ping: IncomingPing, mention: Mention, site: SiteSettings) -> Comment:
    """The response to `ping`. Raises policy.Refused."""
    if ping.comment:
        return ping.comment
    return post_comment(ping.post, _submission(ping, mention), site)


def _submission(ping: IncomingPing, mention: Mention) -> Submission:
    return Submission(
        # Kept as WordPress keeps it, as HTML: nothing in it is to be markup.
        body=escape(mention.excerpt, quote=False),
        kind=ping.kind,
        author_name=mention.author_name,
        author_url=mention.author_url,
        ip_address=ping.ip_address,
        source_url=ping.source_url,
        source_title=mention.title,
        source_site=mention.site,
        source_data={"type": mention.type},
    )
