"""Reading: the home page, a post, a page."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from blog import moved, related
from blog.dates import day_or_404
from blog.models import Post, SiteSettings
from blog.numbers import number_or_none
from blog.pagination import page_of
from blog.same_origin import require_same_origin
from blog.views import searching
from blog.wordpress_addresses import asks_for_something

UNLOCK_SECONDS = 10 * 24 * 3600
_unlock_signer = TimestampSigner(salt="blog.unlock")


@require_safe
def home(request: HttpRequest, number: int = 1) -> HttpResponse:
    """The newest posts; sticky ones first.

    WordPress's queries go where they are read: `?p=12`, `?cat=3`, `?feed=…`, `?s=…`.
    """
    if "s" in request.GET:
        return searching.by_query(request, number)
    if asks_for_something(request.META.get("QUERY_STRING", "")):
        return _by_query(request)
    posts = Post.objects.published().posts().with_cards()
    posts = posts.order_by("-is_sticky", "-published_at", "-pk")
    page = page_of(posts, number, SiteSettings.of(request).posts_per_page)
    return render(request, "blog/home.html", {"page": page})


@require_safe
def post_detail(
    request: HttpRequest, year: int, month: int, day: int, slug: str
) -> HttpResponse:
    """A post with its conversation, at its permalink."""
    return render_post(request, find_post(request, year, month, day, slug))


@require_safe
def page_detail(request: HttpRequest, path: str) -> HttpResponse:
    """A page, found by its full path."""
    return render_post(request, find_page(request, path))


def find_post(request: HttpRequest, year: int, month: int, day: int, slug: str) -> Post:
    """The post with this permalink. Raises Http404."""
    return get_object_or_404(
        Post.objects.visible_to(request.user).posts().with_detail(),
        published_on=day_or_404(year, month, day),
        slug=slug,
    )


def find_page(request: HttpRequest, path: str) -> Post:
    """The page with this path. Raises Http404."""
    return get_object_or_404(
        Post.objects.visible_to(request.user).with_detail(),
        kind=Post.Kind.PAGE,
        path=path,
    )


def render_post(
    request: HttpRequest, post: Post, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of a post or page. `context` may carry a form to show again.

    The response says which post it shows, for whoever looks at it on its way out.
    """
    context |= {
        "post": post,
        "is_locked": is_locked(request, post),
        "can_edit": can_edit(request.user, post),
    }
    context |= beside(post)
    response = render(request, "blog/post_detail.html", context, status=status)
    response.shown_post = post  # type: ignore[attr-defined]
    return response


def beside(post: Post) -> dict[str, Any]:
    """The public posts to go on with: `newer`, `older`, `related`. Two queries.

    The next in time each way, None where there is none, and a list of those that
    have most in common with it. Nothing of a page.
    """
    if post.is_page or post.published_at is None:
        return {"newer": None, "older": None, "related": []}
    public = Post.objects.published().posts()
    at, pk = post.published_at, post.pk
    newer = public.filter(published_at__gte=at).exclude(published_at=at, pk__lte=pk)
    older = public.filter(published_at__lte=at).exclude(published_at=at, pk__gte=pk)
    related_keys = related.keys(post)
    # Each a key by itself, in one list: PostgreSQL would read every post to answer
    # “or”, and SQLite takes no ORDER BY inside a UNION.
    wanted = [
        Subquery(newer.order_by("published_at", "pk").values("pk")[:1]),
        Subquery(older.newest_first().values("pk")[:1]),
        *related_keys,
    ]
    found = {
        other.pk: other
        for other in public.filter(pk__in=wanted).defer("body", "body_html")
    }

    newer_one, older_one = _neighbours(list(found.values()), (at, pk))
    # Those two stand on the page already.
    alike = [found[key] for key in related_keys if key in found]
    alike = [other for other in alike if other not in (newer_one, older_one)]
    return {
        "newer": newer_one,
        "older": older_one,
        "related": alike[: related.SHOWN],
    }


def _neighbours(
    posts: list[Post], here: tuple[datetime, int]
) -> tuple[Post | None, Post | None]:
    """The next after and the last before `here`, a date and a number, among `posts`."""

    def place(post: Post) -> tuple[datetime, int]:
        return post.published_at or here[0], post.pk

    newer = [post for post in posts if place(post) > here]
    older = [post for post in posts if place(post) < here]
    return min(newer, key=place, default=None), max(older, key=place, default=None)


def is_locked(request: HttpRequest, post: Post) -> bool:
    """Whether this visitor still has to type the post's password."""
    if not post.password or can_edit(request.user, post):
        return False
    token = request.COOKIES.get(_unlock_cookie(post), "")
    try:
        unlocked = _unlock_signer.unsign(token, max_age=UNLOCK_SECONDS)
    except BadSignature:
        return True
    return not constant_time_compare(unlocked, _unlock_secret(post))


@csrf_exempt  # guarded by require_same_origin: public pages carry no token
@require_POST
@require_same_origin
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a post's password; the right one opens it here for ten days."""
    post = get_object_or_404(Post.objects.published().with_detail(), pk=pk)
    if not post.password:
        return redirect(post)
    if not constant_time_compare(request.POST.get("password", ""), post.password):
        error = gettext("That is not the password of this post.")
        return render_post(request, post, status=403, unlock_error=error)
    response = redirect(post)
    response.set_cookie(
        _unlock_cookie(post),
        _unlock_signer.sign(_unlock_secret(post)),
        max_age=UNLOCK_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _by_query(request: HttpRequest) -> HttpResponse:
    """To where it is read, or what is no more; who may see a draft sees it."""
    query = request.META.get("QUERY_STRING", "")
    if place := moved.by_query(query):
        return redirect(place, permanent=True)
    pk = number_or_none(moved.number_in(query))
    if pk is None:
        raise Http404(gettext("There is no such page."))
    posts = Post.objects.visible_to(request.user).with_detail()
    post = get_object_or_404(posts, pk=pk)
    if post.get_absolute_url().startswith("/?"):
        return render_post(request, post)
    return redirect(post)


def can_edit(user: Any, post: Post) -> bool:
    if not user.has_perm("blog.change_post"):
        return False
    return user.pk == post.author_id or user.has_perm("blog.change_others_post")


def _unlock_cookie(post: Post) -> str:
    return f"unlock-{post.pk}"


def _unlock_secret(post: Post) -> str:
    """Changes with the password, so that a new one locks everybody out again."""
    return _unlock_signer.signature(f"{post.pk}:{post.password}")
