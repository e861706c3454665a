"""What the library can be narrowed to. Each is a chooser above the list."""

from datetime import date

from django.contrib import admin
from django.db.models import Max, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.dates import first_of_month, moment_of, month_number
from blog.models import Media, User

_KINDS = {
    "picture": (_("Pictures"), Q(mime_type__startswith="image/")),
    "audio": (_("Audio"), Q(mime_type__startswith="audio/")),
    "video": (_("Video"), Q(mime_type__startswith="video/")),
    "document": (_("Documents"), Q(mime_type__startswith="application/")),
}


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [(kind, words) for kind, (words, _) in _KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        kind = _KINDS.get(self.value() or "")
        return queryset.filter(kind[1]) if kind else queryset


class MonthFilter(admin.SimpleListFilter):
    """Every month from the first upload to the last: the ends stand in an index.

    Which of them have files would have to be asked of every row.
    """

    title = _("month")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        ends = Media.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
        if ends["first"] is None:
            return []
        first, last = (
            month_number(timezone.localdate(ends[end])) for end in ("first", "last")
        )
        months = [first_of_month(number) for number in range(last, first - 1, -1)]
        return [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        month = date.fromisoformat(f"{self.value()}-01")
        start, end = (
            moment_of(month),
            moment_of(first_of_month(month_number(month) + 1)),
        )
        return queryset.filter(created_at__gte=start, created_at__lt=end)


class UploaderFilter(admin.SimpleListFilter):
    title = _("uploader")
    parameter_name = "uploaded_by"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        uploaders = User.objects.filter(pk__in=Media.objects.values("uploaded_by"))
        found = uploaders.order_by("display_name", "username")
        return [(str(user.pk), user.public_name) for user in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in dict(self.lookup_choices):
            return queryset.filter(uploaded_by=self.value())
        return queryset


class AltFilter(admin.SimpleListFilter):
    title = _("alternative text")
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [("missing", gettext("Without alternative text"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.without_alt() if self.value() == "missing" else queryset


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [("none", gettext("Used nowhere"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.unused() if self.value() == "none" else queryset
