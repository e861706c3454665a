"""Reading: the home page, a post, a page."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from blog import late_pieces, moved, neighbours, public_posts
from blog.dates import day_or_404
from blog.models import Post, SiteSettings
from blog.numbers import number_or_none
from blog.post_lists import HOME, page_of
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
    posts = HOME.of(request)
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
    published_on = day_or_404(year, month, day)
    if post := public_posts.at(published_on, slug):
        return post
    hidden = Post.objects.visible_to(request.user).posts().with_detail()
    return get_object_or_404(hidden, published_on=published_on, slug=slug)


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
    context |= neighbours.beside(post)
    response = late_pieces.render(request, "blog/post_detail.html", context, status)
    response.shown_post = post  # type: ignore[attr-defined]
    return response


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
    # Whoever is nobody is asked for no permission: every backend would look.
    if not (user.is_authenticated and user.has_perm("blog.change_post")):
        return False
    return user.pk == post.author_id or user.has_perm("blog.change_others_post")


def _unlock_cookie(post: Post) -> str:
    return f"unlock-{post.pk}"


def _unlock_secret(post: Post) -> str:
    """Changes with the password, so that a new one locks everybody out again."""
    return _unlock_signer.signature(f"{post.pk}:{post.password}")
