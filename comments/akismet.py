"""Akismet's opinion, for who has a key of theirs: asked late, never obeyed blindly.

Off unless `AKISMET_KEY` is in the environment. What is sent leaves the machine:
docs/privacy.md says what that is. Akismet can hold a comment, and nothing else.
"""

from django.conf import settings

from blog import languages
from blog.fetch import FetchFailed, fetch
from comments import wording
from comments.models import Comment, Decision

URL = "https://rest.akismet.com/1.1"
REASON = wording.AKISMET.said()
# A decision is told once there was time to undo it.
TELL_AFTER_SECONDS = 300
_TYPES = {Comment.Kind.COMMENT: "comment", Comment.Kind.WEBMENTION: "webmention"}


def is_on() -> bool:
    return bool(settings.AKISMET_KEY)


def is_asked_about(comment: Comment) -> bool:
    """Of strangers' comments that are not spam already. No query.

    Akismet wants the sender's address: without one it can't be asked.
    """
    is_open = comment.state in (Comment.State.APPROVED, Comment.State.PENDING)
    is_stranger = comment.author_id is None and comment.ip_address is not None
    return is_on() and is_open and is_stranger and not comment.is_decided


def calls_spam(comment: Comment) -> bool:
    """What Akismet says. Raises blog.fetch.FetchError where it says nothing."""
    said = _ask("comment-check", comment)
    if said not in ("true", "false"):
        raise FetchFailed(f"Akismet said “{said[:200]}”.")
    return said == "true"


def tell(decision: Decision) -> None:
    """Tell Akismet where somebody found it wrong. Raises blog.fetch.FetchError."""
    called_spam = REASON in decision.was_reasons
    if decision.state == Comment.State.SPAM and not called_spam:
        _ask("submit-spam", decision.comment)
    elif decision.state == Comment.State.APPROVED and called_spam:
        _ask("submit-ham", decision.comment)


def is_told(decision: Decision) -> bool:
    """Whether it still stands, and was somebody's about a stranger's comment."""
    comment = decision.comment
    stands = decision.undone_at is None and comment.state == decision.state
    is_somebodys = decision.moderator_id is not None
    is_stranger = comment.author_id is None and comment.ip_address is not None
    return is_on() and stands and is_somebodys and is_stranger


def _ask(question: str, comment: Comment) -> str:
    answer = fetch(f"{URL}/{question}", method="POST", data=_fields(comment))
    if not answer.is_ok:
        raise FetchFailed(f"Akismet answered {answer.status}.")
    return answer.text.strip()


def _fields(comment: Comment) -> dict[str, str]:
    """By the names Akismet has for them."""
    return {
        "api_key": settings.AKISMET_KEY,
        "blog": f"{settings.SITE_URL}/",
        "blog_lang": languages.of_blog(),
        "blog_charset": "UTF-8",
        "user_ip": str(comment.ip_address),
        "user_agent": comment.user_agent,
        "permalink": f"{settings.SITE_URL}{comment.post.get_absolute_url()}",
        "comment_type": _TYPES.get(Comment.Kind(comment.kind), comment.kind),
        "comment_author": comment.author_name,
        "comment_author_email": comment.author_email,
        "comment_author_url": comment.author_url or comment.source_url,
        "comment_content": comment.body,
        "comment_date_gmt": comment.created_at.isoformat(),
    }
