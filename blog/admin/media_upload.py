"""Many files at once into the library: one form, or one request for each file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import uploading
from blog.admin import media_choices
from blog.images import UploadRefused
from blog.models import Media

NO_FILE = _("Choose a file first.")


def upload(request: HttpRequest) -> HttpResponse:
    """Take the files called `file`; asked for JSON, say in JSON what became of each.

    That is a list `files` of dictionaries with `name`, `state` (new, known or
    refused) and `words`; of what is here also `url`, where its words are written, and
    all that `media_choices.described` says. 422 where none was taken.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm("blog.add_media"):
        raise PermissionDenied
    results = [_take(request, file) for file in request.FILES.getlist("file")]
    if request.accepts("text/html"):
        _tell(request, results)
        return HttpResponseRedirect(reverse("admin:blog_media_changelist"))
    is_taken = any(result["state"] != "refused" for result in results)
    if not results:
        results = [{"name": "", "state": "refused", "words": NO_FILE}]
    return JsonResponse({"files": results}, status=200 if is_taken else 422)


def _take(request: HttpRequest, file: UploadedFile) -> dict[str, Any]:
    try:
        examined = uploading.examine(file)
    except UploadRefused as refusal:
        return {"name": file.name, "state": "refused", "words": str(refusal)}
    twin = uploading.twin_of(examined)
    if twin:
        return _described(file, twin, "known", gettext("It is here already."))
    media = uploading.add(examined, request.user)
    return _described(file, media, "new", gettext("It is in the library."))


def _described(file: UploadedFile, media: Media, state: str, words: str) -> dict:
    return media_choices.described(media) | {
        "name": file.name,
        "state": state,
        "words": words,
        "url": reverse("admin:blog_media_change", args=[media.pk]),
    }


def _tell(request: HttpRequest, results: list[dict[str, Any]]) -> None:
    """The same in sentences, on the page that comes next."""
    if not results:
        messages.error(request, NO_FILE)
    for result in results:
        if result["state"] == "refused":
            # In quotes, because messages begin with a capital letter.
            messages.error(request, f"“{result['name']}”: {result['words']}")
            continue
        sentence = format_html(
            '<a href="{}">“{}”</a>: {}', result["url"], result["name"], result["words"]
        )
        is_new = result["state"] == "new"
        (messages.success if is_new else messages.warning)(request, sentence)
