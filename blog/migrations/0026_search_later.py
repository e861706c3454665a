from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0023_date_index")]

    operations = [
        migrations.AddField(
            model_name="searchqueue",
            name="later_at",
            field=models.DateTimeField(null=True),
        ),
    ]
