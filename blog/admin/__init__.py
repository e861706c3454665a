"""The author's side: Django's admin, one module per family of models."""

from blog.admin import media, old_files, posts, redirects, site, taxonomy, users

__all__ = ["media", "old_files", "posts", "redirects", "site", "taxonomy", "users"]
