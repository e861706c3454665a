"""How many posts a category says it has: those every reader sees."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import Category, Post
from blog.models.post_queryset import is_hidden_q, is_public_q
from tests.builders import make_category, make_page, make_post

posts = st.lists(
    st.tuples(
        st.sampled_from(Post.Status.values),
        st.integers(-2, 2),
        st.sets(st.sampled_from("abc")),
    ),
    max_size=8,
)


class AnyPosts(TestCase):
    @given(posts)
    def test_a_category_counts_what_is_public(self, posts):
        categories = {name: make_category(name) for name in "abc"}
        for status, days, names in posts:
            make_post(
                status=status,
                published_at=timezone.now() + timedelta(days=days, hours=1),
                categories=[categories[name] for name in names],
            )
        counted = Category.objects.with_post_counts()
        for category in counted.filter(pk__in=[c.pk for c in categories.values()]):
            filed = Post.objects.filter(categories=category)
            assert category.post_count == sum(post.is_public for post in filed)

    @given(posts)
    def test_what_is_not_public_is_hidden(self, posts):
        for number, (status, days, _) in enumerate(posts):
            fields = {
                "status": status,
                "published_at": timezone.now() + timedelta(days=days, hours=1),
            }
            if days % 2:
                make_page(f"Page {number}", **fields)
            else:
                make_post(**fields)
        public = set(Post.objects.filter(is_public_q()))
        hidden = set(Post.objects.filter(is_hidden_q()))
        assert not public & hidden
        assert public | hidden == set(Post.objects.all())
