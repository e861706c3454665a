
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0005_photo'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='notice',
            options={'ordering': ['-pk'], 'verbose_name': 'mail', 'verbose_name_plural': 'mails'},
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='one_notice_each',
        ),
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_due',
        ),
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_flood',
        ),
        migrations.RenameField(
            model_name='subscription',
            old_name='created_at',
            new_name='asked_at',
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('claimed_at__isnull', True)), fields=['due_at'], name='notice_due'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['email', '-claimed_at'], name='notice_flood'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('comment', 'email'), name='one_notice_a_person'),
        ),
    ]
