"""The project as an app: the commands and roles that join blog and comments."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.models.signals import post_migrate


class QuillbackConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from blog import generation_triggers, stretch_triggers
        from blog.search import schema
        from config.roles import create_missing_roles

        # Of our apps, comments is the last to get its permissions.
        post_migrate.connect(
            create_missing_roles, sender=apps.get_app_config("comments")
        )
        # The generation last: it stands for all that was made before.
        for made_by_database in (schema, stretch_triggers, generation_triggers):
            post_migrate.connect(
                made_by_database.after_migrate,
                sender=apps.get_app_config("comments"),
            )


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin.QuillbackAdminSite"
