"""What can be done to many posts or pages at once, and taken back."""

from collections.abc import Mapping
from typing import Protocol

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import format_lazy, get_text_list
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from blog import publishing
from blog.admin.write_form import OUT_STATUSES
from blog.models import Post
from blog.models.post import TRASH_DAYS

Status = Post.Status
UNDO_SALT = "blog.untrash"
UNDO_SECONDS = 24 * 3600
THROW_AWAY = format_lazy(_("Move to the trash for {days} days"), days=TRASH_DAYS)


class Counted(Protocol):
    """Words in singular and plural, chosen by the `count` they are filled in with."""

    def __mod__(self, values: Mapping[str, object], /) -> str: ...


# What was done to `posts`, by how many they are; two may be joined by “and”.
PUBLISHED = ngettext_lazy(
    "%(posts)s was published", "%(posts)s were published", "count"
)
SCHEDULED = ngettext_lazy(
    "%(posts)s was scheduled", "%(posts)s were scheduled", "count"
)
WITHDRAWN = ngettext_lazy(
    "%(posts)s was made a draft", "%(posts)s were made drafts", "count"
)
COPIED = ngettext_lazy(
    "%(posts)s was copied as a draft", "%(posts)s were copied as drafts", "count"
)
RESTORED = ngettext_lazy(
    "%(posts)s was restored as a draft", "%(posts)s were restored as drafts", "count"
)
STAYED = ngettext_lazy(
    "%(posts)s stayed as it was.", "%(posts)s stayed as they were.", "count"
)
STAYED_PRIVATE = ngettext_lazy(
    "%(posts)s stayed private.", "%(posts)s stayed private.", "count"
)
STAYED_IN_TRASH = ngettext_lazy(
    "%(posts)s stayed in the trash.", "%(posts)s stayed in the trash.", "count"
)
# By whether they are pages, and private.
_COUNTED = {
    (False, False): ngettext_lazy("%(count)s post", "%(count)s posts", "count"),
    (True, False): ngettext_lazy("%(count)s page", "%(count)s pages", "count"),
    (False, True): ngettext_lazy(
        "%(count)s private post", "%(count)s private posts", "count"
    ),
    (True, True): ngettext_lazy(
        "%(count)s private page", "%(count)s private pages", "count"
    ),
}


class BulkActions(admin.ModelAdmin):
    """The verbs of a list; what a person may change is for the subclass to say."""

    actions = ["publish", "withdraw", "duplicate", "move_to_trash", "restore"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("blog.publish_post")

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, posts: QuerySet) -> None:
        """Leaves the private and the thrown away: those take a look at each."""
        allowed = self._allowed(request, posts)
        private = [post for post in allowed if post.status == Status.PRIVATE]
        thrown = [post for post in allowed if post.status == Status.TRASH]
        chosen = [post for post in allowed if post not in [*private, *thrown]]
        changed = publishing.publish(chosen, request.user)
        waiting = [post for post in changed if post.is_scheduled]
        done = len(changed) - len(waiting)
        self._say_done(request, [(done, PUBLISHED), (len(waiting), SCHEDULED)])
        self._say_left(request, len(private), STAYED_PRIVATE, is_private=True)
        self._say_left(request, len(thrown), STAYED_IN_TRASH)
        left = len(posts) - len(changed) - len(private) - len(thrown)
        self._say_left(request, left, STAYED)

    @admin.action(description=_("Withdraw to draft"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, posts: QuerySet) -> None:
        allowed = self._allowed(request, posts)
        count = len(publishing.withdraw(allowed, request.user))
        self._say_done(request, [(count, WITHDRAWN)])
        self._say_left(request, len(posts) - count, STAYED)

    @admin.action(description=_("Make a copy"), permissions=["add"])
    def duplicate(self, request: HttpRequest, posts: QuerySet) -> None:
        for post in posts:
            self._copy(request, post)
        self._say_done(request, [(len(posts), COPIED)])

    @admin.action(description=THROW_AWAY, permissions=["change"])
    def move_to_trash(self, request: HttpRequest, posts: QuerySet) -> None:
        count = self._throw_away(request, self._allowed(request, posts))
        self._say_left(request, len(posts) - count, STAYED)

    @admin.action(description=_("Restore from the trash"), permissions=["change"])
    def restore(self, request: HttpRequest, posts: QuerySet) -> None:
        allowed = self._allowed(request, posts)
        count = len(publishing.restore(allowed, request.user))
        self._say_done(request, [(count, RESTORED)])
        self._say_left(request, len(posts) - count, STAYED)

    # --- Copies and the trash, from the write page too, and back

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("undo/", wrap(self.undo), name=f"{name}_undo"),
            path("<int:pk>/trash/", wrap(self.trash_one), name=f"{name}_trash"),
            path("<int:pk>/copy/", wrap(self.copy_one), name=f"{name}_copy"),
        ]
        return own + super().get_urls()

    def copy_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Of a post as it is stored: what was typed since stays where it was."""
        post = self.get_object(request, str(pk))
        is_allowed = post and self.has_view_permission(request, post)
        if request.method != "POST" or not (
            is_allowed and self.has_add_permission(request)
        ):
            raise PermissionDenied
        copy = self._copy(request, post)
        said = gettext("This is a copy of “%(post)s”, a draft of its own.")
        self.message_user(request, said % {"post": post})
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[copy.pk]))

    def _copy(self, request: HttpRequest, post: Post) -> Post:
        copy = publishing.duplicate(post, request.user)
        copy = self.model.objects.get(pk=copy.pk)  # a page is logged as a page
        self.log_addition(request, copy, [{"added": {}}])
        return copy

    def trash_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = self.get_object(request, str(pk))
        is_allowed = post and self.has_change_permission(request, post)
        if request.method != "POST" or not is_allowed:
            raise PermissionDenied
        self._throw_away(request, [post])
        return self._to_list()

    def undo(self, request: HttpRequest) -> HttpResponse:
        """Take out of the trash what was moved there, in the state it had."""
        if request.method != "POST":
            raise PermissionDenied
        try:
            before = dict(
                signing.loads(
                    request.POST.get("undo", ""), salt=UNDO_SALT, max_age=UNDO_SECONDS
                )
            )
        except signing.BadSignature:
            self.message_user(
                request, gettext("That can't be undone any more."), messages.ERROR
            )
            return self._to_list()
        thrown = self.get_queryset(request).filter(pk__in=before, status=Status.TRASH)
        with transaction.atomic():
            for post in self._allowed(request, thrown):
                is_out = before[post.pk] in OUT_STATUSES
                if not is_out or self.has_publish_permission(request):
                    post.status = before[post.pk]
                    publishing.save_post(post, request.user)
        self.message_user(request, gettext("Undone: all is as it was."))
        return self._to_list()

    def _throw_away(self, request: HttpRequest, posts: list[Post]) -> int:
        """Says so, with a way back; returns how many there were."""
        was = {post.pk: post.status for post in posts}
        thrown = publishing.trash(posts, request.user)
        before = [(post.pk, was[post.pk]) for post in thrown]
        if not before:
            return 0
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_undo"
        thrown_away = ngettext(
            "%(posts)s was moved to the trash: “in the trash” in the filter shows it.",
            "%(posts)s were moved to the trash: “in the trash” in the filter shows them.",
            len(before),
        )
        # The button belongs to the list's own form, which has the CSRF token.
        sentence = format_html(
            '{} <button type="submit" class="undo" form="changelist-form"'
            ' formmethod="post" formaction="{}" name="undo" value="{}">{}</button>',
            thrown_away % {"posts": self._counted(len(before))},
            reverse(name),
            signing.dumps(before, salt=UNDO_SALT, compress=True),
            gettext("Undo"),
        )
        self.message_user(request, sentence)
        return len(before)

    def _to_list(self) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))

    # --- What was done

    def _allowed(self, request: HttpRequest, posts: QuerySet) -> list[Post]:
        return [post for post in posts if self.has_change_permission(request, post)]

    def _say_done(self, request: HttpRequest, done: list[tuple[int, Counted]]) -> None:
        said = [
            words % {"posts": self._counted(count), "count": count}
            for count, words in done
            if count
        ]
        if said:
            sentence = get_text_list(said, gettext("and"))
            self.message_user(request, f"{sentence}.")

    def _say_left(
        self,
        request: HttpRequest,
        count: int,
        words: Counted,
        *,
        is_private: bool = False,
    ) -> None:
        if count:
            posts = self._counted(count, is_private=is_private)
            sentence = words % {"posts": posts, "count": count}
            self.message_user(request, sentence, messages.WARNING)

    def _counted(self, count: int, *, is_private: bool = False) -> str:
        """`3 posts`: what a sentence says something of."""
        are_pages = self.model().kind == Post.Kind.PAGE
        return str(_COUNTED[are_pages, is_private] % {"count": count})
