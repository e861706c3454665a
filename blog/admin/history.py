"""What posts and pages were: a list, what differs, the way back, and the deleted."""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from blog import comparison, recovering, revisions
from blog.models import Post
from blog.numbers import number_or_none

PER_PAGE = 50
NOT_HERE = _("That revision is not in the history of this text.")


class History(admin.ModelAdmin):
    """The pages behind “History”, for who may change the post."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("deleted/", wrap(self.deleted), name=f"{name}_deleted"),
            path("deleted/<int:pk>/", wrap(self.recover), name=f"{name}_recover"),
            path(
                "<int:pk>/history/compare/", wrap(self.compare), name=f"{name}_compare"
            ),
            path(
                "<int:pk>/history/<int:version_pk>/restore/",
                wrap(self.restore_revision),
                name=f"{name}_restore",
            ),
        ]
        return own + super().get_urls()

    # --- One post

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        """Its revisions, newest first. As many queries for 300 as for 3."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        post = self.get_object(request, object_id)
        if post is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        self._require_change(request, post)
        versions = revisions.of(post.pk).defer("serialized_data")
        page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        # What the last row of this page is compared with stands on the next one.
        older = versions.filter(pk__lt=rows[-1].pk).first() if page.has_next() else None
        context = {
            "page": page,
            "rows": list(zip(rows, [*rows[1:], older], strict=True)) if rows else [],
            "title": gettext("History"),
        }
        return self._page(request, "history", context, post)

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What differs between `?before=` and `?after=`, two revisions of one post."""
        post = self._changeable(request, pk)
        wanted = [
            number_or_none(request.GET.get(name, "")) for name in ("before", "after")
        ]
        versions = revisions.of(post.pk)
        found = sorted(versions.filter(pk__in=filter(None, wanted)), key=lambda v: v.pk)
        if len(found) != len(set(wanted)) or None in wanted:
            return self._to_history(request, post, NOT_HERE)
        before, after = found[0], found[-1]
        newest = versions.values_list("pk", flat=True).first()
        context = {
            "before": before,
            "after": after,
            "difference": comparison.of(before, after, of_html="html" in request.GET),
            "is_beside": "beside" in request.GET,
            "is_html": "html" in request.GET,
            "to_restore": [
                version for version in dict.fromkeys(found) if version.pk != newest
            ],
            "title": gettext("What changed"),
        }
        return self._page(request, "compare", context, post)

    def restore_revision(
        self, request: HttpRequest, pk: int, version_pk: int
    ) -> HttpResponse:
        post = self._changeable(request, pk)
        if request.method != "POST":
            raise PermissionDenied
        version = revisions.of(post.pk).filter(pk=version_pk).first()
        if version is None:
            return self._to_history(request, post, NOT_HERE)
        may_change = flatten_fieldsets(self.get_fieldsets(request, post))
        with transaction.atomic():
            lost = recovering.restore_revision(post, version, request.user, may_change)
            self.log_change(request, post, "Restored a revision.")
        said = gettext(
            "It is as it was on %(date)s again. "
            "What it was until now is in its history."
        )
        self._say(request, said % {"date": revisions.said_when(version)}, lost)
        return HttpResponseRedirect(self._url("change", post.pk))

    # --- What was deleted

    def changelist_view(self, request: HttpRequest, extra_context=None):
        may_recover = {"may_recover": self.has_delete_permission(request)}
        return super().changelist_view(request, may_recover | (extra_context or {}))

    def deleted(self, request: HttpRequest) -> HttpResponse:
        """What can be brought back by who asks."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        rows = self._recoverable(request)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        are_pages = self.model().kind == Post.Kind.PAGE
        title = gettext("Deleted pages") if are_pages else gettext("Deleted posts")
        return self._page(request, "deleted", {"page": page, "title": title})

    def recover(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST" or not self.has_delete_permission(request):
            raise PermissionDenied
        version = next(
            (row for row in self._recoverable(request) if row.pk == pk), None
        )
        try:
            if version is None:
                raise recovering.AlreadyHere
            with transaction.atomic():
                post, lost = recovering.recover(version, request.user)
        except recovering.AlreadyHere:
            self.message_user(
                request,
                gettext("It is here again already, or was never yours."),
                messages.WARNING,
            )
            return HttpResponseRedirect(self._url("deleted"))
        self._say(request, gettext("It is back, as a draft, with its history."), lost)
        return HttpResponseRedirect(self._url("change", post.pk))

    def _recoverable(self, request: HttpRequest) -> list[Version]:
        """The last revisions of deleted ones of this kind, one's own or, for editors, all."""
        is_editor = request.user.has_perm("blog.change_others_post")
        kind = self.model().kind
        rows = []
        for version in revisions.deleted():
            values = revisions.State(version.serialized_data).values
            is_own = values["author"] == request.user.pk
            if values["kind"] == kind and (is_own or is_editor):
                rows.append(version)
        return rows

    # --- What all of them do

    def _changeable(self, request: HttpRequest, pk: int) -> Post:
        post = self.get_object(request, str(pk))
        if post is None:
            raise PermissionDenied
        self._require_change(request, post)
        return post

    def _require_change(self, request: HttpRequest, post: Post) -> None:
        if not self.has_change_permission(request, post):
            raise PermissionDenied

    def _say(self, request: HttpRequest, sentence: str, lost: str) -> None:
        self.message_user(request, sentence, messages.SUCCESS)
        if lost:
            self.message_user(request, lost, messages.WARNING)

    def _page(
        self, request: HttpRequest, name: str, context: dict, post: Post | None = None
    ) -> HttpResponse:
        given = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": post,
            "post": post,
            "subtitle": None,
        }
        return TemplateResponse(request, f"admin/blog/{name}.html", given | context)

    def _to_history(self, request: HttpRequest, post: Post, said: str) -> HttpResponse:
        self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(self._url("history", post.pk))

    def _url(self, name: str, *args: int) -> str:
        own = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(own, args=args)
