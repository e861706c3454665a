"""YAML from strangers: text, lists and mappings, and nothing it could run or unfold."""

from typing import Any

import yaml

# Deeper than any head of a text, and any thread we write.
MAX_DEPTH = 40
_NOTHING = frozenset(["", "~", "null", "Null", "NULL"])
# libyaml's parser where the package has it. It only tells what stands there, one by
# one; what builds objects of it in C goes as deep as the text says, and falls.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BrokenYAML(Exception):
    """`sentence` says why, `line` where, the first being 1."""

    def __init__(self, sentence: str, line: int) -> None:
        self.sentence, self.line = sentence, line
        super().__init__(f"{sentence} (line {line})")


def load(text: str) -> Any:
    """Its first document: dictionaries, lists, strings and None.

    Every scalar is the text that stands there: a title may be `no` or `1.10`, and
    whoever wants a number reads one. Tags are ignored, aliases refused. Of a key that
    stands twice the last counts. Raises BrokenYAML.
    """
    try:
        return _built(yaml.parse(text, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenYAML(
            error.problem or "it can’t be read", mark.line + 1 if mark else 1
        ) from error
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise BrokenYAML("it has characters no YAML may contain", line) from error
    except UnicodeEncodeError as error:
        raise BrokenYAML("it has half a character", 1) from error


def _built(events: Any) -> Any:
    """What the events make, without recursion."""
    root: list[Any] = []
    # What is open: a list, or a dictionary with the key whose value comes next.
    open_: list[tuple[Any, list[str]]] = [(root, [])]
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            sentence = f"“*{event.anchor}” repeats what stands elsewhere"
            raise BrokenYAML(sentence, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            _put(open_[-1], _scalar(event), event)
        elif isinstance(event, yaml.CollectionStartEvent):
            made: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            _put(open_[-1], made, event)
            open_.append((made, []))
            if len(open_) > MAX_DEPTH:
                raise BrokenYAML("it is nested too deep", _line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            open_.pop()
        elif isinstance(event, yaml.DocumentEndEvent):
            break
    return root[0] if root else None


def _scalar(event: yaml.ScalarEvent) -> str | None:
    is_plain = not event.style
    return None if is_plain and event.value in _NOTHING else event.value


def _put(within: tuple[Any, list[str]], value: Any, event: yaml.Event) -> None:
    target, keys = within
    if isinstance(target, list):
        target.append(value)
    elif keys:
        target[keys.pop()] = value
    elif isinstance(value, str):
        keys.append(value)
    else:
        raise BrokenYAML("a key is no text", _line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
