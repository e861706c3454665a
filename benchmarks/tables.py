"""Tables of figures, as text for a terminal and as Markdown for the documents."""

import sys
from collections.abc import Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]


def table(title: str, columns: dict[str, str], rows: Rows) -> None:
    """Print it. `columns`: by name the format of their cells, which gives their width."""
    width = max(len(title), *(len(row[0]) for row in rows))
    heads = [
        name.rjust(len(format(cell, form)))
        for (name, form), cell in zip(columns.items(), rows[0][1:], strict=True)
    ]
    say("  ".join([title.ljust(width), *heads]))
    for first, *cells in rows:
        texts = [
            format(cell, form).rjust(len(head))
            for cell, form, head in zip(cells, columns.values(), heads, strict=True)
        ]
        say("  ".join([first.ljust(width), *texts]))
    say("")


def markdown(title: str, columns: dict[str, str], rows: Rows) -> str:
    """The same in Markdown."""
    lines = [
        f"| {title} | {' | '.join(name.strip() for name in columns)} |",
        f"|---|{'---:|' * len(columns)}",
    ]
    for first, *cells in rows:
        texts = [
            format(cell, form).strip()
            for cell, form in zip(cells, columns.values(), strict=True)
        ]
        lines.append(f"| {first} | {' | '.join(texts)} |")
    return "\n".join(lines) + "\n"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
