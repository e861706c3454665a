import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def tell_likes_apart(apps, schema_editor):
    """Webmentions that were likes all along; they are no responses any more."""
    Comment = apps.get_model("comments", "Comment")
    Post = apps.get_model("blog", "Post")
    database = schema_editor.connection.alias
    comments = Comment._base_manager.using(database)
    found = comments.filter(kind="webmention", source_data__type="like")
    found.update(is_like=True)
    for pk in set(found.values_list("post", flat=True)):
        said = comments.filter(post=pk, state="approved")
        answered = said.filter(parent__isnull=False).values("tree_id")
        alone = said.filter(is_like=True, parent__isnull=True).exclude(
            tree_id__in=answered
        )
        count = said.count() - alone.count()
        Post._base_manager.using(database).filter(pk=pk).update(comment_count=count)


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0022_post_page'),
        ('comments', '0011_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Like',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'like',
                'verbose_name_plural': 'likes',
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='is_like',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_like', True)), fields=['post'], name='comment_likes'),
        ),
        migrations.AddField(
            model_name='like',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to='blog.post'),
        ),
        migrations.AddField(
            model_name='like',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='like',
            constraint=models.UniqueConstraint(fields=('post', 'user'), name='like_once'),
        ),
        migrations.RunPython(
            tell_likes_apart, migrations.RunPython.noop, elidable=True
        ),
    ]
