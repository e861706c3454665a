"""The page that shows a working copy beside what is stored, and throws it away."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import comparison, working_copies
from blog.admin.visibility import seen_by
from blog.models import Post, WorkingCopy
from blog.revisions import LABELS, State

GONE = _("That draft is not here any more: it was saved, or thrown away.")

CHANGED = _("It went on meanwhile. Look at it once more before you throw it away.")


class CopyPages(admin.ModelAdmin):
    """For whom a copy is: an autosave for its writer, kept changes for who may edit."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_working_copy"
        view = self.admin_site.admin_view(self.working_copy)
        own = [path("working-copy/<uuid:key>/", view, name=name)]
        return own + super().get_urls()

    def working_copy(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """What differs; by POST, it is thrown away for ever. JSON for a script."""
        copy = working_copies.by_key(key)
        if copy is None or copy.kind != self.model().kind:
            return self._gone(request)
        post = self._post_of(request, copy)
        if request.method == "POST":
            if request.POST.get("seen") not in (None, copy.saved_at.isoformat()):
                return self._changed(request, copy)
            copy.delete()
            return self._thrown_away(request, copy, post)
        of_html = "html" in request.GET
        was = state_of(post or self.model())
        form_class = self.get_form(request, post, change=post is not None)
        form = form_class(working_copies.as_data(copy), instance=post or self.model())
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "post": post,
            "copy": copy,
            "difference": comparison.between(was, state_in(form, was), of_html=of_html),
            "is_html": of_html,
            "is_beside": "beside" in request.GET,
            "back": self._address_of(copy, post),
            "title": gettext("What differs") if post else gettext("Unfinished"),
            "subtitle": None,
        }
        return TemplateResponse(request, "admin/blog/working_copy.html", context)

    def _post_of(self, request: HttpRequest, copy: WorkingCopy) -> Post | None:
        """The post it belongs to. PermissionDenied where it is not for who asks."""
        if copy.post_id is None:
            if copy.writer_id != request.user.pk:
                raise PermissionDenied
            return None
        post = self.get_object(request, str(copy.post_id))
        is_theirs = copy.is_kept or copy.writer_id == request.user.pk
        if post is None or not is_theirs:
            raise PermissionDenied
        if not self.has_change_permission(request, post):
            raise PermissionDenied
        return post

    def _thrown_away(
        self, request: HttpRequest, copy: WorkingCopy, post: Post | None
    ) -> HttpResponse:
        sentence = (
            gettext("The changes are thrown away.")
            if copy.is_kept
            else gettext("The draft is thrown away.")
        )
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"sentence": sentence})
        self.message_user(request, sentence)
        return HttpResponseRedirect(
            self._address("change", post) if post else self._address("changelist")
        )

    def _changed(self, request: HttpRequest, copy: WorkingCopy) -> HttpResponse:
        """Nobody throws away what they have not seen."""
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"sentence": CHANGED}, status=409)
        self.message_user(request, CHANGED, messages.WARNING)
        return HttpResponseRedirect(request.path)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"sentence": GONE})
        self.message_user(request, GONE, messages.WARNING)
        return HttpResponseRedirect(self._address("changelist"))

    def _address_of(self, copy: WorkingCopy, post: Post | None) -> str:
        """The write page with this copy in it."""
        if copy.is_kept:
            return self._address("change", post)
        page = self._address("change", post) if post else self._address("add")
        return f"{page}?key={copy.key}"

    def _address(self, name: str, post: Post | None = None) -> str:
        own = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(own, args=[post.pk] if post else [])


def state_of(post: Post) -> State:
    """What is stored. Two queries."""
    names = [name for name in LABELS if name not in ("categories", "tags")]
    values = {name: _plain(getattr(post, name)) for name in names if name != "parent"}
    values["parent"] = post.parent_id
    values["tags"] = sorted(post.tags.names()) if post.pk else []
    categories = post.categories.values_list("pk", "name") if post.pk else []
    return State.made_of(values, dict(categories), post.body)


def state_in(form: Any, was: State) -> State:
    """What a bound form would make of `was`; what is wrong in it stays as it was."""
    values, categories, body = dict(was.values), dict(was.category_names), was.body
    chosen = ""
    for name, field in form.fields.items():
        if field.widget.value_omitted_from_data(form.data, form.files, name):
            continue
        data = field.widget.value_from_datadict(form.data, form.files, name)
        try:
            value = field.clean(data)
        except ValidationError:
            continue
        match name:
            case "body":
                body = value
            case "categories":
                categories = {category.pk: category.name for category in value}
            case "visibility":
                chosen = value
            case "published_at" if value and _same_minute(was, value):
                continue
            case _ if name in LABELS:
                values[name] = _plain(value)
    values["status"], values["password"] = seen_by(
        chosen, values["status"], values["password"], was.values["password"]
    )
    return State.made_of(values, categories, body)


def _same_minute(was: State, value: Any) -> bool:
    stored = was.published_at
    return stored is not None and stored.replace(second=0, microsecond=0) == value


def _plain(value: Any) -> Any:
    """As a revision has it in JSON."""
    if isinstance(value, list):
        return sorted(value)
    if hasattr(value, "pk"):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value
