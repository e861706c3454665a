"""The arithmetic of trees, for any forest. Nothing here needs a database."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog import trees

Parents = dict[int, int | None]


@st.composite
def forests(draw, min_size: int = 0) -> Parents:
    """Keys in any order, each with the key of its parent or None."""
    keys = draw(st.lists(st.integers(1, 10**6), min_size=min_size, unique=True))
    return {
        key: draw(st.sampled_from([None, *keys[:place]]))
        for place, key in enumerate(keys)
    }


def numbered(parents: Parents) -> list[trees.Node]:
    """The forest in tree order, as `trees.read` gives it."""
    places = trees.number(parents.items(), lambda pk: pk)
    nodes = [trees.Node(pk, parent, places[pk]) for pk, parent in parents.items()]
    return in_tree_order(nodes)


def in_tree_order(nodes: list[trees.Node]) -> list[trees.Node]:
    return sorted(nodes, key=lambda node: (*node.place[:2], node.pk))


@hypothesis_settings(max_examples=100, deadline=None)
@given(forests())
def test_any_forest_is_numbered_without_a_fault(parents):
    assert list(trees.faults(numbered(parents))) == []


@hypothesis_settings(max_examples=100, deadline=None)
@given(forests())
def test_descendants_are_the_rows_between(parents):
    below = defaultdict(set)
    for pk in parents:
        above = parents[pk]
        while above is not None:
            below[above].add(pk)
            above = parents[above]
    nodes = numbered(parents)
    for node in nodes:
        between = {
            other.pk
            for other in nodes
            if other.place.tree_id == node.place.tree_id
            and node.place.lft < other.place.lft < node.place.rght
        }
        assert between == below[node.pk]


@hypothesis_settings(max_examples=200, deadline=None)
@given(forests(min_size=1), st.data())
def test_any_number_that_is_wrong_is_found(parents, data):
    nodes = numbered(parents)
    at = data.draw(st.integers(0, len(nodes) - 1))
    column = data.draw(st.sampled_from(["lft", "rght", "level"]))
    was = getattr(nodes[at].place, column)
    now = data.draw(st.integers(-3, 2 * len(nodes) + 3).filter(lambda n: n != was))
    nodes[at] = nodes[at]._replace(place=nodes[at].place._replace(**{column: now}))
    assert list(trees.faults(in_tree_order(nodes)))


@hypothesis_settings(max_examples=100, deadline=None)
@given(forests(min_size=2), st.data())
def test_a_parent_that_is_wrong_is_found(parents, data):
    nodes = numbered(parents)
    at = data.draw(st.integers(0, len(nodes) - 1))
    others = [None, *parents]
    wrong = data.draw(
        st.sampled_from([each for each in others if each != nodes[at].parent])
    )
    nodes[at] = nodes[at]._replace(parent=wrong)
    assert list(trees.faults(nodes))


def test_two_roots_in_one_tree_are_found():
    nodes = [
        trees.Node(1, None, trees.Place(1, 1, 2, 0)),
        trees.Node(2, None, trees.Place(1, 3, 4, 0)),
    ]
    assert list(trees.faults(nodes))


def test_siblings_stand_in_the_order_given():
    nodes = numbered({1: None, 9: 1, 3: 1, 5: 9})
    assert [node.pk for node in nodes] == [1, 9, 5, 3]


def test_a_chain_of_five_thousand_is_no_deeper_than_any_other():
    parents: Parents = {pk: pk - 1 or None for pk in range(1, 5001)}
    nodes = numbered(parents)
    assert nodes[-1].place == (1, 5000, 5001, 4999)
    assert list(trees.faults(nodes)) == []


@pytest.mark.parametrize(
    "parents", [{1: 1}, {1: 2, 2: 1}, {1: None, 2: 4, 3: 2, 4: 3, 5: 3}]
)
def test_a_circle_is_numbered_and_found(parents):
    nodes = numbered(parents)
    assert {node.pk for node in nodes} == set(parents)
    assert list(trees.faults(nodes))
