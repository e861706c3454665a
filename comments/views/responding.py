"""Where visitors answer."""

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.models import Post, SiteSettings
from blog.same_origin import is_same_origin
from blog.views.reading import is_locked, render_post
from comments.forms import CommentForm, PreviewForm
from comments.moderation import proof, stamp
from comments.owning import address_for_writer
from comments.policy import ProofNeeded, Refused
from comments.posting import post_comment
from comments.views.previewing import as_shown

OTHER_SITE = _(
    "This form was sent from another website. "
    "Please open the page here and send your comment from there."
)
LOCKED = _("This post has a password. Please open it with the password and try again.")
GONE = _("The post you are answering is not there any more.")
TOO_BIG = _(
    "What was sent is too big for this blog to read. "
    "Go back one page: your text is still there. Then make it shorter and send it again."
)


@require_safe
@never_cache
def stamp_form(request: HttpRequest) -> JsonResponse:
    """The moment a form was opened and, where the blog asks for one, a puzzle."""
    site = SiteSettings.of(request)
    is_asked = site.proof_of_work == SiteSettings.ProofOfWork.ALWAYS
    puzzle = proof.new_challenge() if is_asked else None
    return JsonResponse({"stamp": stamp.make(), "puzzle": puzzle})


@csrf_exempt  # guarded by is_same_origin: public pages carry no token
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, post_pk: int) -> HttpResponse:
    """Take a comment on a post, or show the form again with what was typed."""
    post = Post.objects.visible_to(request.user).filter(pk=post_pk).first()
    if request.method != "POST":
        if post is None:
            raise Http404(gettext("There is no such post."))
        return redirect(f"{post.get_absolute_url()}#respond")
    try:
        typed = read_form(request)
    except RequestDataTooBig:
        return keep(request, QueryDict(), TOO_BIG, 413)
    if post is None:
        return keep(request, typed, GONE, 404)
    if not is_same_origin(request):
        return keep(request, typed, OTHER_SITE, 403, post)
    if is_locked(request, post):
        return keep(request, typed, LOCKED, 403, post)
    if "preview" in typed:
        return _preview(request, post, typed)
    return _take(request, post, typed)


def _take(request: HttpRequest, post: Post, typed: QueryDict) -> HttpResponse:
    site = SiteSettings.of(request)
    form = CommentForm(typed, site=site, user=request.user)
    if not form.is_valid():
        return _show_again(request, post, form, form.status)
    try:
        comment = post_comment(post, form.submission(request), site)
    except IntegrityError:
        if Post.objects.filter(pk=post.pk).exists():
            raise
        return keep(request, typed, GONE, 404)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        if isinstance(refusal, ProofNeeded):
            form.puzzle = proof.new_challenge()
        return _show_again(request, post, form, refusal.status)
    return redirect(address_for_writer(comment))


def _preview(request: HttpRequest, post: Post, typed: QueryDict) -> HttpResponse:
    """The page again with what the comment will look like; nothing is stored."""
    text = PreviewForm(typed)
    site = SiteSettings.of(request)
    if not text.is_valid():
        form = CommentForm(typed, site=site, user=request.user)
        form.take_over(text)
        return _show_again(request, post, form, text.status)
    # Not bound: who only wants to look need not hear yet what is missing.
    form = CommentForm(initial=typed.dict(), site=site, user=request.user)
    form.preview = as_shown(text.cleaned_data["body"])
    return _show_again(request, post, form, 200)


def _show_again(
    request: HttpRequest, post: Post, form: CommentForm, status: int
) -> HttpResponse:
    """The page of the post with the form as it was sent.

    What the page shows of the post is read only now: a comment that is taken is
    sent on to the page, and needs none of it.
    """
    whole = get_object_or_404(Post.objects.with_detail(), pk=post.pk)
    return render_post(request, whole, status=status, comment_form=form)


def read_form(request: HttpRequest) -> QueryDict:
    """What the form sent; nothing where it was sent in no way a form is.

    Raises RequestDataTooBig.
    """
    try:
        return request.POST
    except RequestDataTooBig:
        raise
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        return QueryDict()


def keep(
    request: HttpRequest,
    typed: QueryDict,
    reason: str | Promise,
    status: int,
    post: Post | None = None,
) -> HttpResponse:
    """Say why something was not taken and give back the text: there is no form for it."""
    context = {"reason": reason, "text": typed.get("body", ""), "post": post}
    return render(request, "comments/kept.html", context, status=status)
