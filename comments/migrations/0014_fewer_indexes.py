import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# By field.
COLUMNS = {"author": "author_id", "in_reply_to": "in_reply_to_id", "tree_id": "tree_id"}


def drop_lone_indexes(apps, schema_editor):
    """Those of one of these columns alone, whatever they are called here.

    As SQL: Django would write SQLite's table anew, however large it is.
    """
    table = apps.get_model("comments", "Comment")._meta.db_table
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    for name, told in found.items():
        is_lone = told["index"] and told["columns"] in ([column] for column in COLUMNS.values())
        if is_lone and not told["unique"]:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def make_lone_indexes(apps, schema_editor):
    model = apps.get_model("comments", "Comment")
    for name in COLUMNS:
        field = model._meta.get_field(name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0026_search_later'),
        ('comments', '0013_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_lone_indexes, make_lone_indexes),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='comment',
                    name='author',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to=settings.AUTH_USER_MODEL, verbose_name='author'),
                ),
                migrations.AlterField(
                    model_name='comment',
                    name='in_reply_to',
                    field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='comments.comment'),
                ),
                migrations.AlterField(
                    model_name='comment',
                    name='tree_id',
                    field=models.PositiveIntegerField(editable=False),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('in_reply_to__isnull', False)), fields=['in_reply_to'], name='comment_answers'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('author__isnull', False)), fields=['author'], name='comment_author'),
        ),
    ]
