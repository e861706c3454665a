"""The house's own rules: which way imports run, and who may do what."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
# Who may import whom: config → comments → blog → Django.
FORBIDDEN = {"blog": {"comments", "config", "tests"}, "comments": {"config", "tests"}}


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("app", FORBIDDEN)
def test_imports_run_one_way(app):
    for path in (BASE / app).rglob("*.py"):
        assert not imported_packages(path) & FORBIDDEN[app], path


def test_templates_carry_no_inline_script_or_style():
    for path in (BASE / "templates").rglob("*.html"):
        if path.parent.name == "email":
            continue  # a mail has no style sheet
        text = path.read_text()
        for forbidden in ("<script>", "<style", "style=", "onclick=", "|safe"):
            assert forbidden not in text, f"{forbidden} in {path}"


def test_no_reader_sees_what_templates_say_of_themselves():
    """Django takes `{#` for a comment on one line alone; over two, it is text."""
    for path in (BASE / "templates").rglob("*.*"):
        for line in path.read_text().splitlines():
            assert line.count("{#") == line.count("#}"), path


def test_what_browser_tests_wait_for_is_a_function():
    """A bare expression is evaluated anew at each look: from the second on, the pages'
    content security policy refuses it.
    """
    for path in (BASE / "tests" / "browser").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if not isinstance(called, ast.Attribute):
                continue
            if called.attr == "wait_for_function" and not isinstance(
                node.args[0], ast.Name
            ):
                assert "=>" in ast.unparse(node.args[0]), f"{path}:{node.lineno}"
