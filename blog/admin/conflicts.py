"""The page that is shown instead of writing over what somebody else saved."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from blog import comparison, revision_notes, revisions, working_copies
from blog.admin.conflict_form import (
    BOTH,
    GO_ON,
    MINE,
    THEIRS,
    ConflictForm,
    moment_or_none,
)
from blog.meanwhile import Meanwhile, Whose
from blog.models import Post, User

# How theirs and mine are shown: the button's name, and its words.
SHOWN = {
    "": _("In one text"),
    "beside": _("Side by side"),
    "html": _("In one text, HTML"),
    "beside html": _("Side by side, HTML"),
}
PEOPLE_SAID = {
    Whose.THEIRS: _("Only %(who)s changed this."),
    Whose.MINE: _("Only you changed this."),
    Whose.BOTH: _("Both of you changed this."),
    Whose.UNKNOWN: "",
}
WINDOWS_SAID = {
    Whose.THEIRS: _("Changed in the other window alone."),
    Whose.MINE: _("Changed in this window alone."),
    Whose.BOTH: _("Changed in both windows."),
    Whose.UNKNOWN: "",
}
# The subject of “… saved this while you were writing”.
YOU = _("You, in another window,")
MAX_SAVES_NAMED = 5
NOT_YET = _("This is your text. It is not saved yet.")
KEPT = _("This is as it is stored. What you wrote is kept as a draft of yours.")
# Everything else that was sent goes along with the page.
_OWN_FIELDS = frozenset(
    ["csrfmiddlewaretoken", "read_at", "seen_at", "_shown", MINE, BOTH, GO_ON, THEIRS]
)


class Conflicts(admin.ModelAdmin):
    """Both versions beside each other, and what can be done with them."""

    def changeform_view(
        self, request: HttpRequest, object_id=None, form_url="", extra_context=None
    ) -> HttpResponse:
        if request.method == "POST" and GO_ON in request.POST:
            # What is stored was seen: from here on that is what it is compared with.
            data = request.POST.copy()
            data["read_at"], data["_restore"] = data.get("seen_at", ""), "x"
            request.POST = data
            self.message_user(request, NOT_YET, messages.WARNING)
        if request.method == "POST" and THEIRS in request.POST:
            post = self.get_object(request, str(object_id))
            may_change = post and self.has_change_permission(request, post)
            if may_change and self._keep_mine(request, post):
                return HttpResponseRedirect(request.get_full_path())
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _keep_mine(self, request: HttpRequest, post: Post) -> bool:
        """Keep what was sent as a draft of its writer's; whether it could be kept."""
        form_class = self.get_form(request, post, change=True)
        form = form_class(request.POST, instance=post)
        try:
            working_copies.autosave(
                request.user,
                form.fields_sent(),
                kind=post.kind,
                post=post,
                based_on=moment_or_none(request.POST.get("read_at", "")),
                known_at=request.POST.get("copy_at", ""),
            )
        except working_copies.NotKept as reason:
            self.message_user(request, str(reason), messages.WARNING)
            return False
        self.message_user(request, KEPT, messages.SUCCESS)
        return True

    def conflict_page(
        self, request: HttpRequest, form: ConflictForm, found: Meanwhile
    ) -> HttpResponse:
        """What differs between what `form` was sent and what is stored; the choices."""
        post = Post.objects.get(pk=form.instance.pk)
        shown = request.POST.get("_shown", "")
        who, saves = self._saves(request, found, post)
        context = self.admin_site.each_context(request) | {
            "title": gettext("%(who)s saved this while you were writing")
            % {"who": who},
            "opts": self.opts,
            "post": post,
            "who": who,
            "saves": saves,
            "can_keep_both": found.can_keep_both,
            "ways": [(way, words, way == shown) for way, words in SHOWN.items()],
            "sent": _sent(request),
            "read_at": request.POST["read_at"],
            "seen_at": post.updated_at.isoformat(),
        }
        is_own = who == YOU
        context |= _differing(found, who, shown, is_own=is_own)
        return TemplateResponse(
            request, "admin/blog/conflict.html", context, status=409
        )

    def _saves(
        self, request: HttpRequest, found: Meanwhile, post: Post
    ) -> tuple[str, list[dict[str, str]]]:
        """Who saved last, and what was saved since the form was opened, newest first."""
        versions = revisions.of(post.pk).defer("serialized_data")
        if found.base:
            read_at = request.POST["read_at"]
            versions = versions.filter(revision__date_created__gt=read_at)
        else:
            versions = versions.filter(revision__date_created__gte=post.updated_at)
        rows = [
            {
                "who": _name(version, request.user),
                "when": _when(version),
                "what": revision_notes.told(version.revision.comment),
            }
            for version in versions[:MAX_SAVES_NAMED]
        ]
        return (rows[0]["who"] if rows else gettext("Somebody")), rows


def _differing(
    found: Meanwhile, who: str, shown: str, *, is_own: bool
) -> dict[str, Any]:
    """Field by field and in the text, each with who changed it."""
    of_html = "html" in shown
    difference = comparison.between(
        found.theirs, found.mine, found.names, of_html=of_html
    )
    return {
        "difference": difference,
        "fields": [
            (field, _said_of(found.whose(field.name), who, is_own=is_own))
            for field in difference.fields
        ],
        "of_text": _said_of(found.whose("body"), who, is_own=is_own),
        "is_beside": "beside" in shown,
        "is_html": of_html,
    }


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """All that was sent, to go along with the page."""
    lists = request.POST.lists()
    return [
        (name, value)
        for name, values in lists
        for value in values
        if name not in _OWN_FIELDS
    ]


def _name(version: Version, user: Any) -> str:
    by: User | None = version.revision.user
    if by is None:
        return gettext("Somebody")
    return str(YOU) if by == user else str(by)


def _when(version: Version) -> str:
    moment = timezone.localtime(version.revision.date_created)
    is_today = moment.date() == timezone.localdate()
    return date_format(moment, "TIME_FORMAT" if is_today else "DATETIME_FORMAT")


def _said_of(whose: Whose, who: str, *, is_own: bool) -> str:
    if is_own:
        return WINDOWS_SAID[whose]
    return PEOPLE_SAID[whose] % {"who": who}
