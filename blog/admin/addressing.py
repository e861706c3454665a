"""The address a post will have, said while it is being written."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext

from blog.models import Post, User
from blog.numbers import number_or_none
from blog.slugs import is_reserved_page_slug, is_reserved_slug, slug_from

# So many signs of a text hold the words an untitled post is called by.
MAX_WORDS_SIGNS = 2000


class Addressing(admin.ModelAdmin):
    """The door for scripts: what is typed in, the address out."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_address"
        view = self.admin_site.admin_view(self.say_address)
        return [path("address/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        post = kwargs.get("obj")
        context["slug_is_made"] = post is None or slug_is_made(post)
        form = context["adminform"].form
        is_as_stored = not (form.is_bound or form.working_copy)
        if post and is_as_stored and (post.is_page or post.published_on):
            context["stored_address"] = settings.SITE_URL + post.get_absolute_url()
        return super().render_change_form(request, context, *args, **kwargs)

    def say_address(self, request: HttpRequest) -> JsonResponse:
        """The `address` and `slug` if it were published so, or the `fault` with it.

        Takes `number` of a post that is stored, and of the form title, slug, date,
        parent, and the first `words`. Six queries at most.
        """
        if request.method != "POST":
            raise PermissionDenied
        post = self._post(request)
        was = post.public_path if post.is_public else ""
        has_date = apply(post, request.POST)
        typed = request.POST.get("slug", "").strip()
        answer = {"fault": "", "note": "", "wanted": slug_from(typed)}
        try:
            field: Any = Post._meta.get_field("slug")
            post.slug = field.clean(typed, post)
            post.derive_address()
            answer["fault"] = fault_of(post, request.user) if typed else ""
        except ValidationError as error:
            answer["fault"] = " ".join(error.messages)
        else:
            answer["slug"] = post.slug
            answer["address"] = settings.SITE_URL + post.get_absolute_url()
            answer["note"] = _note(post, was, has_date=has_date)
        return JsonResponse(answer)

    def _post(self, request: HttpRequest) -> Post:
        """The stored one, or a new one. Raises PermissionDenied."""
        number = number_or_none(request.POST.get("number", ""))
        if number is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return self.model()
        post = self.get_object(request, str(number))
        if post is None or not self.has_change_permission(request, post):
            raise PermissionDenied
        return post


def apply(post: Post, typed: Any) -> bool:
    """Make of `post`, which is not stored, what the form says; whether it has a date."""
    try:
        date = forms.DateTimeField(required=False).clean(typed.get("date", ""))
    except ValidationError:
        date = None
    date = to_the_moment(date, post.published_at)
    post.published_at = date or timezone.now()
    post.status = Post.Status.PUBLISHED
    post.title = " ".join(typed.get("title", "").split())
    post.lead = " ".join(typed.get("words", "")[:MAX_WORDS_SIGNS].split())
    # The words come only where no password locks them.
    post.password = ""
    if post.is_page:
        post.parent_id = number_or_none(typed.get("parent", ""))
    return date is not None


def to_the_moment(date: datetime | None, was: datetime | None) -> datetime | None:
    """The field has minutes; what it was to the microsecond stays so."""
    is_same = date and was and date == was.replace(second=0, microsecond=0)
    return was if is_same else date


def fault_of(post: Post, user: User) -> str:
    """Why a post can't have the slug it has; empty where it can. Two queries at most.

    For the day and the place it has now: its `published_on`, its parent. What `user`
    may not read is not named.
    """
    slug = post.slug
    if not slug:
        return ""
    if post.is_page and not post.parent_id and is_reserved_page_slug(slug):
        return gettext("The blog itself uses the address /%(slug)s/.") % {"slug": slug}
    if is_reserved_slug(slug):
        return gettext("The blog itself uses the address …/%(slug)s/.") % {"slug": slug}
    if post.published_on is None and not post.is_page:
        return ""
    twin = post.slug_neighbours().filter(slug=slug).exclude(pk=post.pk).first()
    if twin is None:
        return ""
    is_known = user.has_perm("blog.change_others_post") or (
        Post.objects.visible_to(user).filter(pk=twin.pk).exists()
    )
    return _taken_by(twin if is_known else None, is_page=post.is_page)


def _taken_by(twin: Post | None, *, is_page: bool) -> str:
    if twin is None and is_page:
        return gettext(
            "Another one in this place has this address already. Choose another slug."
        )
    if twin is None:
        return gettext(
            "Another one of that day has this address already. Choose another slug."
        )
    sentence = (
        gettext(
            "“%(twin)s” in this place has this address already. Choose another slug."
        )
        if is_page
        else gettext(
            "“%(twin)s” of that day has this address already. Choose another slug."
        )
    )
    return sentence % {"twin": twin}


def slug_is_made(post: Post) -> bool:
    """Whether its slug is its title's, and nobody was ever told it: it may still follow."""
    if post.public_path:
        return False
    made = slug_from(post.title or post.first_words(), post.kind)
    return bool(re.fullmatch(rf"{re.escape(made)}(-[0-9]+)?", post.slug))


def _note(post: Post, was: str, *, has_date: bool) -> str:
    if was and was != post.get_absolute_url():
        return gettext("Its old address, %(address)s, will lead here.") % {
            "address": was
        }
    return "" if has_date or post.is_page else gettext("If it is published today.")
