"""What can be done to many posts or pages at once, and taken back."""

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import get_text_list

from blog import publishing
from blog.admin.write_form import OUT_STATUSES
from blog.models import Post
from blog.models.post import TRASH_DAYS

Status = Post.Status
UNDO_SALT = "blog.untrash"
UNDO_SECONDS = 24 * 3600
THROW_AWAY = f"Move to the trash for {TRASH_DAYS} days"


class BulkActions(admin.ModelAdmin):
    """The verbs of a list; what a person may change is for the subclass to say."""

    actions = ["publish", "withdraw", "duplicate", "move_to_trash", "restore"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("blog.publish_post")

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, posts: QuerySet) -> None:
        """Leaves the private and the thrown away: those take a look at each."""
        allowed = self._allowed(request, posts)
        private = [post for post in allowed if post.status == Status.PRIVATE]
        thrown = [post for post in allowed if post.status == Status.TRASH]
        chosen = [post for post in allowed if post not in [*private, *thrown]]
        changed = publishing.publish(chosen, request.user)
        waiting = [post for post in changed if post.is_scheduled]
        done = len(changed) - len(waiting)
        self._say_done(request, [(done, "published"), (len(waiting), "scheduled")])
        self._say_left(request, len(private), "private", "private ")
        self._say_left(request, len(thrown), "in the trash")
        left = len(posts) - len(changed) - len(private) - len(thrown)
        self._say_left(request, left)

    @admin.action(description="Withdraw to draft", permissions=["publish"])
    def withdraw(self, request: HttpRequest, posts: QuerySet) -> None:
        allowed = self._allowed(request, posts)
        count = len(publishing.withdraw(allowed, request.user))
        verb = "made a draft" if count == 1 else "made drafts"
        self._say_done(request, [(count, verb)])
        self._say_left(request, len(posts) - count)

    @admin.action(description="Make a copy", permissions=["add"])
    def duplicate(self, request: HttpRequest, posts: QuerySet) -> None:
        for post in posts:
            self._copy(request, post)
        verb = "copied as a draft" if len(posts) == 1 else "copied as drafts"
        self._say_done(request, [(len(posts), verb)])

    @admin.action(description=THROW_AWAY, permissions=["change"])
    def move_to_trash(self, request: HttpRequest, posts: QuerySet) -> None:
        count = self._throw_away(request, self._allowed(request, posts))
        self._say_left(request, len(posts) - count)

    @admin.action(description="Restore from the trash", permissions=["change"])
    def restore(self, request: HttpRequest, posts: QuerySet) -> None:
        allowed = self._allowed(request, posts)
        count = len(publishing.restore(allowed, request.user))
        verb = "restored as a draft" if count == 1 else "restored as drafts"
        self._say_done(request, [(count, verb)])
        self._say_left(request, len(posts) - count)

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
        self.message_user(request, f"This is a copy of “{post}”, a draft of its own.")
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
            self.message_user(request, "That can't be undone any more.", messages.ERROR)
            return self._to_list()
        thrown = self.get_queryset(request).filter(pk__in=before, status=Status.TRASH)
        with transaction.atomic():
            for post in self._allowed(request, thrown):
                is_out = before[post.pk] in OUT_STATUSES
                if not is_out or self.has_publish_permission(request):
                    post.status = before[post.pk]
                    publishing.save_post(post, request.user)
        self.message_user(request, "Undone: all is as it was.")
        return self._to_list()

    def _throw_away(self, request: HttpRequest, posts: list[Post]) -> int:
        """Says so, with a way back; returns how many there were."""
        was = {post.pk: post.status for post in posts}
        thrown = publishing.trash(posts, request.user)
        before = [(post.pk, was[post.pk]) for post in thrown]
        if not before:
            return 0
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_undo"
        # The button belongs to the list's own form, which has the CSRF token.
        sentence = format_html(
            "{} moved to the trash: “in the trash” in the filter shows {}. "
            '<button type="submit" class="undo" form="changelist-form"'
            ' formmethod="post" formaction="{}" name="undo" value="{}">Undo</button>',
            _were(len(before), self.opts),
            "it" if len(before) == 1 else "them",
            reverse(name),
            signing.dumps(before, salt=UNDO_SALT, compress=True),
        )
        self.message_user(request, sentence)
        return len(before)

    def _to_list(self) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))

    # --- What was done

    def _allowed(self, request: HttpRequest, posts: QuerySet) -> list[Post]:
        return [post for post in posts if self.has_change_permission(request, post)]

    def _say_done(self, request: HttpRequest, done: list[tuple[int, str]]) -> None:
        said = [f"{_were(count, self.opts)} {verb}" for count, verb in done if count]
        if said:
            self.message_user(request, f"{get_text_list(said, 'and')}.")

    def _say_left(
        self, request: HttpRequest, count: int, state: str = "", adjective: str = ""
    ) -> None:
        if count:
            state = state or f"as {'it was' if count == 1 else 'they were'}"
            sentence = f"{_counted(count, self.opts, adjective)} stayed {state}."
            self.message_user(request, sentence, messages.WARNING)


def _counted(count: int, opts, adjective: str = "") -> str:
    noun = opts.verbose_name if count == 1 else opts.verbose_name_plural
    return f"{count} {adjective}{noun}"


def _were(count: int, opts) -> str:
    return f"{_counted(count, opts)} {'was' if count == 1 else 'were'}"
