"""The documents' blog, lived in: what the screenshots show. All of it is made up here.

Run by docs/screenshots.py within `manage.py shell`, after `manage.py setup`.
"""

import io
import math
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

from blog import uploading
from blog.models import Category, Media, Post, SiteSettings, User
from comments.models import Comment
from comments.posting import recount

TALKS = "no-progress-in-north-korean-talks"
# Month, day, title, category, text: the year before the documents' posts.
EARLIER = [
    (2, 8, "Gas, and what it carries", "russia", "A valve turned in January, and half of Europe learned where its kitchens begin."),
    (3, 22, "Doha runs out of spring", "trade", "Every deadline of this round has been the last one. This one was, too."),
    (5, 31, "A letter of eighteen pages", "iran", "Nobody answers a letter like that. Everybody reads it twice."),
    (7, 5, "Seven missiles, six parties", "north-korea", "They rose on a holiday, and most fell within minutes. The talks fell with them."),
    (8, 14, "A ceasefire has two dates", "iraq", "The one on which it is signed, and the one on which somebody believes it."),
    (9, 19, "What the bank in Macau froze", "north-korea", "Twenty-four million dollars is little for a state. It is a great deal for the handful who sign."),
    (10, 9, "The ground moved at 10:35", "nuclear-proliferation", "A test too small to be a triumph, and too real to be argued away."),
]  # fmt: skip
NOTE = '<span class="footnote">{}</span>'
FEATURE = (
    "<p>There are two ways to read a table at which six delegations sit. One counts the "
    "chairs; the other counts who has to walk past whom to reach the coffee.</p>"
    "<h2>The chairs</h2>"
    "<p>They stand in a hexagon, so that nobody is at the head of it."
    + NOTE.format("The hall in Beijing has held it since the first round of 2003.")
    + " Seven meetings were held around it, and each ended with a chairman’s statement: "
    "the kind of paper that is written because no other paper was.</p>"
    "<blockquote><p>We agreed to agree later. That is not nothing; it is a date.</p>"
    "<cite>A delegate, on the stairs</cite></blockquote>"
    "<h2>The corridor</h2>"
    "<p>What moves, moves outside. A word between two interpreters, a car that is early, a "
    "lunch that has one guest more than the plan says. Watch three things:</p>"
    "<ul><li>who leaves the hall first, and who follows;</li>"
    "<li>which word is used for the frozen accounts;</li>"
    "<li>whether anybody says “schedule”.</li></ul>"
    "<p>The last one has been missing for a year. When it comes back, book a flight.</p>"
)
# Who said what below the post on the talks; a number is what it answers.
TALK = [
    ("Ingrid", "And Tokyo? The photographs show a chair with nobody in it.", None),
    ("Dmitri Marine", "At the table by the second day, and silent. Tokyo has one subject in this room, and it is not uranium.", 0),
    ("Tomas R.", "Silence is a position. In **1994** it was ours.", 1),
    ("PatternRec", "Then let me turn it round: what would you *stop* paying for first?", 1),
    ("Noor", "I read the statement in Arabic and in English. The English promises more. It often does.", None),
    ("Ingrid", "Which sentence?", 4),
    ("Noor", "“In a coordinated manner.” In mine it says “step against step”.", 5),
]  # fmt: skip
SAID_ELSEWHERE = [
    ("two-envoys-before-the-talks", "Tomas R.", "He flew commercial. I take that as a signal; my wife takes it as a budget."),
    ("an-offer-from-tehran", "Wim", "An offer nobody has to refuse is not an offer."),
    ("one-step-closer-to-wto", "Ingrid", "And Georgia? They still hold the pen for theirs."),
    ("negotiations-and-resolutions", "Noor", "Fifteen hands, two of which are always counted first."),
]  # fmt: skip
ARABIC = [
    ("مائدة من ستة أضلاع", "<p>للمائدة ستة أضلاع، فلا يجلس أحد في صدرها. ومع ذلك يعرف كل من في القاعة أين يبدأ الكلام وأين ينتهي.</p><p>ما يتغيّر يتغيّر في الممرّ: كلمة بين مترجمَين، وسيارة وصلت قبل موعدها، وغداء زاد ضيوفه واحدًا.</p>"),
    ("رسالة لم يُجب عنها أحد", "<p>ثماني عشرة صفحة وصلت في مايو. قرأها الجميع مرتين، ولم يُجب عنها أحد. أحيانًا يكون الصمت أطول من الرسالة.</p>"),
    ("سبعة صواريخ في يوم عطلة", "<p>ارتفعت فجرًا وسقط معظمها بعد دقائق، وسقطت معها المحادثات التي كانت تنتظر الخريف.</p>"),
]  # fmt: skip


def fill() -> None:
    """An author at work, readers who talk, a cover and a picture."""
    author = User.objects.get(slug="dmitri-marine")
    for month, day, title, category, text in EARLIER:
        _post(
            title,
            f"<p>{text}</p>",
            author,
            datetime(2006, month, day, 9, tzinfo=UTC),
            category,
        )
    table = _keep(
        draw_table(), "table.png", "A table with six sides, from above", author
    )
    last = datetime(2006, 12, 22, 9, tzinfo=UTC)
    _post(
        "Reading a table of six",
        FEATURE,
        author,
        last,
        "north-korea",
        featured_image=table,
    )
    _talk(author)
    cover = _keep(
        draw_cover(), "cover.png", "A river at dusk, and towers beyond it", author
    )
    SiteSettings.objects.update(
        cover=cover, description="Talks, treaties and corridors, late in 2006."
    )


def speak_arabic() -> None:
    """The same blog in Arabic, with three posts at the top that are."""
    author = User.objects.get(slug="dmitri-marine")
    SiteSettings.objects.update(
        language="ar",
        title="بين العواصم",
        tagline="عن المحادثات والمعاهدات وما يدور في الممرّات",
    )
    for number, (title, body) in enumerate(ARABIC):
        at = datetime(2006, 12, 28 - number, 9, tzinfo=UTC)
        _post(title, body, author, at, "north-korea", language="ar")


def _post(
    title: str, body: str, author: User, at: datetime, category: str, **fields
) -> Post:
    post = Post.objects.create(
        title=title,
        body=body,
        author=author,
        status=Post.Status.PUBLISHED,
        published_at=at,
        created_at=at,
        **fields,
    )
    post.categories.add(Category.objects.get(slug=category))
    return post


def _talk(author: User) -> None:
    post = Post.objects.get(slug=TALKS)
    said: list[Comment] = []
    for number, (name, body, answers) in enumerate(TALK):
        parent = None if answers is None else said[answers]
        said.append(_say(post, author, name, body, parent, number))
    for slug, name, body in SAID_ELSEWHERE:
        _say(Post.objects.get(slug=slug), author, name, body, None, 9)
    recount(Post.objects.values_list("pk", flat=True))


def _say(
    post: Post, author: User, name: str, body: str, parent: Comment | None, hour: int
) -> Comment:
    is_author = name == author.public_name
    return Comment.objects.create(
        post=post,
        parent=parent,
        author=author if is_author else None,
        author_name=name,
        author_email=f"{name.split()[0].lower()}@example.org",
        body=body,
        body_format=Comment.Format.MARKDOWN,
        state=Comment.State.APPROVED,
        created_at=post.published_at.replace(hour=12 + hour, minute=7 * hour % 60),
    )


def _keep(picture: Image.Image, name: str, alt: str, author: User) -> Media:
    out = io.BytesIO()
    picture.save(out, "PNG")
    media = uploading.add(
        uploading.examine(ContentFile(out.getvalue(), name=name)), author
    )
    Media.objects.filter(pk=media.pk).update(alt=alt)
    return media


def draw_cover() -> Image.Image:
    """A river at dusk: bands of sky, two rows of towers, and both again in the water."""
    wide, high, horizon = 1800, 600, 380
    picture = Image.new("RGB", (wide, high))
    draw = ImageDraw.Draw(picture)
    for y in range(horizon):
        share = y / horizon
        draw.line(
            [(0, y), (wide, y)],
            fill=(int(46 + 190 * share), int(58 + 96 * share), int(92 + 8 * share)),
        )
    for row, shade in ((0, (92, 74, 88)), (1, (48, 42, 58))):
        for number in range(60):
            left = number * 34 - 20 + row * 13
            tall = 40 + 70 * abs(math.sin(number * (1.7 + row) + row)) * (
                1 - row * 0.35
            )
            draw.rectangle(
                [left, horizon - tall, left + 22 + number * 7 % 17, horizon], fill=shade
            )
    water = picture.crop((0, horizon - (high - horizon), wide, horizon)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    water = Image.blend(water, Image.new("RGB", water.size, (30, 36, 56)), 0.35)
    picture.paste(water.filter(ImageFilter.BoxBlur(5)), (0, horizon))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def draw_table() -> Image.Image:
    """A hexagon of a table, six chairs on each side of it, and a lamp's light."""
    wide, high = 1600, 900
    picture = Image.new("RGB", (wide, high), (92, 44, 40))
    draw = ImageDraw.Draw(picture)
    centre = (wide / 2, high / 2)
    corners = [_around(centre, 60 * side, 330) for side in range(6)]
    draw.polygon(corners, fill=(196, 158, 108))
    draw.polygon(
        [_around(centre, 60 * side, 210) for side in range(6)], fill=(52, 78, 66)
    )
    for side in range(6):
        for seat in range(-1, 2):
            x, y = _around(centre, 60 * side + 30 + 15 * seat, 375)
            draw.ellipse([x - 30, y - 30, x + 30, y + 30], fill=(38, 24, 24))
    light = Image.new("L", (wide, high), 90)
    ImageDraw.Draw(light).ellipse([300, -50, 1300, 950], fill=0)
    dark = Image.new("RGB", (wide, high), (20, 10, 12))
    return Image.composite(dark, picture, light.filter(ImageFilter.GaussianBlur(120)))


def _around(
    centre: tuple[float, float], degrees: float, far: float
) -> tuple[float, float]:
    angle = math.radians(degrees)
    return centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)
