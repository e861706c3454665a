"""Always trusting and blocking: what a rule would match is shown before it is made."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import ngettext

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
                raise ValidationError("Only an e-mail address can be trusted.")
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
        nothing = f"None of these comments has {_with_article(trait)}."
        messages.warning(request, nothing)
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
        "title": f"{Action(action).label.capitalize()}: {Trait(trait).label}",
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
            f"These are {len(values)} rules; at most {MAX_VALUES} are made at once."
        )
    return values


def _check_not_contrary(action: str, trait: str, values: list[str]) -> None:
    contrary = Rule.objects.filter(trait=trait, value__in=values)
    if found := contrary.exclude(action=action).first():
        raise ValidationError(f"There is a rule already, “{found}”: remove it first.")


def _with_article(trait: str) -> str:
    label = Trait(trait).label
    return f"{'an' if label[0] in 'aeiouI' else 'a'} {label}"


def _sentence(data: dict, count: int) -> str:
    values = data["values"]
    about = f"“{values[0]}”" if len(values) == 1 else f"{len(values)} of them"
    trusts = data["action"] == Action.TRUST
    done = f"{about} is always trusted" if trusts else f"{about} is blocked"
    if len(values) > 1:
        done = done.replace(" is ", " are ")
    if not count:
        return f"From now on {done}."
    moved = ngettext("%d held comment is", "%d held comments are", count) % count
    return f"From now on {done}; {moved} {'approved' if trusts else 'in the trash'}."
