"""Reading on: the further pages of a conversation, and the way to one comment."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog import fragments
from blog.answering import answering
from blog.models import Post, SiteSettings
from blog.views import reading
from comments import threads
from comments.models import Comment
from comments.thread_pages import NoSuchPage


@require_safe
def post_page(
    request: HttpRequest, number: int, year: int, month: int, day: int, slug: str
) -> HttpResponse:
    """A post with page `number` of its conversation."""
    return _page(request, reading.find_post(request, year, month, day, slug), number)


@require_safe
def page_page(request: HttpRequest, number: int, path: str) -> HttpResponse:
    """A page with page `number` of its conversation."""
    return _page(request, reading.find_page(request, path), number)


def _is_shown(pk: int) -> bool:
    shown = Comment.objects.approved().filter(pk=pk)
    return shown.filter(post__in=Post.objects.published()).exists()


@answering(_is_shown)
@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """To where a comment stands just now; who moderates also to what is not shown."""
    comments = Comment.objects.select_related("post", "post__author")
    if not request.user.has_perm("comments.moderate_comment"):
        comments = comments.approved()
    comment = get_object_or_404(comments, pk=pk)
    posts = Post.objects.visible_to(request.user)
    if not posts.filter(pk=comment.post_id).exists():
        raise Http404(gettext("The post is not public."))
    if reading.is_locked(request, comment.post):
        return redirect(comment.post)
    if not comment.is_approved:
        return redirect("admin:comments_comment_change", comment.pk)
    return redirect(threads.address_of(comment))


def _page(request: HttpRequest, post: Post, number: int) -> HttpResponse:
    if reading.is_locked(request, post):
        return reading.render_post(request, post)
    site = SiteSettings.of(request)
    try:
        wish = threads.Wish(page=number)
        thread = threads.read_thread(post, site, wish, fragments.of(request))
    except NoSuchPage as error:
        raise Http404(gettext("The conversation has fewer pages.")) from error
    return reading.render_post(request, post, thread=thread)
