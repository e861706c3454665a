"""A conversation in schema.org's words, for the JSON-LD of its post."""

from itertools import islice
from typing import Any

from django.conf import settings

from blog import html_text
from blog.models.post_text import cut
from comments.responses import Response
from comments.threads import Thread

# A page is small: it says all of it once, in its own words.
MAX_COMMENTS = 10
MAX_SIGNS = 280


def of_talk(thread: Thread) -> dict[str, Any]:
    """The first comments that a page shows to everybody; no query."""
    shown = (response for response in thread.talk if response.can_be_replied_to)
    comments = [_comment(response) for response in islice(shown, MAX_COMMENTS)]
    return {"comment": comments} if comments else {}


def of_likes(count: int) -> dict[str, Any]:
    """https://schema.org/InteractionCounter, where there is anything to count."""
    if not count:
        return {}
    counter = {
        "@type": "InteractionCounter",
        "interactionType": "https://schema.org/LikeAction",
        "userInteractionCount": count,
    }
    return {"interactionStatistic": counter}


def _comment(response: Response) -> dict[str, Any]:
    said = {
        "@type": "Comment",
        "url": settings.SITE_URL + response.address,
        "text": cut(html_text.text_of(response.content), MAX_SIGNS),
    }
    if response.created_at:
        said["datePublished"] = response.created_at.isoformat(timespec="seconds")
    if response.writer:
        author = {"@type": "Person", "name": response.writer}
        if response.writer_url:
            author["url"] = response.writer_url
        said["author"] = author  # type: ignore[assignment]
    return said
