"""What is known about a person, in the admin: look, hand out, erase."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments import privacy
from comments.models import Comment

_NOUNS = {
    "comments": "comment",
    "subscriptions": "subscription",
    "mails": "mail",
    "rules": "rule",
    "decisions": "decision",
    "avatar": _("look at Gravatar"),
    "accounts": "account",
}


def may_erase(request: HttpRequest) -> bool:
    """Who may delete accounts: Administrators, and who is above all roles."""
    return request.user.has_perm("blog.delete_user")


def person(request: HttpRequest) -> HttpResponse:
    """One page, three buttons. The address is posted: it must not get into a log."""
    if not may_erase(request):
        raise PermissionDenied(gettext("Only Administrators look people up."))
    if request.method != "POST":
        return _page(request)
    verb = request.POST.get("verb", "look")
    try:
        email = privacy.normal(request.POST.get("email", ""))
    except ValueError as error:
        return _page(request, error=str(error), email=request.POST.get("email", ""))
    if verb == "export":
        return _download(email)
    if verb == "erase":
        for line in str(privacy.erase(email)).splitlines():
            messages.success(request, line)
        return HttpResponseRedirect(request.path)
    found = privacy.export(email)
    return _page(
        request,
        email=email,
        found=found,
        said=[
            said | {"state_in_words": Comment.State(said["state"]).label}
            for said in found["comments"]
        ],
        counts=[
            privacy.in_words(noun, len(found[name]))
            for name, noun in _NOUNS.items()
            if found[name]
        ],
        is_nothing=privacy.is_empty(found),
        is_sure=verb == "confirm",
    )


def _page(request: HttpRequest, **context: Any) -> HttpResponse:
    context |= {
        **admin.site.each_context(request),
        "title": gettext("What is known about a person"),
    }
    response = render(request, "admin/comments/person.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _download(email: str) -> JsonResponse:
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(privacy.export(email), json_dumps_params=options)
    response["Content-Disposition"] = 'attachment; filename="person.json"'
    response["Cache-Control"] = "no-store"
    return response
