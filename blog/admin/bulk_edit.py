"""Changing many posts at once: choose, see what would change, do it, take it back."""

from typing import Any

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import bulk_edit
from blog.admin.bulk import STAYED, BulkActions
from blog.admin.bulk_edit_form import BulkEditForm, lines
from blog.admin.write_form import OUT_STATUSES
from blog.bulk_edit import MAX_POSTS, Was
from blog.models import Post
from blog.numbers import number_or_none

SALT = "blog.bulk-edit"
UNDO_SECONDS = 24 * 3600
TOO_MANY = format_lazy(
    _("At most {limit} can be changed at once. Choose fewer of them."), limit=MAX_POSTS
)
NOT_ANY_MORE = _("That can’t be undone any more.")


class BulkEdit(BulkActions):
    """The action “Change together”, and the pages behind it."""

    actions = ["change_together", *BulkActions.actions]

    def get_urls(self) -> list:
        wrap, name = self.admin_site.admin_view, self._url_name("bulk")
        own = [
            path("together/", wrap(self.edit_together), name=f"{name}_edit"),
            path("together/undo/", wrap(self.undo_together), name=f"{name}_undo"),
        ]
        return own + super().get_urls()

    @admin.action(description=_("Change together…"), permissions=["change"])
    def change_together(self, request: HttpRequest, posts: QuerySet) -> HttpResponse:
        pks = list(posts.order_by("pk").values_list("pk", flat=True)[: MAX_POSTS + 1])
        if len(pks) > MAX_POSTS:
            self.message_user(request, TOO_MANY, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return self._together_page(request, pks, None)

    def edit_together(self, request: HttpRequest) -> HttpResponse:
        """Pressed `look`: what would change. Pressed `do`: it is done."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        pks = _numbers(request.POST.get("posts", ""))
        if not pks or len(pks) > MAX_POSTS:
            sentence = TOO_MANY if pks else gettext("Choose some of them first.")
            self.message_user(request, sentence, messages.ERROR)
            return self._to_list()
        return self._together_page(request, pks, request.POST)

    def undo_together(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        token = request.POST.get("undo", "")
        try:
            moment, rows = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
        except signing.BadSignature:
            self.message_user(request, NOT_ANY_MORE, messages.ERROR)
            return self._to_list()
        was = [Was(*row) for row in rows]

        def is_allowed(post: Post, before: Was) -> bool:
            return self._may_take_back(request, post, before)

        changed_at = parse_datetime(moment)
        assert changed_at is not None  # noqa: S101  it was signed as one
        count = bulk_edit.take_back(was, changed_at, request.user, is_allowed)
        if count:
            said = ngettext(
                "Undone: %(posts)s is as before.",
                "Undone: %(posts)s are as before.",
                count,
            )
            self.message_user(request, said % {"posts": self._counted(count)})
        if left := len(was) - count:
            sentence = ngettext(
                "%(posts)s was changed since and stayed so.",
                "%(posts)s were changed since and stayed so.",
                left,
            )
            named = {"posts": self._counted(left)}
            self.message_user(request, sentence % named, messages.WARNING)
        return self._to_list()

    # --- The page

    def _together_page(
        self, request: HttpRequest, pks: list[int], data: Any
    ) -> HttpResponse:
        found = bulk_edit.chosen(pks).defer("body", "body_html")
        found = found.filter(kind=self.model().kind)
        posts = [post for post in found if self._may_edit(request, post)]
        left = len(pks) - len(posts)
        form = BulkEditForm(
            data,
            posts=Post.objects.filter(pk__in=[post.pk for post in posts]),
            are_pages=self.model().kind == Post.Kind.PAGE,
            may_publish=self.has_publish_permission(request),
            may_change_author=request.user.has_perm("blog.change_others_post"),
        )
        is_chosen = data is not None and "choose" not in data and form.is_valid()
        if is_chosen and "do" in data:
            return self._do(request, posts, form, left)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": gettext("Change together"),
            "form": form,
            "pks": ",".join(map(str, pks)),
            "counted": self._counted(len(posts)),
            "count": len(posts),
            "left": self._counted(left) if left else "",
            "left_count": left,
            "lines": list(lines(form.change(), posts)) if is_chosen else None,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/blog/bulk_edit.html", context)

    def _do(
        self, request: HttpRequest, posts: list[Post], form: BulkEditForm, left: int
    ) -> HttpResponse:
        done, moment = bulk_edit.make(posts, form.change(), request.user)
        if done:
            rows = [list(vars(was).values()) for was in done]
            token = signing.dumps([moment.isoformat(), rows], salt=SALT, compress=True)
            changed = ngettext(
                "%(posts)s was changed.", "%(posts)s were changed.", len(done)
            )
            # The button belongs to the list's own form, which has the CSRF token.
            sentence = format_html(
                '{} <button type="submit" class="undo"'
                ' form="changelist-form" formmethod="post" formaction="{}"'
                ' name="undo" value="{}">{}</button>',
                changed % {"posts": self._counted(len(done))},
                reverse(f"admin:{self._url_name('bulk')}_undo"),
                token,
                gettext("Undo"),
            )
            self.message_user(request, sentence)
        if same := len(posts) - len(done):
            said = ngettext(
                "%(posts)s had all of it already.",
                "%(posts)s had all of it already.",
                same,
            )
            self.message_user(request, said % {"posts": self._counted(same)})
        if left:
            self._say_left(request, left, STAYED)
        return self._to_list()

    # --- Who may what

    def _may_edit(self, request: HttpRequest, post: Post) -> bool:
        """What lies in the trash is taken out first."""
        is_thrown = post.status == Post.Status.TRASH
        return not is_thrown and self.has_change_permission(request, post)

    def _may_take_back(self, request: HttpRequest, post: Post, was: Was) -> bool:
        if not self.has_change_permission(request, post):
            return False
        if "author_id" in was.columns and not request.user.has_perm(
            "blog.change_others_post"
        ):
            return False
        may_publish = self.has_publish_permission(request)
        return may_publish or was.columns.get("status") not in OUT_STATUSES

    def _url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"


def _numbers(text: str) -> list[int]:
    found = (number_or_none(word) for word in text.split(","))
    return [number for number in found if number is not None][: MAX_POSTS + 1]
