from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0024_old_files")]

    operations = [
        migrations.AddField(
            model_name="searchqueue",
            name="later_at",
            field=models.DateTimeField(null=True),
        ),
    ]
