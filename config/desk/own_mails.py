"""Which mails the person at the desk gets, and in which language: a page each has."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.language_input import LanguageChoice
from blog.models import User

SAVED = _("Your mails are as you wish now.")


class OwnMails(forms.ModelForm):
    language = LanguageChoice(
        label=_("Language"),
        empty=_("The blog’s"),
        help_text=_("Of the desk, and of mails to you."),
    )

    class Meta:
        model = User
        fields = ["review_mails", "language"]


def own_mails(request: HttpRequest) -> HttpResponse:
    """One's own wishes alone: nobody is named in the address."""
    if request.method == "POST":
        form = OwnMails(request.POST, instance=request.user)
        if form.is_valid():
            form.instance.save(update_fields=OwnMails.Meta.fields)
            messages.success(request, SAVED)
            return HttpResponseRedirect(request.path)
    else:
        form = OwnMails(instance=request.user)
    context = admin.site.each_context(request) | {
        "form": form,
        "title": gettext("Your language and mails"),
    }
    return render(request, "admin/own_mails.html", context)
