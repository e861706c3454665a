"""A blog to be searched: as many posts and comments as asked for, in words like ours.

Words are as often as in a language: the second half as often as the first, the third a
third as often. A few texts are in a script without spaces.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

WORDS = 200_000
COMMONEST = (
    "the of and to a in is that it was for on are as with his they be at one have this "
    "from or had by hot but some what there we can out other were all your when up use "
    "word how said an each she which do their time if will way about many then them"
).split()
SYLLABLES = (
    "ba be bi co cu da de di do fa fe go ha he in jo ka ke la le li lo ma me mi mo na "
    "ne no or pa pe po ra re ri ro sa se si so ta te ti to un va ve vi wa we yo za"
).split()
SIGNS = "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么"
PAIRED_SHARE = 0.03
YEARS = 12
CATEGORIES = 60
AUTHORS = 20
BATCH = 2_000


class Language:
    """Draws words by Zipf's law; the same each time."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        made: dict[str, None] = dict.fromkeys(COMMONEST)
        while len(made) < WORDS:
            parts = self.dice.choices(SYLLABLES, k=self.dice.choice([2, 3, 3, 4, 5]))
            made.setdefault("".join(parts))
        self.words = list(made)
        self.weights = list(accumulate(1 / (n + 2.7) for n in range(1, WORDS + 1)))

    def draw(self, count: int) -> list[str]:
        return self.dice.choices(self.words, cum_weights=self.weights, k=count)

    def text(self, count: int) -> str:
        if self.dice.random() < PAIRED_SHARE:
            return "".join(self.dice.choices(SIGNS, k=count))
        return " ".join(self.draw(count))

    def length(self, typical: int) -> int:
        return max(
            3, min(20 * typical, int(self.dice.lognormvariate(0, 0.8) * typical))
        )


def fill(posts: int, comments: int) -> None:
    """Write them: dates over YEARS, filed and tagged; some are drafts, held or spam."""
    from django.db import connection

    language = Language()
    people, categories, tags = _people(language)
    pks = list(_posts(language, posts, people, categories, tags))
    _comments(language, comments, pks, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(language: Language) -> tuple[list, list, list]:
    from blog.models import Category, Tag, User

    people = [
        User.objects.create(username=f"u{number}", display_name=f"Writer {number}")
        for number in range(AUTHORS)
    ]
    roots = [Category.objects.create(name=f"Root {number}") for number in range(6)]
    categories = roots + [
        Category.objects.create(name=f"Branch {number}", parent=roots[number % 6])
        for number in range(CATEGORIES - 6)
    ]
    names = dict.fromkeys(language.words[100:1100])
    tags = Tag.objects.bulk_create(Tag(name=name, slug=name) for name in names)
    return people, categories, tags


def _moment(language: Language, number: int, of: int) -> datetime:
    seconds = YEARS * 365 * 86400
    begun = datetime.now(UTC) - timedelta(seconds=seconds)
    drift = language.dice.randrange(86400)
    return begun + timedelta(seconds=seconds * number / of - drift)


def _posts(
    language: Language, count: int, people: list, categories: list, tags: list
) -> Iterator[int]:
    from blog.markup import RENDERING
    from blog.models import Post, TaggedPost

    dice = language.dice
    filed = Post.categories.through
    for start in range(0, count, BATCH):
        rows = []
        for number in range(start, min(count, start + BATCH)):
            at = _moment(language, number, count)
            text = language.text(language.length(180))
            title = language.text(dice.randrange(2, 9)).capitalize()
            rows.append(
                Post(
                    title=title,
                    slug=f"post-{number}",
                    body=f"<p>{text}</p>",
                    body_html=f"<p>{text}</p>",
                    # Or a task would render them meanwhile.
                    rendering=RENDERING,
                    lead=text[:300],
                    author=dice.choice(people),
                    status="draft" if dice.random() < 0.03 else "published",
                    published_at=at,
                    published_on=at.date(),
                    password="pw" if dice.random() < 0.002 else "",
                )
            )
        Post.objects.bulk_create(rows)
        # Some categories hold half of all, most a handful.
        filed.objects.bulk_create(
            filed(
                post=post,
                category=categories[int(len(categories) * dice.random() ** 3)],
            )
            for post in rows
        )
        TaggedPost.objects.bulk_create(
            TaggedPost(content_object=post, tag=tag)
            for post in rows
            for tag in {dice.choice(tags), dice.choice(tags)}
        )
        yield from (post.pk for post in rows)


def _comments(language: Language, count: int, posts: list[int], people: list) -> None:
    from comments.models import Comment, new_tree_ids

    dice = language.dice
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        rows = []
        for place, tree_id in enumerate(new_tree_ids(size)):
            number = start + place
            text = language.text(language.length(40))
            near = int(number / count * len(posts))
            comment = Comment(
                post_id=posts[max(0, near - dice.randrange(200))],
                body=text,
                body_html=f"<p>{text}</p>",
                state=_state(dice),
                author_name=" ".join(language.draw(2)),
                author=dice.choice(people) if dice.random() < 0.02 else None,
                created_at=_moment(language, number, count),
            )
            comment.tree_id, comment.lft, comment.rght, comment.level = tree_id, 1, 2, 0
            rows.append(comment)
        Comment.objects.bulk_create(rows)


def _state(dice: random.Random) -> str:
    number = dice.random()
    return "approved" if number < 0.7 else "spam" if number < 0.9 else "trash"
