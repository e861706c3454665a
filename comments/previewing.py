"""What a comment will look like, for whoever is still typing it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.same_origin import require_same_origin
from comments.forms import CommentForm
from comments.models import Comment
from comments.submission import MAX_BODY_BYTES


class _Typed(forms.Form):
    """The form's text alone, cleaned as it will be."""

    body = CommentForm.base_fields["body"]
    clean_body = CommentForm.clean_body


@csrf_exempt  # guarded by require_same_origin: public pages carry no token
@require_POST
@require_same_origin
@never_cache
def preview(request: HttpRequest) -> HttpResponse:
    """The HTML of `body` as it would be served, with no page around it.

    No query. Empty where nothing was typed yet; a sentence in plain text with
    status 413 where it is too long, 400 where it cannot be read.
    """
    typed = request.POST.get("body", "")
    form = _Typed({"body": typed})
    if form.is_valid():
        comment = Comment(
            body=form.cleaned_data["body"], body_format=Comment.Format.MARKDOWN
        )
        comment.derive()
        return HttpResponse(comment.body_html)
    if not typed.strip():
        return HttpResponse()
    is_too_long = len(typed.encode()) > MAX_BODY_BYTES
    return HttpResponse(
        " ".join(map(str, form.errors["body"])),
        status=413 if is_too_long else 400,
        content_type="text/plain; charset=utf-8",
    )
