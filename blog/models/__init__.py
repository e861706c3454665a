"""What the blog is made of."""

from blog.models.chore import Chore
from blog.models.embed import Embed, EmbedUse
from blog.models.media import Media, MediaUse
from blog.models.missed import MissedAddress
from blog.models.old_file import OldFile, OldFileUse
from blog.models.page import Page
from blog.models.post import Post
from blog.models.redirect import Redirect
from blog.models.search import PostEntry, SearchQueue, SearchWord
from blog.models.site import SiteSettings
from blog.models.taxonomy import Category, Tag, TaggedPost
from blog.models.text_piece import TextPiece
from blog.models.unsaved import EditLock, WorkingCopy
from blog.models.user import User

__all__ = [
    "Category",
    "Chore",
    "EditLock",
    "Embed",
    "EmbedUse",
    "Media",
    "MediaUse",
    "MissedAddress",
    "OldFile",
    "OldFileUse",
    "Page",
    "Post",
    "PostEntry",
    "Redirect",
    "SearchQueue",
    "SearchWord",
    "SiteSettings",
    "Tag",
    "TaggedPost",
    "TextPiece",
    "User",
    "WorkingCopy",
]
