"""The admin site: Django's, with a first page that says what waits."""

from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone

from blog.models import Post
from comments.admin_views import person
from comments.models import Comment

Status = Post.Status
APPS = ["blog", "comments"]
NAMES = {"auth": "Roles", "django_tasks_database": "Work in the background"}
MODELS = "Post Page Media Category Tag User SiteSettings Redirect".split()


@dataclass(frozen=True)
class Waiting:
    """A line of the first page: how many of what, in words, and where they are."""

    count: int
    words: str
    url: str


class QuillbackAdminSite(AdminSite):
    site_header = "Quillback"
    site_title = "Quillback"
    index_title = "The desk"

    def get_urls(self) -> list:
        page = self.admin_view(person.person)
        return [path("person/", page, name="person"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        lines = [*_comments_waiting(request), *_posts_waiting(request)]
        context = {
            "waiting": lines,
            "may_write": request.user.has_perm("blog.add_post"),
            "may_erase": person.may_erase(request),
        }
        return super().index(request, context | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label=None) -> list[dict]:
        """What one needs every day first; the rest as Django has it."""
        app_list = super().get_app_list(request, app_label)
        app_list.sort(key=lambda app: _place(APPS, app["app_label"]))
        for app in app_list:
            app["name"] = NAMES.get(app["app_label"], app["name"])
            app["models"].sort(key=lambda model: _place(MODELS, model["object_name"]))
        return app_list


def _place(listed: list[str], name: str) -> int:
    return listed.index(name) if name in listed else len(listed)


def _comments_waiting(request: HttpRequest) -> list[Waiting]:
    if not request.user.has_perm("comments.moderate_comment"):
        return []
    count = Comment.objects.pending().count()
    if not count:
        return []
    words = "comment waits for you" if count == 1 else "comments wait for you"
    url = reverse("admin:comments_comment_changelist")
    return [Waiting(count, words, f"{url}?state={Comment.State.PENDING}")]


def _posts_waiting(request: HttpRequest) -> list[Waiting]:
    """Reviews, drafts and what is scheduled, of those one may edit. One query."""
    user = request.user
    if not user.has_perm("blog.change_post"):
        return []
    posts = Post.objects.posts()
    if not user.has_perm("blog.change_others_post"):
        posts = posts.filter(author=user)
    is_scheduled = Q(status=Status.PUBLISHED, published_at__gt=timezone.now())
    counts = posts.aggregate(
        pending=Count("pk", filter=Q(status=Status.PENDING)),
        draft=Count("pk", filter=Q(status=Status.DRAFT)),
        scheduled=Count("pk", filter=is_scheduled),
    )
    words = {
        "pending": ("post waits for review", "posts wait for review"),
        "draft": ("draft", "drafts"),
        "scheduled": ("post is scheduled", "posts are scheduled"),
    }
    url = reverse("admin:blog_post_changelist")
    return [
        Waiting(count, words[state][count != 1], f"{url}?state={state}")
        for state, count in counts.items()
        if count
    ]
