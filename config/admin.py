"""The admin site: Django's, with a first page that says what waits."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from blog import working_copies
from blog.models import Post
from comments.admin_views import person
from config.desk import activity, first_steps, lines, quick_draft
from config.desk.own_mails import own_mails
from config.desk.quick_draft import QuickDraft

APPS = ["blog", "comments"]
NAMES = {"auth": _("Roles"), "django_tasks_database": _("Work in the background")}
MODELS = "Post Page Media Category Tag User SiteSettings Redirect MissedAddress OldFile".split()


class QuillbackAdminSite(AdminSite):
    site_header = "Quillback"
    site_title = "Quillback"
    index_title = _("The desk")

    def get_urls(self) -> list:
        # It has rows of links, as the admin of the settings has, which needs this site.
        from config.desk.own_profile import own_profile

        own = [
            path("mails/", self.admin_view(own_mails), name="own_mails"),
            path("profile/", self.admin_view(own_profile), name="own_profile"),
            path("person/", self.admin_view(person.person), name="person"),
            path("draft/", self.admin_view(self.quick_draft), name="quick_draft"),
        ]
        return own + super().get_urls()

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        may_write = request.user.has_perm("blog.add_post")
        context = {
            "waiting": lines.waiting(request),
            "health": lines.health(request),
            "steps": first_steps.left(request),
            "responses": activity.responses(request.user),
            "months": activity.months(),
            "quick_draft": QuickDraft() if may_write else None,
            "recent_drafts": quick_draft.recent(request.user) if may_write else None,
            "unfinished": working_copies.listed(request.user),
            "may_erase": person.may_erase(request),
        }
        return super().index(request, context | (extra_context or {}))

    def quick_draft(self, request: HttpRequest) -> HttpResponse:
        """Keeps what was typed as a draft; the page comes back with a fault's words."""
        if not request.user.has_perm("blog.add_post"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:index"))
        form = QuickDraft(request.POST)
        if not form.is_valid():
            return self.index(request, {"quick_draft": form})
        post = form.save(request, self.get_model_admin(Post))
        url = reverse("admin:blog_post_change", args=[post.pk])
        sentence = gettext("“{post}” is kept as a draft.")
        link = format_html('<a href="{}">{}</a>', url, post.headline)
        messages.success(request, format_html(sentence, post=link))
        return HttpResponseRedirect(reverse("admin:index"))

    def i18n_javascript(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The words of the desk's scripts: Django's, the editor's and ours."""
        packages = ["django.contrib.admin", "django_prose_editor"]
        return JavaScriptCatalog.as_view(packages=packages)(request)

    def get_app_list(self, request: HttpRequest, app_label=None) -> list[dict]:
        """What one needs every day first; the rest as Django has it."""
        app_list = super().get_app_list(request, app_label)
        app_list.sort(key=lambda app: _place(APPS, app["app_label"]))
        for app in app_list:
            app["name"] = NAMES.get(app["app_label"], app["name"])
            app["models"].sort(key=lambda model: _place(MODELS, model["object_name"]))
        return app_list


def _place(listed: list[str], name: str) -> int:
    return listed.index(name) if name in listed else len(listed)
