"""The admin site."""

from django.contrib.admin import AdminSite


class QuillbackAdminSite(AdminSite):
    site_header = "Quillback"
    site_title = "Quillback"
    index_title = "The desk"
