"""Where writers change or withdraw their own comment, and see all they have said."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.models import SiteSettings
from blog.pagination import page_of
from blog.same_origin import is_same_origin
from comments import owning
from comments.editing import TOO_LATE, edit_comment, withdraw
from comments.forms import BodyForm, PreviewForm
from comments.models import Comment
from comments.policy import Refused
from comments.submission import sender_of
from comments.views.previewing import as_shown
from comments.views.responding import OTHER_SITE, TOO_BIG, keep, read_form

PER_PAGE = 20
RUN_OUT = _(
    "This link does not open a comment: it has run out, or a part of it is missing. "
    "With an account you find what you have said under your name."
)
LOGGED_OUT = _("You were logged out meanwhile. Please log in and try again.")


@csrf_exempt  # guarded by is_same_origin: the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """Change the comment a signed link names."""
    comments = Comment.objects.select_related("post", "author")
    comment = comments.filter(pk=owning.read(token)).first()
    if comment is None:
        return keep(request, _typed(request), RUN_OUT, 403)
    return _change(request, comment, token)


@csrf_exempt  # guarded by is_same_origin, so that a lost session loses no text
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one of the comments of the reader who is logged in."""
    if not request.user.is_authenticated:
        if request.method == "POST":
            return keep(request, _typed(request), LOGGED_OUT, 403)
        return redirect_to_login(request.get_full_path())
    comment = get_object_or_404(owning.written_by(request.user), pk=pk)
    return _change(request, comment)


@require_safe
@login_required
@never_cache
def listing(request: HttpRequest, number: int = 1) -> HttpResponse:
    """All that the reader who is logged in has said, and what became of it."""
    page = page_of(owning.written_by(request.user), number, PER_PAGE)
    site = SiteSettings.of(request)
    said = [
        {
            "comment": comment,
            "state": owning.state_in_words(comment),
            "can_change": owning.can_change(comment, site),
        }
        for comment in page
    ]
    return render(request, "account/comments.html", {"page": page, "said": said})


def _change(request: HttpRequest, comment: Comment, token: str = "") -> HttpResponse:
    site = SiteSettings.of(request)
    try:
        typed = read_form(request)
    except RequestDataTooBig:
        return keep(request, QueryDict(), TOO_BIG, 413, comment.post)
    if not owning.can_change(comment, site):
        return keep(request, _or_stored(typed, comment), TOO_LATE, 403, comment.post)
    if request.method != "POST":
        return _show(request, comment, BodyForm(initial={"body": comment.body}))
    if not is_same_origin(request):
        return keep(request, typed, OTHER_SITE, 403, comment.post)
    if "withdraw" in typed:
        return _withdraw(request, comment, typed)
    if "keep" in typed:
        return _show(request, comment, BodyForm(initial=typed.dict()))
    return _save(request, comment, typed, token)


def _save(
    request: HttpRequest, comment: Comment, typed: QueryDict, token: str
) -> HttpResponse:
    form = PreviewForm(typed) if "preview" in typed else BodyForm(typed)
    if not form.is_valid():
        return _show(request, comment, form, form.status)
    body = form.cleaned_data["body"]
    if "preview" in typed:
        form.preview = as_shown(body, comment.body_format)
        return _show(request, comment, form)
    try:
        edited = edit_comment(comment, body, sender_of(request))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, comment, form, refusal.status)
    return redirect(owning.address_for_writer(edited, token))


def _withdraw(request: HttpRequest, comment: Comment, typed: QueryDict) -> HttpResponse:
    """Ask once, then take it back. What was typed comes along."""
    context = {"comment": comment, "body": typed.get("body", comment.body)}
    if typed["withdraw"] != "yes":
        return render(request, "comments/own_withdraw.html", context)
    try:
        withdraw(comment)
    except Refused as refusal:
        return keep(request, typed, refusal.message, refusal.status, comment.post)
    return render(request, "comments/own_withdrawn.html", context)


def _show(
    request: HttpRequest, comment: Comment, form: BodyForm, status: int = 200
) -> HttpResponse:
    form.describe_fields()
    until = owning.editable_until(comment.created_at, SiteSettings.of(request))
    context = {"comment": comment, "form": form, "until": until}
    return render(request, "comments/own.html", context, status=status)


def _typed(request: HttpRequest) -> QueryDict:
    try:
        return read_form(request)
    except RequestDataTooBig:
        return QueryDict()


def _or_stored(typed: QueryDict, comment: Comment) -> QueryDict:
    """What was typed; where nothing was, the comment as it stands."""
    if typed.get("body"):
        return typed
    stored = QueryDict(mutable=True)
    stored["body"] = comment.body
    return stored
