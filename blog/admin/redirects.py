"""The addresses the blog once had, and those at which people find nothing."""

from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from blog import near_addresses
from blog.admin.link_rows import check_address
from blog.admin.read_only import ReadOnlyAdmin
from blog.answering import answers
from blog.models import MissedAddress, Redirect

_IGNORED = ngettext_lazy(
    "%(count)d address is ignored from now on.",
    "%(count)d addresses are ignored from now on.",
    "count",
)
_LISTED = ngettext_lazy(
    "%(count)d address is in the list again.",
    "%(count)d addresses are in the list again.",
    "count",
)


def own_path(address: str) -> str:
    """A whole address of this blog without its beginning; any other as it is."""
    address = address.strip()
    for scheme in ("http", "https"):
        home = f"{scheme}://{urlsplit(settings.SITE_URL).netloc}"
        if address == home or address.startswith(f"{home}/"):
            return address.removeprefix(home) or "/"
    return address


class RedirectForm(forms.ModelForm):
    def clean_old_path(self) -> str:
        address = own_path(self.cleaned_data["old_path"]).partition("#")[0]
        if not address.startswith("/") or address.startswith("//"):
            raise ValidationError(
                _("It begins with a slash: /2006/11/an-old-address/"), code="no_path"
            )
        if answers(address):
            raise ValidationError(
                _(
                    "There is something at %(address)s: whoever asks for it gets that, "
                    "and is not led on."
                ),
                params={"address": address},
                code="in_use",
            )
        return address

    def clean_new_path(self) -> str:
        address = own_path(self.cleaned_data["new_path"])
        check_address(address or "/")  # empty: gone for good
        return address

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        old, new = cleaned.get("old_path"), cleaned.get("new_path")
        if old and new:
            try:
                cleaned["new_path"] = self._end_of_the_way(old, new)
            except ValidationError as error:
                self.add_error("new_path", error)
        return cleaned

    def _end_of_the_way(self, old: str, new: str) -> str:
        """Where `new` leads in the end. Raises ValidationError for a circle."""
        others = Redirect.objects.exclude(pk=self.instance.pk)
        way = [_spelt(old)]
        while not answers(new):
            if _spelt(new) in way:
                raise ValidationError(
                    _("%(address)s leads back to the old address."),
                    params={"address": self.cleaned_data["new_path"]},
                    code="circle",
                )
            way.append(_spelt(new))
            further = others.filter(old_path__in={new, _spelt(new)}).first()
            if further is None or not further.new_path:
                break
            new = further.new_path
        return new


def _spelt(address: str) -> str:
    """As the blog's own redirects are: percent-encoded."""
    parts = urlsplit(address)
    path_alone = escape_uri_path(parts.path) if "%" not in parts.path else parts.path
    return path_alone + (f"?{iri_to_uri(parts.query)}" if parts.query else "")


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    form = RedirectForm
    list_display = ["old_path", "leads_to"]
    search_fields = ["old_path", "new_path"]

    @admin.display(description=_("leads to"), ordering="new_path")
    def leads_to(self, redirect: Redirect) -> str:
        if not redirect.new_path:
            return gettext("gone")
        return format_html('<bdi dir="ltr">{}</bdi>', redirect.new_path)

    def save_model(
        self, request: HttpRequest, redirect: Redirect, form, change
    ) -> None:
        """What led to the old address leads on with it: no chain arises."""
        super().save_model(request, redirect, form, change)
        before = Redirect.objects.filter(new_path=redirect.old_path)
        before.exclude(old_path=redirect.new_path).update(new_path=redirect.new_path)
        MissedAddress.objects.filter(path=redirect.old_path).delete()
        new = redirect.new_path
        if new.startswith("/") and not answers(new):
            sentence = gettext("There is nothing at %(address)s yet.")
            messages.warning(request, sentence % {"address": new})


class Shown(admin.SimpleListFilter):
    """What was ignored is out of sight until it is asked for."""

    title = _("state")
    parameter_name = "ignored"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [("yes", _("ignored"))]

    def choices(self, changelist):
        first, *rest = super().choices(changelist)
        return [first | {"display": _("to be looked at")}, *rest]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(is_ignored=self.value() == "yes")


@admin.register(MissedAddress)
class MissedAddressAdmin(ReadOnlyAdmin):
    """Written by the blog alone; who may make redirects sees it, and clears it."""

    seen_by = "blog.add_redirect"
    list_display = ["address", "step", "asked", "times", "came_from"]
    list_filter = [Shown]
    search_fields = ["path", "referrer"]
    actions = ["ignore", "show_again"]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.make_redirect)
        name = "blog_missedaddress_redirect"
        return [path("<int:pk>/redirect/", view, name=name), *super().get_urls()]

    def make_redirect(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the form for a new redirect, with what was meant most likely."""
        if not request.user.has_perm("blog.add_redirect"):
            raise PermissionDenied
        missed = MissedAddress.objects.filter(pk=pk).first()
        if missed is None:
            raise Http404(gettext("Somebody has seen to that address already."))
        best = near_addresses.guess(missed.path.partition("?")[0]).best
        given = {"old_path": missed.path, "new_path": best.url if best else ""}
        url = reverse("admin:blog_redirect_add")
        return HttpResponseRedirect(f"{url}?{urlencode(given)}")

    @admin.display(description=_("address"), ordering="path")
    def address(self, missed: MissedAddress) -> str:
        return format_html('<a href="{}" dir="ltr">{}</a>', missed.path, missed.path)

    @admin.display(description=_("asked for"), ordering="hits")
    def asked(self, missed: MissedAddress) -> str:
        return format_html('{} <span class="on-phones">×</span>', missed.hits)

    @admin.display(description=_("last time"), ordering="last_at")
    def times(self, missed: MissedAddress) -> str:
        """The day it was asked for last, and below it the first one if it is another."""
        first, last = (
            date_format(timezone.localtime(time), "SHORT_DATE_FORMAT")
            for time in (missed.first_at, missed.last_at)
        )
        if first == last:
            return last
        since = gettext("since %(date)s") % {"date": first}
        return format_html('{} <small class="quiet">{}</small>', last, since)

    @admin.display(description=_("last link to it"), ordering="referrer")
    def came_from(self, missed: MissedAddress) -> str:
        if not missed.referrer:
            return "–"
        shown = own_path(missed.referrer)
        return format_html(
            '<a href="{}" rel="noreferrer nofollow" dir="ltr">{}</a>',
            missed.referrer,
            shown,
        )

    @admin.display(description="")
    def step(self, missed: MissedAddress) -> str:
        url = reverse("admin:blog_missedaddress_redirect", args=[missed.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Make a redirect"))

    @admin.action(description=_("Ignore"))
    def ignore(self, request: HttpRequest, rows: QuerySet) -> None:
        self.message_user(request, _IGNORED % {"count": rows.update(is_ignored=True)})

    @admin.action(description=_("Ignore no longer"))
    def show_again(self, request: HttpRequest, rows: QuerySet) -> None:
        self.message_user(request, _LISTED % {"count": rows.update(is_ignored=False)})

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("blog.delete_redirect")
