"""Always trusting and blocking: what a rule would match is shown before it is made."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comments import rules
from comments.admin_views import context
from comments.admin_views.judging import (
    Outcome,
    check_may_moderate,
    tell,
    where_from,
)
from comments.models import Comment, Rule

MAX_VALUES = 100
MAX_SHOWN = 5
Action, Trait = Rule.Action, Rule.Trait

_TITLES = {
    Action.TRUST: _("Always trust: %(trait)s"),
    Action.BLOCK: _("Block: %(trait)s"),
}
_NONE_HAS = {
    Trait.EMAIL: _("None of these comments has an e-mail address."),
    Trait.NAME: _("None of these comments has a name."),
    Trait.ADDRESS: _("None of these comments has an IP address."),
    Trait.DOMAIN: _("None of these comments has a domain."),
    Trait.WORDS: _("None of these comments has words."),
}


class RuleForm(forms.Form):
    """Rules of one sort, a line each."""

    action = forms.ChoiceField(choices=Action, widget=forms.HiddenInput)
    trait = forms.ChoiceField(choices=Trait, widget=forms.HiddenInput)
    values = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    with_held = forms.BooleanField(required=False, initial=True)

    def clean(self) -> dict:
        cleaned = super().clean()
        if {"action", "trait", "values"} <= cleaned.keys():
            action, trait = cleaned["action"], cleaned["trait"]
            if action == Action.TRUST and trait != Trait.EMAIL:
                raise ValidationError(gettext("Only an e-mail address can be trusted."))
            cleaned["values"] = _normalised(trait, cleaned["values"])
            _check_not_contrary(action, trait, cleaned["values"])
        return cleaned


def rule(request: HttpRequest) -> HttpResponse:
    """What the rule would match; pressed once more, the rule is made."""
    check_may_moderate(request)
    is_sure = request.method == "POST" and "make" in request.POST
    form = RuleForm(request.POST if request.method == "POST" else _asked(request))
    if form.is_valid() and is_sure:
        data = form.cleaned_data
        batch, count = rules.make(
            data["action"],
            data["trait"],
            data["values"],
            request.user,
            with_held=data["with_held"],
        )
        tell(request, Outcome(_sentence(data, count), batch=batch))
        return HttpResponseRedirect(where_from(request))
    return _page(request, form)


def ask(
    request: HttpRequest, action: str, trait: str, comments: QuerySet
) -> HttpResponse:
    """The same page for a bulk action: rules about the comments that were ticked."""
    rows = Comment.objects.filter(pk__in=comments.order_by().values("pk"))
    values = sorted(_values_of(trait, rows))
    if not values:
        messages.warning(request, _NONE_HAS[Trait(trait)])
        return HttpResponseRedirect(request.get_full_path())
    lines = "\n".join(values)
    given = {"action": action, "trait": trait, "values": lines, "with_held": True}
    return _page(request, RuleForm(given))


def _page(request: HttpRequest, form: RuleForm) -> HttpResponse:
    action, trait = form["action"].value(), form["trait"].value()
    if action not in Action.values or trait not in Trait.values:
        return HttpResponseRedirect(where_from(request))
    given = {
        **admin.site.each_context(request),
        "title": _TITLES[Action(action)] % {"trait": Trait(trait).label},
        "opts": Comment._meta,
        "form": form,
        "is_block": action == Action.BLOCK,
        "next": where_from(request),
    }
    if form.is_valid():
        given |= _matches(trait, form.cleaned_data["values"])
    return render(request, "admin/comments/comment/rule.html", given)


def _matches(trait: str, values: list[str]) -> dict[str, object]:
    """How many stored comments the rules are about, and the newest held ones."""
    found = Q(pk=None)
    for value in values:
        found |= rules.matching(trait, value)
    states = Comment.objects.filter(found).values_list("state", flat=True)
    counted = list(states.order_by())
    held = Comment.objects.pending().filter(found).order_by("-created_at")
    return {
        "count": len(counted),
        "held_count": counted.count(Comment.State.PENDING),
        "approved_count": counted.count(Comment.State.APPROVED),
        "shown": context.rows(list(held.with_context()[:MAX_SHOWN])),
    }


def _asked(request: HttpRequest) -> dict[str, object]:
    names = ("action", "trait", "values")
    return {name: request.GET.get(name, "") for name in names} | {"with_held": True}


def _values_of(trait: str, rows: QuerySet) -> set[str]:
    if trait == Trait.DOMAIN:
        linking = rows.only("author_url", "source_url", "author_email", "body_html")
        return {host for row in linking for host in context.domains(row)}
    (field,) = rules.LOOKS_AT[trait]
    return set(filter(None, rows.values_list(field, flat=True).distinct()))


def _normalised(trait: str, lines: str) -> list[str]:
    values, errors = [], []
    for line in filter(str.strip, lines.splitlines()):
        try:
            values.append(rules.normalised(trait, line))
        except ValidationError as error:
            errors.append(f"{line.strip()}: {error.messages[0]}")
    if errors:
        raise ValidationError(errors)
    values = list(dict.fromkeys(values))
    if len(values) > MAX_VALUES:
        raise ValidationError(
            gettext("These are %(count)s rules; at most %(limit)s are made at once.")
            % {"count": len(values), "limit": MAX_VALUES}
        )
    return values


def _check_not_contrary(action: str, trait: str, values: list[str]) -> None:
    contrary = Rule.objects.filter(trait=trait, value__in=values)
    if found := contrary.exclude(action=action).first():
        said = gettext("There is a rule already, “%(rule)s”: remove it first.")
        raise ValidationError(said % {"rule": found})


def _sentence(data: dict, count: int) -> str:
    values = data["values"]
    trusts = data["action"] == Action.TRUST
    named = {"value": values[0], "values": len(values), "count": count}
    if len(values) == 1:
        done = (
            gettext("From now on “%(value)s” is always trusted")
            if trusts
            else gettext("From now on “%(value)s” is blocked")
        )
    else:
        done = (
            gettext("From now on %(values)s of them are always trusted")
            if trusts
            else gettext("From now on %(values)s of them are blocked")
        )
    if not count:
        return f"{done % named}."
    moved = (
        ngettext(
            "%(count)s held comment is approved",
            "%(count)s held comments are approved",
            count,
        )
        if trusts
        else ngettext(
            "%(count)s held comment is in the trash",
            "%(count)s held comments are in the trash",
            count,
        )
    )
    return f"{done % named}; {moved % named}."
