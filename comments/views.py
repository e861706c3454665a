"""Where visitors answer."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.models import Post, SiteSettings
from blog.same_origin import require_same_origin
from blog.views.reading import is_locked, render_post
from comments.forms import CommentForm
from comments.models import Comment
from comments.policy import Refused
from comments.posting import post_comment
from comments.threads import sign_held


@csrf_exempt  # guarded by require_same_origin: public pages carry no token
@require_http_methods(["GET", "HEAD", "POST"])
@require_same_origin
def create(request: HttpRequest, post_pk: int) -> HttpResponse:
    """Take a comment on a post, or show the form again with what was typed."""
    posts = Post.objects.visible_to(request.user).with_detail()
    post = get_object_or_404(posts, pk=post_pk)
    if request.method != "POST":
        return redirect(f"{post.get_absolute_url()}#respond")
    if is_locked(request, post):
        raise PermissionDenied("Only readers who know its password can comment here.")
    site = SiteSettings.of(request)
    form = CommentForm(request.POST, site=site, user=request.user)
    if not form.is_valid():
        return render_post(request, post, status=400, comment_form=form)
    try:
        comment = post_comment(post, form.submission(request))
    except IntegrityError as error:
        if Post.objects.filter(pk=post.pk).exists():
            raise
        raise Http404("The post was deleted while you were writing.") from error
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return render_post(request, post, status=refusal.status, comment_form=form)
    return redirect(_address_for_writer(comment))


def _address_for_writer(comment: Comment) -> str:
    """Where its writer sees the comment, held or not."""
    if comment.is_approved:
        return comment.get_absolute_url()
    page = comment.post.get_absolute_url()
    return f"{page}?held={sign_held(comment)}#comment-{comment.pk}"
