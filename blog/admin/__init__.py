"""The author's side: Django's admin, one module per family of models."""

from blog.admin import media, posts, redirects, site, taxonomy, users

__all__ = ["media", "posts", "redirects", "site", "taxonomy", "users"]
