"""A draft of changes: what is public stays as it is until somebody presses “Update”."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import working_copies
from blog.admin.autosaving import Autosaving, moment, show_as_sent
from blog.admin.write_form import OUT_STATUSES
from blog.models import Post
from blog.working_copies import KEPT_AT

KEPT = _("Your changes are kept. Readers see them once “Update” is pressed.")


class KeptChanges(Autosaving, admin.ModelAdmin):
    """The button “Keep as draft of changes”, and the changes shown to who comes next."""

    def changeform_view(
        self, request: HttpRequest, object_id=None, form_url="", extra_context=None
    ) -> HttpResponse:
        if request.method == "POST" and "_keep" in request.POST and object_id:
            answer = self._keep_changes(request, object_id)
            if answer:
                return answer
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _keep_changes(self, request: HttpRequest, pk: str) -> HttpResponse | None:
        """Keep what was sent. None where it could not be: the form is shown again."""
        post = self._changeable_in_public(request, pk)
        try:
            working_copies.keep_changes(
                post,
                request.user,
                self._bound_form(request, post).fields_sent(),
                based_on=moment(request.POST.get("read_at")) or post.updated_at,
                known_at=request.POST.get(KEPT_AT, ""),
            )
        except working_copies.NotKept as error:
            if isinstance(error, working_copies.KeptMeanwhile):
                # Shown again, it has been told of them.
                request.POST = request.POST.copy()
                request.POST[KEPT_AT] = error.changes.saved_at.isoformat()
            self.message_user(request, str(error), messages.WARNING)
            show_as_sent(request)
            return None
        working_copies.forget_autosave(post, request.user, request.POST)
        self.message_user(request, KEPT, messages.SUCCESS)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[post.pk]))

    def _changeable_in_public(self, request: HttpRequest, pk: str) -> Post:
        post = self.get_object(request, pk)
        is_out = post is not None and post.status in OUT_STATUSES
        if not is_out or not self.has_change_permission(request, post):
            raise PermissionDenied
        return post


def changes_mark(post: Post) -> SafeString:
    """For a list that was asked `with_kept_changes`: that some wait. No query."""
    if not getattr(post, "has_kept_changes", False):
        return SafeString()
    return format_html(
        '<span class="changes-waiting">{}</span>', gettext("changes waiting")
    )
