"""The link beside what is not published yet, for a friend to read it by."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blog import previews

RENEWED = _("All preview links given away before are void now. This is a new one.")


class PreviewLinks(admin.ModelAdmin):
    """What the write page gives away, and takes back."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview_link"
        view = self.admin_site.admin_view(self.renew_preview_link)
        own = [path("<int:pk>/preview-link/", view, name=name)]
        return own + super().get_urls()

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        post = kwargs.get("obj")
        if post and not post.is_public and self.has_change_permission(request, post):
            context["preview_link"] = previews.link_to(post)
        return super().render_change_form(request, context, *args, **kwargs)

    def renew_preview_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the links void that were given away. A script gets the new one as JSON."""
        post = self.get_object(request, str(pk))
        is_allowed = post and self.has_change_permission(request, post)
        if request.method != "POST" or not is_allowed:
            raise PermissionDenied
        previews.revoke(post)
        if request.headers.get("Accept") == "application/json":
            link = previews.link_to(post)
            until = date_format(timezone.localtime(link.until), "DATETIME_FORMAT")
            answer = {"address": link.address, "until": until, "sentence": RENEWED}
            return JsonResponse(answer)
        self.message_user(request, RENEWED)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[pk]))
