"""`/webmention/`: who links here tells us, by a program or by hand.

Webmention (W3C Recommendation of 12 January 2017), section 3.2.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments import wording
from comments.models import Comment, IncomingPing
from comments.pings import receive, standing
from comments.pings.fields import FORM_TYPE, TooManyFields, decoded, read_fields
from comments.pings.refusals import (
    PingRefused,
    SourceMissing,
    TargetClosed,
    TargetUnknown,
)
from comments.submission import client_address
from comments.views.bodies import Unread, read_body

MAX_BYTES = 64 * 1024
TEXT, HTML, JSON = "text/plain", "text/html", "application/json"
_NOT_A_FORM = _("Please send source and target as %(type)s.")
_TOO_MANY = _("Please send one source, one target and little else.")
State = IncomingPing.State


class WebmentionForm(forms.Form):
    """The two addresses, typed by somebody whose blog does not send them.

    As text: what comes back to be mended need not be an address, and type=url has to be.
    """

    source = forms.CharField(
        label=_("The address of your page"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        error_messages={"required": _("Please say where your page is.")},
    )
    target = forms.CharField(
        label=_("The address of the post it links to"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": _("Please say which post your page links to.")},
    )


@dataclass(frozen=True)
class Status:
    """What became of a ping, as whoever sent it is told."""

    word: str
    title: str
    sentence: str


@csrf_exempt  # for everybody to knock at; it does nothing in anybody's name
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Take a webmention; to whoever looks in by a browser, a small form."""
    if request.method != "POST":
        given = {name: request.GET.get(name, "") for name in WebmentionForm.base_fields}
        form = WebmentionForm(initial=given)
        return _private(render(request, "comments/webmention.html", {"form": form}))
    try:
        form = _read(request)
        source, target = form.data["source"], form.data["target"]
        if not form.is_valid():
            missing = " and ".join(name for name in form.fields if name in form.errors)
            return _refuse(
                request,
                form,
                400,
                gettext("There is no %(missing)s in this.") % {"missing": missing},
            )
        ping = receive.take(
            IncomingPing.Kind.WEBMENTION,
            source,
            target,
            address=client_address(request),
        )
    except Unread as problem:
        return _refuse(request, WebmentionForm(), problem.status, problem.message)
    except PingRefused as refusal:
        return _refuse_ping(request, form, refusal)
    return _accept(request, ping)


@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it, for whoever sent it: a page, or JSON."""
    pings = IncomingPing.objects.select_related("post", "comment")
    ping = pings.filter(token=token).first()
    if ping is None:
        raise Http404(gettext("No ping has this address, or not any more."))
    return _show(request, ping)


class _NoForm(Unread):
    status = 415


def _read(request: HttpRequest) -> WebmentionForm:
    """The fields as a bound form. Raises Unread."""
    body = read_body(request, MAX_BYTES)
    if request.content_type != FORM_TYPE:
        raise _NoForm(str(_NOT_A_FORM) % {"type": FORM_TYPE})
    try:
        fields = decoded(read_fields(body))
    except TooManyFields:
        raise Unread(str(_TOO_MANY)) from None
    sent = {name: fields.get(name, [""]) for name in WebmentionForm.base_fields}
    if any(len(values) > 1 for values in sent.values()):
        raise Unread(str(_TOO_MANY))
    return WebmentionForm({name: values[0] for name, values in sent.items()})


def _accept(request: HttpRequest, ping: IncomingPing) -> HttpResponse:
    """201 and where it can be asked what became of it (section 3.2)."""
    address = status_address(ping)
    if _wanted(request, [TEXT, HTML]) == HTML:
        response = _show(request, ping, status=201)
    else:
        sentence = gettext(
            "Thank you. Your page will be looked at; what becomes of it: %(address)s\n"
        ) % {"address": address}
        response = _private(_say(sentence, 201))
    response["Location"] = address
    return response


def status_address(ping: IncomingPing) -> str:
    return settings.SITE_URL + reverse("comments:webmention_status", args=[ping.token])


def _refuse_ping(
    request: HttpRequest, form: WebmentionForm, refusal: PingRefused
) -> HttpResponse:
    """Say what is wrong beside the field it is wrong in, in the page for people."""
    field = None
    if isinstance(refusal, SourceMissing):
        field = "source"
    elif isinstance(refusal, TargetUnknown | TargetClosed):
        field = "target"
    form.add_error(field, refusal.message)
    response = _refuse(request, form, refusal.status, refusal.message)
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _refuse(
    request: HttpRequest, form: WebmentionForm, status: int, sentence: str
) -> HttpResponse:
    if _wanted(request, [TEXT, HTML]) != HTML:
        return _private(_say(f"{sentence}\n", status))
    context = {"form": form, "sentence": "" if form.errors else sentence}
    page = render(request, "comments/webmention.html", context, status=status)
    return _private(page)


def _show(request: HttpRequest, ping: IncomingPing, status: int = 200) -> HttpResponse:
    found = _status_of(ping)
    address = _response_address(ping)
    if _wanted(request, [HTML, JSON]) == JSON:
        said = {"source": ping.source_url, "target": ping.target_url}
        said |= {"status": found.word, "message": found.sentence}
        return _private(JsonResponse(said | ({"response": address} if address else {})))
    context: dict[str, Any] = {"ping": ping, "status": found, "address": address}
    context |= {"own_address": status_address(ping), "again_address": _again(ping)}
    page = render(request, "comments/webmention_status.html", context, status=status)
    return _private(page)


def _status_of(ping: IncomingPing) -> Status:
    """What is not shown is waiting for approval, whatever was decided about it."""
    if ping.state == State.WAITING:
        sentence = gettext("It will be looked at %(when)s.") % {
            "when": _moment_of(ping)
        }
        if ping.attempts and ping.reason:
            sentence = gettext(
                "It could not be read just now. %(reason)s %(sentence)s"
            ) % {"reason": wording.shown(ping.reason), "sentence": sentence}
        return Status("waiting", gettext("Your page waits to be looked at"), sentence)
    if ping.state == State.REFUSED:
        return Status(
            "refused", gettext("Your page was not taken"), wording.shown(ping.reason)
        )
    if ping.state == State.GONE:
        sentence = gettext(
            "Your page, or its link to here, was gone when it was looked at last, so "
            "it is not shown any more."
        )
        return Status("removed", gettext("Your page is not shown any more"), sentence)
    if ping.comment and ping.comment.is_approved:
        return Status("verified", gettext("Your page is shown"), _when_looked_at(ping))
    sentence = gettext(
        "The link was found. Somebody will read it first, and then it is shown."
    )
    return Status("held", gettext("Your page waits for approval"), sentence)


def _moment_of(ping: IncomingPing) -> str:
    return "soon" if standing.is_due(ping) else f"again {standing.when(ping.due_at)}"


def _when_looked_at(ping: IncomingPing) -> str:
    if ping.looked_at and ping.reason:
        return gettext("It stays as it was. %(reason)s") % {
            "reason": wording.shown(ping.reason)
        }
    return gettext("The link was found.")


def _response_address(ping: IncomingPing) -> str:
    """Where everybody sees what it became; empty where nobody does."""
    comment: Comment | None = ping.comment
    is_open = ping.post.is_public and not ping.post.password
    if ping.state != State.TAKEN or comment is None or not is_open:
        return ""
    if not comment.is_approved:
        return ""
    return settings.SITE_URL + comment.get_absolute_url()


def _again(ping: IncomingPing) -> str:
    """The form, with the two addresses filled in."""
    fields = urlencode({"source": ping.source_url, "target": ping.target_url})
    return f"{reverse('comments:webmention')}?{fields}"


def _wanted(request: HttpRequest, types: list[str]) -> str:
    """Which of these the other side likes best; the first where it does not say."""
    return request.get_preferred_type(types) or types[0]


def _say(sentence: str, status: int) -> HttpResponse:
    content_type = "text/plain; charset=utf-8"
    return HttpResponse(sentence, content_type=content_type, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """For whoever asked: nobody keeps it, finds it or is told of it."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Vary"] = "Accept"
    return response
