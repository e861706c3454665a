"""What a reader notices in many places of a source, told once with where it was."""

from collections import Counter
from collections.abc import Iterator, Mapping

from blog.transfer.records import Note

# Whoever looks at the first few knows where to look for the rest.
SHOWN_LINES = 5


class Findings:
    """Sentences with how often they were true, and in which lines first."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._lines: dict[str, list[int]] = {}

    def add(self, found: Mapping[str, int], line: int) -> None:
        """`found` has sentences with their numbers, of what begins in `line`."""
        for sentence, count in found.items():
            self._count[sentence] += count
            lines = self._lines.setdefault(sentence, [])
            if len(lines) <= SHOWN_LINES and line not in lines:
                lines.append(line)

    def notes(self, path: str) -> Iterator[Note]:
        """One for each sentence, in their order."""
        for sentence, count in sorted(self._count.items()):
            lines = self._lines[sentence]
            times = f" ({count} times{_places(lines)})" if count > 1 else ""
            yield Note(f"{sentence}{times}", path, lines[0])


def _places(lines: list[int]) -> str:
    if len(lines) < 2:
        return ""
    shown = ", ".join(map(str, lines[:SHOWN_LINES]))
    return f"; lines {shown}{' and more' if len(lines) > SHOWN_LINES else ''}"
