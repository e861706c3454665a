"""What readers are told of the person at the desk: a page each of them has."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import publishing
from blog.admin.link_rows import LinksField
from blog.models import User

SAVED = _("This is what readers are told of you now.")


class OwnProfile(forms.ModelForm):
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput({"class": "vURLField"}),
    )
    profiles = LinksField(
        label=_("Elsewhere"),
        parts=["name", "url"],
        help_text=_(
            "Your pages on other sites. Where one of them links back here, others can "
            "tell that both are yours."
        ),
    )

    class Meta:
        model = User
        fields = ["display_name", "bio", "website", "profiles"]
        widgets = {
            "display_name": forms.TextInput({"class": "vTextField"}),
            "bio": forms.Textarea({"class": "vLargeTextField", "rows": 4}),
        }


def own_profile(request: HttpRequest) -> HttpResponse:
    """One's own words alone: nobody is named in the address."""
    person = get_object_or_404(User, pk=request.user.pk)
    form = OwnProfile(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        publishing.save_user(form.instance)
        messages.success(request, SAVED)
        return HttpResponseRedirect(request.path)
    has_page = person.posts.published().posts().exists()
    context = admin.site.each_context(request) | {
        "form": form,
        "title": gettext("Your profile"),
        "page": person.get_absolute_url() if has_page else "",
    }
    return render(request, "admin/own_profile.html", context)
