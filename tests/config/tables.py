"""What stands in the database, so that tests can say "nothing changed"."""

from django.apps import apps


def every_row() -> dict[str, list[dict]]:
    """All rows of all tables, link tables included, by table."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return {
        model._meta.db_table: list(model._base_manager.order_by("pk").values())
        for model in models
    }


def blog_without_keys() -> dict[str, list[dict]]:
    """Posts, their tags and comments, told without what an installation numbers.

    Left out: primary keys, the numbers of whole trees, when a row was touched.
    """
    from blog.models import Category, Post
    from comments.models import Comment

    def told(model, *names: str) -> list[dict]:
        skipped = {"id", "tree_id", "touched_at"}
        columns = {
            field.attname
            for field in model._meta.concrete_fields
            if not field.is_relation
        }
        names = (*sorted(columns - skipped), *names)
        return sorted(model._base_manager.values(*names), key=repr)

    return {
        "categories": told(Category, "parent__slug"),
        "posts": told(Post, "author__username"),
        "filed": told(Post, "categories__slug"),
        "tagged": told(Post, "tagged_items__tag__slug", "tagged_items__tag__name"),
        "comments": told(Comment, "post__guid", "parent__guid", "author__username"),
    }
