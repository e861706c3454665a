"""`checktrees`: whether the trees of categories, pages and comments are trees."""

from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from blog import page_paths, trees
from blog.models import Category, Page
from comments.models import Comment

TreeModel = type[Category] | type[Page] | type[Comment]

MAX_FAULTS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Checks the trees of categories, pages and comments; exits with 1 where one "
        "is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Number every tree anew from its rows' parents.",
        )

    def handle(self, *args: str, **options) -> None:
        is_sound = True
        models: tuple[TreeModel, ...] = (Category, Page, Comment)
        for model in models:
            faults = list(_faults(model))
            self._show(model, faults)
            if faults and options["repair"]:
                self._repair(model)
                faults = list(_faults(model))
                self._show(model, faults)
            is_sound = is_sound and not faults
        if not is_sound:
            hint = "" if options["repair"] else " checktrees --repair mends them."
            raise CommandError(f"Trees are broken.{hint}")

    def _show(self, model: TreeModel, faults: list[str]) -> None:
        name = str(model._meta.verbose_name_plural).capitalize()
        size = model.objects.count()
        tree_count = _tree_count(model)
        verdict = f"{_some(len(faults), 'fault')}" if faults else "sound"
        self.stdout.write(
            f"{name}: {_some(size, 'node')} in {_some(tree_count, 'tree')}, {verdict}."
        )
        for fault in faults[:MAX_FAULTS_SHOWN]:
            self.stdout.write(f"  {str(model._meta.verbose_name).capitalize()} {fault}")
        if len(faults) > MAX_FAULTS_SHOWN:
            self.stdout.write(f"  … and {len(faults) - MAX_FAULTS_SHOWN} more")

    def _repair(self, model: TreeModel) -> None:
        noun = str(model._meta.verbose_name).capitalize()
        with transaction.atomic():
            _lock(model)
            uprooted = _uprooted(model)
            model.objects.uproot(uprooted)
            changed_count = model.objects.renumber()
        for pk in uprooted:
            self.stdout.write(f"  {noun} {pk} has no parent any more.")
        self.stdout.write(f"  Repaired: {_some(changed_count, 'node')} numbered anew.")


def _lock(model: TreeModel) -> None:
    if model is Page:
        page_paths.lock()
    else:
        trees.lock(model)


def _tree_count(model: TreeModel) -> int:
    if model is Page:  # has paths, and no numbers
        return model.objects.filter(parent=None).count()
    return model.objects.order_by().values("tree_id").distinct().count()


def _faults(model: TreeModel) -> Iterator[str]:
    yield from model.objects.faults()
    for pk in trees.first_of_circles(_parent_of(model)):
        yield f"{pk} stands below itself: its parents run in a circle"


def _uprooted(model: TreeModel) -> list[int]:
    """Rows whose parent cannot be kept: firsts of circles, replies gone astray."""
    pks = set(trees.first_of_circles(_parent_of(model)))
    if model is Comment:
        pks |= set(Comment.objects.astray().values_list("pk", flat=True))
    return sorted(pks)


def _parent_of(model: TreeModel) -> dict[int, int | None]:
    return dict(model.objects.order_by("pk").values_list("pk", "parent_id"))


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
