"""The parts of a dated address."""


class Year:
    """Four digits: 2006."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class TwoDigits(Year):
    """A month or a day: 11, 03."""

    regex = "[0-9]{2}"

    def to_url(self, value: int) -> str:
        return f"{value:02d}"


class FurtherPage:
    """The number of a page of a list. Its first is the list itself."""

    regex = "[2-9]|[1-9][0-9]+"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
