"""Pictures and files: what was uploaded, and the door it comes in by."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from blog import images, renditions, uploading
from blog.models import Media


class MediaForm(forms.ModelForm):
    """On upload the file is examined; afterwards only its words can be changed."""

    upload: images.Upload | None = None

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        self.upload = _examined(file)
        twin = uploading.twin_of(self.upload)
        if twin:
            raise ValidationError(_here_already(twin))
        return self.upload.file

    def save(self, commit: bool = True) -> Media:  # noqa: FBT001, FBT002
        if self.upload:
            uploading.describe(self.instance, self.upload)
        return super().save(commit)


def _examined(file: UploadedFile) -> images.Upload:
    try:
        return uploading.examine(file)
    except images.UploadRefused as refusal:
        raise ValidationError(str(refusal)) from None


def _here_already(twin: Media) -> str:
    url = reverse("admin:blog_media_change", args=[twin.pk])
    return format_html('This file is here already: <a href="{}">{}</a>.', url, twin)


class AltFilter(admin.SimpleListFilter):
    title = "alternative text"
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [("missing", "missing")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "missing":
            return queryset.filter(alt="", width__isnull=False)
        return queryset


@admin.register(Media)
class MediaAdmin(admin.ModelAdmin):
    form = MediaForm
    list_display = ["picture", "name", "dimensions", "size", "alt_text", "uploaded"]
    list_display_links = ["picture", "name"]
    list_filter = [AltFilter, "mime_type"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["title", "alt", "caption", "credit", "file"]
    date_hierarchy = "created_at"
    list_per_page = 60

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
        return ["large_picture", "facts", *words, *focus]

    def get_readonly_fields(self, request: HttpRequest, media: Media | None = None):
        return ["large_picture", "facts"] if media else []

    def save_model(self, request: HttpRequest, media: Media, form, change) -> None:
        if not change:
            media.uploaded_by = request.user
        # Of a row that is here nothing but what was typed: a task may be at it.
        media.save(update_fields=form.changed_data if change else None)
        if not change or {"focal_x", "focal_y"} & set(form.changed_data):
            renditions.wanted(media)

    def delete_model(self, request: HttpRequest, media: Media) -> None:
        uploading.delete(media)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for media in queryset:
            self.delete_model(request, media)

    @admin.display(description="picture")
    def picture(self, media: Media) -> str:
        if not media.is_image:
            kind = media.file.name.rpartition(".")[2].upper()
            return format_html('<span class="file-kind">{}</span>', kind)
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" width="80" height="80">',
            media.thumbnail_url or media.file.url,
            media.alt,
        )

    @admin.display(description="name", ordering="title")
    def name(self, media: Media) -> str:
        return media.title or media.file.name.rpartition("/")[2]

    @admin.display(description="pixels", ordering="width")
    def dimensions(self, media: Media) -> str:
        return f"{media.width} × {media.height}" if media.is_image else "—"

    @admin.display(description="size", ordering="byte_count")
    def size(self, media: Media) -> str:
        return filesizeformat(media.byte_count)

    @admin.display(description="date", ordering="created_at")
    def uploaded(self, media: Media) -> str:
        return date_format(timezone.localtime(media.created_at), "DATE_FORMAT")

    @admin.display(description="alternative text", ordering="alt")
    def alt_text(self, media: Media) -> str:
        if media.alt or not media.is_image:
            return media.alt
        return format_html('<span class="state state-missing">{}</span>', "missing")

    @admin.display(description="picture")
    def large_picture(self, media: Media) -> str:
        url = media.get_absolute_url()
        if not media.is_image:
            return format_html('<a href="{}">{}</a>', url, media.file.name)
        return format_html(
            '<a href="{0}"><img class="large-picture" src="{0}" alt="{1}" '
            'width="{2}" height="{3}"></a>',
            url,
            media.alt,
            media.width,
            media.height,
        )

    @admin.display(description="file")
    def facts(self, media: Media) -> str:
        known = [media.file.name, media.mime_type, self.size(media)]
        if media.is_image:
            known.insert(2, self.dimensions(media))
        return ", ".join(known)


def _is_theirs(request: HttpRequest, media: Media | None) -> bool:
    """What others uploaded is for those to change who change others' posts."""
    user = request.user
    return (
        media is None
        or media.uploaded_by_id == user.pk
        or user.has_perm("blog.change_others_post")
    )
