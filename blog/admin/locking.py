"""The edit lock at the desk: who is writing, and what the others are told."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from blog import edit_locks
from blog.models import Post
from blog.models.unsaved import EditLock

WINDOW_CHARACTERS = 32
# What a page may want; one that wants nothing special asks for the lock, and keeps it.
TAKE_OVER, LOOK, LEAVE = "take", "look", "leave"


class EditLocks(admin.ModelAdmin):
    """One who has the write page open is named to the others."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_lock"
        view = self.admin_site.admin_view(self.lock)
        return [path("<int:pk>/lock/", view, name=name), *super().get_urls()]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        related = super().get_list_select_related(request)
        return [*(related or []), "edit_lock__holder"]

    def lock(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a page says of itself every few seconds; who holds the lock, as JSON."""
        post = self.get_object(request, str(pk))
        is_allowed = post and self.has_change_permission(request, post)
        if request.method != "POST" or not is_allowed:
            raise PermissionDenied
        window, before = (
            request.POST.get(name, "")[:WINDOW_CHARACTERS]
            for name in ("window", "before")
        )
        wish = request.POST.get("do")
        if wish == LEAVE:
            edit_locks.leave(post, request.user, window)
            return HttpResponse(status=204)
        if wish == LOOK:
            held = edit_locks.live(post)
        else:
            by_force = wish == TAKE_OVER
            held = edit_locks.hold(
                post, request.user, window, before, by_force=by_force
            )
        answer = {"savedAt": post.updated_at.isoformat()}
        return JsonResponse(answer | _state(held, request.user.pk, window))

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        post = kwargs.get("obj")
        if post and self.has_change_permission(request, post):
            context["lock_window"] = get_random_string(WINDOW_CHARACTERS)
            held = edit_locks.live(post)
            # Which window this is, the page alone knows.
            if held and held.holder_id != request.user.pk:
                context["held_by_other"] = _told(held, request.user.pk)
        return super().render_change_form(request, context, *args, **kwargs)


def writing_mark(post: Post) -> SafeString:
    """Who else is writing a post, for a list that loaded the locks. No query."""
    held = Post._meta.get_field("edit_lock").get_cached_value(post, default=None)
    if held is None or not held.is_live:
        return SafeString()
    if held.holder_id == getattr(post, "viewer_id", None):
        return SafeString()
    said = gettext("%(name)s is writing") % {"name": held.holder}
    return format_html('<span class="being-written">{}</span>', said)


def _state(held: EditLock | None, user_pk: int, window: str) -> dict[str, str]:
    """For a page: `free`, `own`, or `other` with what to say of it."""
    if held is None:
        return {"state": "free"}
    if (held.holder_id, held.window) == (user_pk, window):
        return {"state": "own"}
    return {"state": "other"} | _told(held, user_pk)


def _told(held: EditLock, user_pk: int) -> dict[str, str]:
    """Sentences on a lock that another window holds: for who comes, and who had it."""
    since = timezone.localtime(held.since)
    is_today = since.date() == timezone.localdate()
    when = date_format(since, "TIME_FORMAT" if is_today else "DATETIME_FORMAT")
    ago = max(0, int((timezone.now() - held.seen_at).total_seconds()))
    seen = (
        gettext("is here now")
        if ago < 20
        else ngettext(
            "was here %(count)s second ago", "was here %(count)s seconds ago", ago
        )
        % {"count": ago}
    )
    if held.holder_id == user_pk:
        return {
            "met": gettext(
                "You have this open in another window since %(when)s (%(seen)s)."
            )
            % {"when": when, "seen": seen},
            "lost": gettext("You went on writing this in another window."),
        }
    name = str(held.holder)
    return {
        "met": gettext("%(name)s is writing this since %(when)s (%(seen)s).")
        % {"name": name, "when": when, "seen": seen},
        "lost": gettext("%(name)s has taken over at %(when)s.")
        % {"name": name, "when": when},
    }
