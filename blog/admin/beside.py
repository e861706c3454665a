"""The preview beside the text: the form as it stands, as readers will see it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers

from blog import neighbours
from blog.models import Post, Tag, TaggedPost

# Stands for what is given when a post is stored.
NOT_YET_PK, NOT_YET_SLUG = 0, "preview"


class BesidePreview(admin.ModelAdmin):
    """Answers with a whole page; nothing of it is stored anywhere."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_beside"
        view = self.admin_site.admin_view(self.beside)
        own = [
            path("beside/", view, name=name),
            path("<int:pk>/beside/", view, name=name),
        ]
        return own + super().get_urls()

    def beside(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The page of the form that was sent, for who may save it."""
        post = self.get_object(request, str(pk)) if pk else None
        may_write = (
            post is not None and self.has_change_permission(request, post)
            if pk
            else self.has_add_permission(request)
        )
        if request.method != "POST" or not may_write:
            raise PermissionDenied
        with transaction.atomic():
            shown = self._as_it_stands(request, post)
            context = {"post": shown} | neighbours.beside(shown)
            response = render(request, "admin/blog/beside.html", context)
            # Nothing was written; if anything ever is, it does not stay.
            transaction.set_rollback(True)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    def _as_it_stands(self, request: HttpRequest, post: Post | None) -> Post:
        """A post in memory. What is wrong in a field shows as what is stored."""
        form_class = self.get_form(request, post, change=post is not None)
        data = request.POST.copy()
        data.pop("read_at", None)  # nothing is saved: nobody need be asked
        form = form_class(data, instance=post or self.model(author=request.user))
        form.full_clean()
        shown = form.instance
        shown.derive_text()
        shown.slug = shown.slug or NOT_YET_SLUG
        shown.path = shown.path or shown.slug
        cleaned = form.cleaned_data
        filed = {}
        if post is None:
            shown.pk = NOT_YET_PK
            filed = {"categories": [], "tagged_items": []}
        if "categories" in cleaned:
            filed["categories"] = list(cleaned["categories"])
        if "tags" in cleaned:
            filed["tagged_items"] = _tagged(cleaned["tags"])
        shown._prefetched_objects_cache = filed
        return shown

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        post = kwargs.get("obj")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_beside"
        context["beside_address"] = reverse(name, args=[post.pk] if post else [])
        return super().render_change_form(request, context, *args, **kwargs)


def _tagged(names: list[str]) -> list[Any]:
    """As a stored post has its tags; those nobody used yet have no address."""
    known = {tag.name.casefold(): tag for tag in Tag.objects.filter(name__in=names)}
    tags = (known.get(n.casefold()) or Tag(name=n, slug=NOT_YET_SLUG) for n in names)
    return [TaggedPost(tag=tag) for tag in tags]
