"""Nothing is lost: what is being written is kept beside the post, and offered again."""

import uuid
from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import working_copies
from blog.admin.body import with_paragraphs
from blog.models import Post, WorkingCopy
from blog.working_copies import AS_HTML, KEPT_AT, WINDOW

NOT_YOURS = _(
    "You may not change this any more. What you wrote is safe on this computer."
)
SOMEBODY_ELSE = _(
    "Somebody else is logged in now. Log in as who you were: your text is safe on "
    "this computer."
)


@dataclass
class Unsaved:
    """What is kept beside a post for who opens its page."""

    # What the form shows instead of the post as it is stored.
    shown: WorkingCopy | None = None
    # What is offered above it.
    offered: WorkingCopy | None = None
    kept: WorkingCopy | None = None
    # The `saved_at` of the autosave this window goes on from.
    known_at: str = ""
    key: str = ""
    is_lost: bool = False


class Autosaving(admin.ModelAdmin):
    """The write page's working copies: taken in, shown, forgotten."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("autosave/", wrap(self.autosave), name=f"{name}_autosave"),
            path("<int:pk>/autosave/", wrap(self.autosave), name=f"{name}_autosave"),
        ]
        return own + super().get_urls()

    # --- Taken in

    def autosave(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Keep the form that was sent. Answers JSON: a sentence, and when it was kept.

        Never touches the post. 403 for who may not change it, 409 where another window
        keeps it, 413 for too much.
        """
        if request.method != "POST":
            get_token(request)  # who lost theirs gets a new one
            return _refusal("Autosaves are sent by POST.", 405)
        post = self.get_object(request, str(pk)) if pk else None
        if not self._may_write(request, post, is_new=pk is None):
            return _refusal(NOT_YOURS, 403)
        if request.POST.get("writer") != str(request.user.pk):
            return _refusal(SOMEBODY_ELSE, 403)
        try:
            copy = working_copies.autosave(
                request.user,
                self._bound_form(request, post).fields_sent(),
                kind=self.model().kind,
                post=post,
                key=_uuid(request.POST.get("copy_key")),
                based_on=moment(request.POST.get("read_at")),
                known_at=request.POST.get("copy_at", ""),
            )
        except working_copies.Elsewhere as error:
            return _refusal(str(error), 409)
        except working_copies.NotKept as error:
            return _refusal(str(error), 413)
        at = timezone.localtime(copy.saved_at)
        answer = {
            "sentence": gettext("Saved on the server at %(time)s.")
            % {"time": f"{at:%H:%M}"}
        }
        answer |= {"copy_at": copy.saved_at.isoformat(), "key": str(copy.key)}
        return JsonResponse(answer)

    def _may_write(
        self, request: HttpRequest, post: Post | None, *, is_new: bool
    ) -> bool:
        if is_new:
            return self.has_add_permission(request)
        return post is not None and self.has_change_permission(request, post)

    def _bound_form(self, request: HttpRequest, post: Post | None):
        form_class = self.get_form(request, post, change=post is not None)
        return form_class(request.POST, instance=post or self.model())

    # --- Shown

    def changeform_view(
        self, request: HttpRequest, object_id=None, form_url="", extra_context=None
    ) -> HttpResponse:
        if request.method == "POST" and "_restore" in request.POST:
            # Shown again as it was sent, and stored nowhere: only a form is asked for.
            show_as_sent(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Post | None = None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form = type(form.__name__, (form,), {"user": request.user})
        unsaved = getattr(request, "unsaved", None)
        if request.method == "GET" and unsaved is None:
            unsaved = self._look_for(request, obj, form)
            request.unsaved = unsaved
        shown = unsaved.shown if unsaved else None
        return type(form.__name__, (form,), {"working_copy": shown})

    def _look_for(self, request: HttpRequest, post: Post | None, form) -> Unsaved:
        """What is shown and what offered. One query, two more where there is an offer."""
        is_restoring = getattr(request, "is_restoring", False)
        key = _uuid(request.POST.get("copy_key") or request.GET.get("key"))
        if post is None:
            own = working_copies.unfinished(request.user).filter(key=key).first()
            is_lost = bool(key and own is None and not is_restoring)
            new_key = key if key and not is_lost else uuid.uuid4()
            unsaved = Unsaved(own, key=str(new_key), is_lost=is_lost)
        else:
            own, kept = working_copies.beside(post, request.user)
            unsaved = Unsaved(own if own and own.key == key else kept, kept=kept)
            if own and unsaved.shown is not own:
                unsaved.offered = own
        if is_restoring:
            self._restore(request, post, form, own, unsaved)
        elif own and unsaved.shown is own:
            unsaved.known_at = own.saved_at.isoformat()
        offered = unsaved.offered
        if offered and not _differs(offered, unsaved.shown, form, post):
            # Nothing in it that is not in the form: this window goes on from it.
            unsaved.known_at = offered.saved_at.isoformat()
            unsaved.offered = None
        return unsaved

    def _restore(self, request, post, form, own, unsaved: Unsaved) -> None:
        """Show what was sent; with it goes what its own window kept here before."""
        fields = form(request.POST, instance=post or self.model()).fields_sent()
        if "_from_html" in request.POST and "body" in fields:
            # The editor knows no blank lines between paragraphs.
            fields["body"] = [with_paragraphs(*fields["body"])]
        based_on = moment(request.POST.get("read_at"))
        unsaved.shown = WorkingCopy(fields=fields, based_on=based_on)
        unsaved.shown.writer = request.user
        window, known_at = unsaved.shown.value(WINDOW), request.POST.get("copy_at")
        if own and (
            own.value(WINDOW) == window or own.saved_at.isoformat() == known_at
        ):
            unsaved.known_at, unsaved.offered = own.saved_at.isoformat(), None

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        post = kwargs.get("obj")
        form = context["adminform"].form
        unsaved = getattr(request, "unsaved", None) or Unsaved()
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_autosave"
        context["unsaved"] = unsaved
        offered = unsaved.offered
        context["autosave"] = {
            "url": reverse(name, args=[post.pk] if post else []),
            "hidden": _hidden(request, post, form, unsaved),
            "may": self._may_write(request, post, is_new=post is None),
            # It holds what no row does: it came back with a fault, or was restored.
            "is_unsaved": form.is_bound or getattr(request, "is_restoring", False),
            "is_copy": bool(unsaved.known_at and unsaved.shown),
            "offered_window": offered.value(WINDOW) if offered else "",
            "is_of_today": offered and _is_of_today(offered),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        own = {"unfinished": working_copies.listed(request.user, self.model().kind)}
        return super().changelist_view(request, own | (extra_context or {}))

    # --- Forgotten

    def forget_working_copies(self, request: HttpRequest, post: Post) -> None:
        """What was sent is stored in `post` now."""
        key = _uuid(request.POST.get("copy_key"))
        working_copies.stored(post, request.user, request.POST, key)


def show_as_sent(request: HttpRequest) -> None:
    """Make of a form that was sent a page that shows it, and stores nothing."""
    request.method, request.is_restoring = "GET", True


def _hidden(request, post, form, unsaved: Unsaved) -> dict[str, str]:
    """The fields that go along with the form: what it began from, and who writes."""
    sent = request.POST if form.is_bound else {}
    shown = unsaved.shown
    based_on = shown.based_on if shown else post and post.updated_at
    hidden = {
        "writer": str(request.user.pk),
        "copy_key": sent.get("copy_key", unsaved.key),
        "copy_at": sent.get("copy_at", unsaved.known_at),
        WINDOW: sent.get(WINDOW, ""),
        AS_HTML: "1" if _is_textarea(form) else "0",
        KEPT_AT: _kept_at(sent, post, unsaved),
    }
    if post:
        # A form that came back with a fault has seen nothing new by that.
        read_at = based_on.isoformat() if based_on else ""
        hidden["read_at"] = sent.get("read_at", read_at)
    return hidden


def _kept_at(sent, post: Post | None, unsaved: Unsaved) -> str:
    """When the changes were kept that the form has in it; empty: it has none."""
    if sent:
        # A form that came back with a fault has been told of those kept since.
        changes = working_copies.kept(post) if post and sent.get(KEPT_AT) else None
        return changes.saved_at.isoformat() if changes else ""
    if unsaved.kept and unsaved.shown is unsaved.kept:
        return unsaved.kept.saved_at.isoformat()
    return unsaved.shown.value(KEPT_AT) if unsaved.shown else ""


def _is_textarea(form) -> bool:
    return "body" in form.fields and "body-html" in form.fields[
        "body"
    ].widget.attrs.get("class", "")


def _differs(
    offered: WorkingCopy, shown: WorkingCopy | None, form, post: Post | None
) -> bool:
    """Whether the offer has anything that is not in what is shown."""
    if shown:
        names = offered.fields.keys() - set(working_copies.ABOUT)
        return any(offered.fields[name] != shown.fields.get(name) for name in names)
    sent = form(working_copies.as_data(offered), instance=post)
    return bool(set(sent.changed_data) & offered.fields.keys())


def _is_of_today(copy: WorkingCopy) -> bool:
    return timezone.localdate(copy.saved_at) == timezone.localdate()


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def moment(text: str | None):
    try:
        return parse_datetime(text or "")
    except ValueError:
        return None
