"""Review at the desk: the way there and back, and what the list says of it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from blog import reviewing
from blog.admin.bulk import BulkActions
from blog.admin.review_note import RETURN
from blog.admin.write_form import OUT_STATUSES
from blog.models import Post

Status = Post.Status
IS_OUT = _("An editor has published it meanwhile: ask them for changes.")
NOT_YOURS = _("Only who publishes what others write sends it back.")


class Review(BulkActions):
    """What the list and the write page say of it."""

    def has_review_note(self, request: HttpRequest, post: Post | None) -> bool:
        """Whether there is somebody to write a note to."""
        status = post.status if post else Status.DRAFT
        if self.has_publish_permission(request):
            return status == Status.PENDING
        return status in (Status.DRAFT, Status.PENDING)

    def changeform_view(
        self, request: HttpRequest, object_id=None, *args, **kwargs
    ) -> HttpResponse:
        if request.method == "POST" and not self.has_publish_permission(request):
            if RETURN in request.POST:
                raise PermissionDenied(NOT_YOURS)
            post = self.get_object(request, object_id) if object_id else None
            if post and post.status in OUT_STATUSES:
                raise PermissionDenied(IS_OUT)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        post = kwargs.get("obj")
        if post and post.status in (Status.DRAFT, Status.PENDING):
            context["review"] = {
                "is_waiting": post.status == Status.PENDING,
                "is_own": post.author_id == request.user.pk,
                "answer": reviewing.answer_to(post, request.user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def review_line(self, post: Post) -> str:
        """Below the state in the list: who sent it, since when, and the first words."""
        return render_to_string("admin/blog/_review_line.html", {"post": post})
