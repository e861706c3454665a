
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0020_search"),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='reading_minutes',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='post',
            name='rendering',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='post',
            name='reworded_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['rendering'], name='post_rendering'),
        ),
    ]
