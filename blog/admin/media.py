"""Pictures and files: what was uploaded, and the door it comes in by."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import icon_making, images, renditions, uploading
from blog.admin import media_uses
from blog.admin.media_choices import choices
from blog.admin.media_filters import (
    AltFilter,
    KindFilter,
    MonthFilter,
    UploaderFilter,
    UseFilter,
)
from blog.admin.media_upload import upload
from blog.models import Media, SiteSettings

# `?view=list`: rows with all that is known, in place of a grid of thumbnails.
VIEW = "view"


class MediaForm(forms.ModelForm):
    """On upload the file is examined; afterwards another can take its place."""

    replacement = forms.FileField(
        label=_("Replace the file"),
        required=False,
        help_text=_(
            "One of the same kind. Its address and its words stay, and every "
            "post shows the new one."
        ),
    )
    upload: images.Upload | None = None

    class Meta:
        labels = {"focal_x": _("Focal point, across"), "focal_y": _("down")}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        self.upload = _examined(file)
        return self.upload.file

    def clean_replacement(self):
        file = self.cleaned_data["replacement"]
        if not (file and self.instance.pk):
            return None
        upload = _examined(file, self.instance)
        try:
            uploading.refuse_replacement(self.instance, upload)
        except images.UploadRefused as refusal:
            raise ValidationError(str(refusal)) from None
        return upload

    def save(self, commit: bool = True) -> Media:  # noqa: FBT001, FBT002
        if self.upload:
            uploading.describe(self.instance, self.upload)
        return super().save(commit)


def _examined(file: UploadedFile, replaced: Media | None = None) -> images.Upload:
    try:
        upload = uploading.examine(file)
    except images.UploadRefused as refusal:
        raise ValidationError(str(refusal)) from None
    twin = uploading.twin_of(upload)
    if twin and twin != replaced:
        url = reverse("admin:blog_media_change", args=[twin.pk])
        link = format_html('<a href="{}">{}</a>', url, twin)
        raise ValidationError(
            format_html(gettext("This file is here already: {file}."), file=link)
        )
    return upload


class Library(ChangeList):
    """A page of files, each with the number of places it is used in."""

    def get_filters_params(self, params: dict | None = None) -> dict:
        asked = super().get_filters_params(params)
        asked.pop(VIEW, None)  # how it is shown, not what
        return asked

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = media_uses.counts(self.result_list)
        self.result_list = list(self.result_list)
        for media in self.result_list:
            own = _of_the_blog(media, request)
            media.use_count = found[media.pk] + len(own)


@admin.register(Media)
class MediaAdmin(admin.ModelAdmin):
    form = MediaForm
    list_display = ["name"]
    list_filter = [KindFilter, MonthFilter, UploaderFilter, AltFilter, UseFilter]
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    search_fields = ["title", "alt", "caption", "credit", "file"]
    list_select_related = ["uploaded_by"]
    list_per_page = 60
    list_max_show_all = 0

    def get_urls(self) -> list:
        own = {"upload": upload, "choices": choices}
        return [
            *(
                path(
                    f"{name}/",
                    self.admin_site.admin_view(view),
                    name=f"blog_media_{name}",
                )
                for name, view in own.items()
            ),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return Library

    def changelist_view(self, request: HttpRequest, extra_context=None):
        view = "list" if request.GET.get(VIEW) == "list" else "grid"
        context = {
            "heading": gettext("Library"),
            "view": view,
            "without_alt": self._without_alt(request),
            "max_bytes": images.MAX_UPLOAD_BYTES,
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def _without_alt(self, request: HttpRequest) -> int:
        """How many pictures this person could still describe. One query."""
        missing = self.model.objects.without_alt()
        if not request.user.has_perm("blog.change_others_post"):
            missing = missing.filter(uploaded_by=request.user)
        return missing.count()

    def has_change_permission(self, request: HttpRequest, media: Media | None = None):
        return super().has_change_permission(request, media) and _is_theirs(
            request, media
        )

    def has_delete_permission(self, request: HttpRequest, media: Media | None = None):
        return super().has_delete_permission(request, media) and _is_theirs(
            request, media
        )

    def get_fields(self, request: HttpRequest, media: Media | None = None) -> list:
        words = ["title", "alt", "caption", "credit"]
        if media is None:
            return ["file", *words]
        focus = [("focal_x", "focal_y")] if media.is_image else []
        may_change = self.has_change_permission(request, media)
        replace = ["replacement"] if may_change else []
        return ["large_picture", *focus, *words, *replace, "facts"]

    def get_readonly_fields(self, request: HttpRequest, media: Media | None = None):
        return ["large_picture", "facts"] if media else []

    def render_change_form(self, request: HttpRequest, context, obj=None, **kwargs):
        if obj:
            posts, other_count = media_uses.posts_using(obj, request.user)
            context |= {"posts": posts, "other_count": other_count}
            context["of_the_blog"] = _of_the_blog(obj, request)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request: HttpRequest, media: Media, form, change) -> None:
        if not change:
            media.uploaded_by = request.user
            media.save()
            renditions.wanted(media)
            return
        replacement = form.cleaned_data.get("replacement")
        typed = set(form.changed_data) - {"replacement"}
        # Nothing but what was typed: a task may be at the rest just now.
        media.save(update_fields=typed)
        if replacement:
            uploading.replace(media, replacement)
        elif typed & {"focal_x", "focal_y"}:
            renditions.wanted(media)
            icon_making.picture_changed(media)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None):
        media = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if media:
            context["texts"] = media_uses.texts_using(media, request.user)
            context["of_the_blog"] = _of_the_blog(media, request)
        return super().delete_view(request, object_id, context)

    def delete_model(self, request: HttpRequest, media: Media) -> None:
        uploading.delete(media)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for media in queryset:
            self.delete_model(request, media)

    @admin.display(description=_("picture"))
    def large_picture(self, media: Media) -> str:
        return render_to_string("admin/blog/media/_large.html", {"media": media})

    @admin.display(description=_("file"))
    def facts(self, media: Media) -> str:
        known = [
            gettext("number %(pk)s") % {"pk": media.pk},
            media.mime_type,
            filesizeformat(media.byte_count),
        ]
        if media.is_image:
            known.append(f"{media.width} × {media.height}")
        link = format_html('<a href="{}">{}</a>', media.file.url, media.name)
        return format_html("{}, {}", link, ", ".join(known))


def _of_the_blog(media: Media, request: HttpRequest) -> list:
    return media_uses.of_the_blog(media, SiteSettings.of(request))


def _is_theirs(request: HttpRequest, media: Media | None) -> bool:
    """What others uploaded is for those to change who change others' posts."""
    user = request.user
    return (
        media is None
        or media.uploaded_by_id == user.pk
        or user.has_perm("blog.change_others_post")
    )
