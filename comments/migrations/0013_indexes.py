import django.db.models.deletion
import mptt.fields
from django.conf import settings
from django.db import migrations, models

COLUMNS = ("parent_id", "post_id")


def drop_lone_indexes(apps, schema_editor):
    """Those of one of these columns alone, whatever they are called here.

    As SQL: Django would write SQLite's table anew, however large it is.
    """
    table = apps.get_model("comments", "Comment")._meta.db_table
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    for name, told in found.items():
        is_lone = told["index"] and told["columns"] in ([column] for column in COLUMNS)
        if is_lone and not told["unique"] and name != "comment_replies":
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def make_lone_indexes(apps, schema_editor):
    model = apps.get_model("comments", "Comment")
    for column in COLUMNS:
        field = model._meta.get_field(column.removesuffix("_id"))
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0026_search_later'),
        ('comments', '0012_likes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_roots',
        ),
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_likes',
        ),
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_count',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_lone_indexes, make_lone_indexes),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='comment',
                    name='parent',
                    field=mptt.fields.TreeForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='replies', to='comments.comment', verbose_name='parent'),
                ),
                migrations.AlterField(
                    model_name='comment',
                    name='post',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='blog.post', verbose_name='post'),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['post', 'state', 'kind'], name='comment_count'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_like', True)), fields=['post', 'state'], name='comment_likes'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent__isnull', True)), fields=['post', 'created_at', 'tree_id', 'state', 'kind'], name='comment_roots'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='comment_replies'),
        ),
    ]
