"""The whole URL map. The addresses are WordPress's, so that a moved blog keeps its own."""

from django.contrib import admin
from django.urls import include, path, register_converter

from blog import converters
from blog.views import (
    accounts,
    archives,
    feeds,
    files,
    glance,
    health,
    icons,
    machines,
    oembed,
    reading,
    searching,
    styles,
    unpublished,
)
from comments.views import (
    avatars,
    liking,
    mail,
    own,
    previewing,
    responding,
    trackback,
    webmention,
    xmlrpc,
)
from comments.views import feeds as comment_feeds
from comments.views import reading as comment_reading

register_converter(converters.Year, "yyyy")
register_converter(converters.TwoDigits, "dd")
register_converter(converters.FurtherPage, "further")


def listing(route: str, view, name: str) -> list:
    """A list and its further pages: `…/` and `…/page/2/`.

    The further pages come first: a category's path would swallow them.
    """
    return [
        path(f"{route}page/<further:number>/", view, name=f"{name}_page"),
        path(route, view, name=name),
    ]


def feed(route: str, view, name: str) -> list:
    """A feed in its three formats."""
    return [
        path(f"{route}feed/", view, {"form": "rss"}, name=name),
        path(f"{route}feed/atom/", view, {"form": "atom"}, name=f"{name}_atom"),
        path(f"{route}feed/json/", view, {"form": "json"}, name=f"{name}_json"),
    ]


# Before the lists: a category's path would swallow its feed.
feed_urls = [
    *feed("", feeds.home, "feed"),
    *feed("category/<path:path>/", feeds.category, "category_feed"),
    *feed("tag/<str:slug>/", feeds.tag, "tag_feed"),
    *feed("author/<str:slug>/", feeds.author, "author_feed"),
]
blog_urls = [
    *listing("", reading.home, "home"),
    path("archives/", glance.archives, name="archives"),
    *listing("archives/<yyyy:year>/", glance.archives_year, "archives_year"),
    path("categories/", glance.categories, name="categories"),
    path("search/", searching.search, name="search"),
    path("search/suggest/", searching.suggest, name="suggest"),
    path("tags/", glance.tags, name="tags"),
    *listing("tags/<str:letter>/", glance.tags_letter, "tags_letter"),
    *listing("category/<path:path>/", archives.category, "category"),
    *listing("tag/<str:slug>/", archives.tag, "tag"),
    *listing("author/<str:slug>/", archives.author, "author"),
    *listing("<yyyy:year>/", archives.year, "year"),
    *listing("<yyyy:year>/<dd:month>/", archives.month, "month"),
    *listing("<yyyy:year>/<dd:month>/<dd:day>/", archives.day, "day"),
    path(
        "<yyyy:year>/<dd:month>/<dd:day>/<str:slug>/", reading.post_detail, name="post"
    ),
    path("unlock/<int:pk>/", reading.unlock, name="unlock"),
    path("style/<str:digest>.css", styles.style, name="style"),
    path("preview/<str:token>/", unpublished.preview, name="preview"),
]
account_urls = [
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    *listing("comments/", own.listing, "comments"),
    path("comments/<int:pk>/", own.by_account, name="comment"),
]
comment_urls = [
    path("comments/judge/<str:token>/", mail.judge, name="judge"),
    path("comments/unjudge/<str:token>/", mail.unjudge, name="unjudge"),
    path("comments/confirm/<str:token>/", mail.confirm, name="confirm"),
    path("comments/leave/<str:token>/", mail.leave, name="leave"),
    path("comments/reply/<int:post_pk>/", responding.create, name="create"),
    path("comments/like/<int:post_pk>/", liking.like, name="like"),
    path("comments/preview/", previewing.preview, name="preview"),
    path("comments/stamp/", responding.stamp_form, name="stamp"),
    path("comments/own/<str:token>/", own.by_token, name="own"),
    *feed("comments/", comment_feeds.everything, "feed"),
    path("comments/<int:pk>/", comment_reading.permalink, name="permalink"),
    path("avatar/<str:key>.svg", avatars.drawing, name="drawing"),
    path("avatar/<str:key>", avatars.avatar, name="avatar"),
    path("xmlrpc.php", xmlrpc.door, name="xmlrpc"),
    path("webmention/", webmention.door, name="webmention"),
    path("webmention/<str:token>/", webmention.status, name="webmention_status"),
]
# Among the blog's own, where each finds its place before what would swallow it.
comment_page_urls = [
    path(
        "<yyyy:year>/<dd:month>/<dd:day>/<str:slug>/comment-page-<int:number>/",
        comment_reading.post_page,
    ),
    path("<path:path>/comment-page-<int:number>/", comment_reading.page_page),
    *feed(
        "<yyyy:year>/<dd:month>/<dd:day>/<str:slug>/",
        comment_feeds.below_post,
        "post_feed",
    ),
    *feed("<path:path>/", comment_feeds.below_page, "page_feed"),
    path(
        "<yyyy:year>/<dd:month>/<dd:day>/<str:slug>/trackback/",
        trackback.door,
        name="post_trackback",
    ),
    path("<path:path>/trackback/", trackback.door, name="page_trackback"),
]
page_urls = [
    path("<yyyy:year>/<dd:month>/<dd:day>/<str:slug>/embed/", oembed.framed_post),
    path("<path:path>/embed/", oembed.framed_page),
    path("<path:path>/", reading.page_detail, name="page"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include((account_urls, "accounts"))),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("robots.txt", machines.robots),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("rsd.xml", machines.rsd, name="rsd"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path(
        "sitemap-<str:section>-<int:number>.xml",
        machines.sitemap_part,
        name="sitemap_part",
    ),
    path("oembed/", oembed.provider, name="oembed"),
    path("favicon.ico", icons.favicon),
    path("manifest.webmanifest", icons.manifest, name="manifest"),
    path("media/<path:path>", files.media),
    path("", include((comment_urls, "comments"))),
    # Last, because a page may have any path that nothing else has.
    path(
        "", include(([*feed_urls, *blog_urls, *comment_page_urls, *page_urls], "blog"))
    ),
]

handler403 = "blog.views.errors.forbidden"
handler404 = "blog.views.errors.not_found"
handler500 = "blog.views.errors.server_error"
