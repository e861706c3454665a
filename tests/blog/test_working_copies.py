"""Working copies: whatever a form held, it holds again after it was kept."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import working_copies
from blog.admin.write_form import PostForm
from blog.models import Post, WorkingCopy
from tests.builders import make_category, make_post, make_user

# What a browser can send: no surrogates, line breaks as it writes them.
WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=60
)
LINES = st.lists(WORDS, max_size=4).map("\r\n".join)
TICKED = st.sampled_from([[], ["on"]])


class RoundTrip(TestCase):
    @given(
        fields=st.fixed_dictionaries(
            {
                "title": WORDS.map(lambda text: [text]),
                "body": LINES.map(lambda text: [text]),
                "excerpt": LINES.map(lambda text: [text]),
                "tags": WORDS.map(lambda text: [text]),
                "published_at": WORDS.map(lambda text: [text]),
                "password": WORDS.map(lambda text: [text]),
                "visibility": st.sampled_from([["public"], ["password"], ["private"]]),
                "comments_open": TICKED,
                "as_html": st.sampled_from([["0"], ["1"]]),
            }
        ),
        ticked=st.sets(st.integers(0, 2)),
    )
    def test_any_form_is_shown_as_it_was_kept(self, fields, ticked):
        user = make_user("writer", role="Editor")
        post = make_post(author=user)
        categories = [make_category(f"C{number}") for number in range(3)]
        chosen = [str(categories[number].pk) for number in sorted(ticked)]
        form_class = type("Form", (KeptForm,), {"user": user})
        data = working_copies.as_data(
            WorkingCopy(fields=fields | {"categories": chosen})
        )
        sent = form_class(data, instance=post)
        working_copies.autosave(user, sent.fields_sent(), kind=post.kind, post=post)
        copy = working_copies.of(post, user)
        again = type("Form", (form_class,), {"working_copy": copy})(instance=post)
        for name in sent.fields:
            assert again[name].value() == sent[name].value(), name
        assert again.is_written_as_html == sent.is_written_as_html
        assert type(again.fields["body"].widget) is type(sent.fields["body"].widget)


class KeptForm(PostForm):
    class Meta:
        model = Post
        fields = ("title", "body", "excerpt", "password", "comments_open")


def test_a_race_of_two_windows_leaves_one_row(alice):
    post = make_post(author=alice)
    first = working_copies.autosave(
        alice, {"title": ["One"], "window": ["1"]}, kind="post", post=post
    )
    again = working_copies.autosave(
        alice, {"title": ["Two"], "window": ["1"]}, kind="post", post=post
    )
    assert again.pk == first.pk
    assert again.saved_at > first.saved_at


def test_it_costs_a_fixed_number_of_queries(alice, django_assert_max_num_queries):
    post = make_post(author=alice)
    fields = {"title": ["One"], "window": ["1"]}
    for _ in range(2):
        with django_assert_max_num_queries(6):
            working_copies.autosave(alice, fields, kind="post", post=post)


def test_a_list_of_unfinished_ones_reads_no_text(alice, django_assert_num_queries):
    for number in range(3):
        fields = {"title": [f"Number {number}"], "body": ["long " * 1000]}
        WorkingCopy.objects.create(writer=alice, fields=fields)
    with django_assert_num_queries(1):
        titles = [copy.shown_title for copy in working_copies.listed(alice)]
    assert titles == ["Number 2", "Number 1", "Number 0"]
