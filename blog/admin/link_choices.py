"""Own posts and pages for a link, found by the words of their titles."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from blog.models import Post, User

MAX_CHOICES = 8
MAX_UNDATED = 3
# Of the newest that are called so.
MAX_LOOKED_AT = 100
MAX_WORDS = 6
# What of a row is shown, and what its address is made of.
FIELDS = """
    kind title lead password status slug path published_at published_on
""".split()


def link_choices(request: HttpRequest) -> JsonResponse:
    """`{"results": [{title, url, about}]}` for the words in `q`, the newest first.

    Only what this person may read; at most MAX_CHOICES. Two queries, that read no texts.
    """
    words = request.GET.get("q", "")[:200].split()[:MAX_WORDS]
    found = _with_words(request.user, words)
    return JsonResponse({"results": [_described(post) for post in found]})


def _with_words(user: User, words: list[str]) -> list[Post]:
    """The newest with every word in their title, what has no date yet in front."""
    readable = Post.objects.visible_to(user).only(*FIELDS)
    titled = Post.objects.order_by().titled_with(words)
    # By number, for their date is the same: none.
    undated = readable.titled_with(words).filter(published_at=None).order_by("-pk")
    first = list(undated[:MAX_UNDATED]) if words else []
    # Found before it is asked who may read them: together no index answers both.
    newest = titled.filter(published_at__isnull=False).order_by("-published_at")
    dated = readable.filter(pk__in=newest.values("pk")[:MAX_LOOKED_AT])
    return [*first, *dated.newest_first()[: MAX_CHOICES - len(first)]]


def _described(post: Post) -> dict[str, str]:
    about = "page" if post.is_page else ""
    if not post.is_public:
        about = f"{about} {post.state_label}".strip()
    elif not post.is_page:
        about = date_format(timezone.localtime(post.published_at), "DATE_FORMAT")
    return {"title": post.headline, "url": post.get_absolute_url(), "about": about}
