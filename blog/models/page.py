"""Pages: posts without a date in their address, in a tree of their own."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from blog import page_paths
from blog.models.post import Post
from blog.models.post_queryset import PostManager, PostQuerySet


class PageManager(PostManager):
    def get_queryset(self) -> PostQuerySet:
        return super().get_queryset().filter(kind=Post.Kind.PAGE)

    def renumber(self) -> int:
        """Derive the path of every page from its parent; returns how many were wrong."""
        with transaction.atomic():
            page_paths.lock()
            changed = []
            pages = self._by_pk()
            for pk, (slug, path) in self._derived(pages.values()).items():
                page = pages[pk]
                if (page.slug, page.path) != (slug, path):
                    page.slug, page.path = slug, path
                    page.public_path = page.last_public_path
                    changed.append(page)
            # No address can begin like this: two pages may change places.
            nowhere = Concat(Value("?"), Cast(F("pk"), CharField()))
            self.filter(pk__in=[page.pk for page in changed]).update(path=nowhere)
            self.bulk_update(changed, ["slug", "path", "public_path"])
        return len(changed)

    def uproot(self, pks: Iterable[int]) -> None:
        """Take pages whose parents run in a circle to the top; `renumber()` follows."""
        self.filter(pk__in=pks).update(parent=None)

    def faults(self) -> Iterator[str]:
        """One sentence for each path that is wrong. One query."""
        pages = self._by_pk()
        for pk, (_slug, path) in self._derived(pages.values()).items():
            if pages[pk].path != path:
                yield f"{pk} has the path “{pages[pk].path}”, not “{path}”"

    def _by_pk(self) -> dict[int, "Page"]:
        """Highest first: what comes up from below takes nobody's address there."""
        pages = self.order_by("pk").defer("body", "body_html", "lead", "excerpt")
        by_depth = sorted(pages, key=lambda page: page.path.count("/"))
        return {page.pk: page for page in by_depth}

    @staticmethod
    def _derived(pages: Iterable["Page"]) -> dict[int, tuple[str, str]]:
        return page_paths.slugs_and_paths(
            (page.pk, page.parent_id, page.slug) for page in pages
        )


class Page(Post):
    """A page: no date in its address, a place in a tree of its own."""

    objects = PageManager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["path"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self._state.adding:
            self.kind = Post.Kind.PAGE
