"""What a comment will look like, for whoever is still typing it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog import languages
from blog.languages import wordless
from blog.same_origin import require_same_origin
from comments.forms import PreviewForm
from comments.models import Comment


@wordless  # the page it is shown on says its language
@csrf_exempt  # guarded by require_same_origin: public pages carry no token
@require_POST
@require_same_origin
@never_cache
def preview(request: HttpRequest) -> HttpResponse:
    """The HTML of `body` as it would be served, with no page around it.

    `language` is the page's. No query. Empty where nothing was typed yet; a sentence in plain text with
    status 413 where it is too long to be shown, 400 where it cannot be read.
    """
    language = request.POST.get("language", "")
    is_known = language in dict(settings.LANGUAGES)
    with languages.blogs(language if is_known else settings.LANGUAGE_CODE):
        return _previewed(request)


def _previewed(request: HttpRequest) -> HttpResponse:
    form = PreviewForm(request.POST)
    if form.is_valid():
        return HttpResponse(as_shown(form.cleaned_data["body"]))
    if not request.POST.get("body", "").strip():
        return HttpResponse()
    return HttpResponse(
        " ".join(map(str, form.errors["body"])),
        status=form.status,
        content_type="text/plain; charset=utf-8",
    )


def as_shown(body: str, body_format: str = Comment.Format.MARKDOWN) -> SafeString:
    """A comment's text as readers will see it. No query."""
    comment = Comment(body=body, body_format=body_format)
    comment.derive()
    return comment.content
