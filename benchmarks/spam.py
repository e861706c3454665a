"""How well does the spam filter tell spam from talk it has never seen?

    python -m benchmarks.spam --folder ../shared/spam

Reads labelled comments (`date,text,is_spam`, a CSV file for each place they were
written below). For each file: learns from all the others, judges this one. Then how
the answer grows with what moderators have decided, and how long a thousand comments
take. Needs no database. The base rate stands beside it: what is right when nothing
is called spam.
"""

import argparse
import csv
import os
import random
import statistics
import sys
import time
from pathlib import Path

import django

FOLDER = "../shared/spam"
DECISIONS = (50, 100, 200, 400)
DRAWS = 20
HOSTILE_LETTERS = 65_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(FOLDER))
    report(parser.parse_args().folder)
    return 0


def report(folder: Path = Path(FOLDER)) -> None:
    """Print it all; where the comments are missing, say so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    files = {path.name: _read(path) for path in sorted(folder.glob("*.csv"))}
    if len(files) < 2:
        print(f"SKIPPED the spam filter: no labelled comments in {folder}")
        return
    print("spam filter: learned from the other files, asked about this one")
    print(f"{'':14}     held from 0.9     spam from 0.5            nothing is")
    print(f"{'':14}  prec.  recall  acc.  prec.  recall  acc.  doubt  spam: acc.")
    together = []
    for name in files:
        judged = _judge(_learn(_all_but(files, name)), files[name])
        together += judged
        _print(name, judged)
    _print("together", together)
    _report_growth(files)
    _report_time([row for rows in files.values() for row in rows])


def _read(path: Path) -> list[tuple]:
    """Each comment as the filter sees one that came by the form, and its label."""
    from blog import markup
    from comments.moderation.reading import sample_of

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        (
            sample_of(markup.render_comment(row["text"]), "", "", ""),
            row["is_spam"] == "1",
        )
        for row in rows
    ]


def _all_but(files: dict[str, list], name: str) -> list[tuple]:
    return [row for other, rows in files.items() if other != name for row in rows]


def _learn(rows: list[tuple]):
    from comments.moderation import classifier

    return classifier.learn(rows)


def _judge(model, rows: list[tuple]) -> list[tuple[float, bool]]:
    """The filter's word beside the label. A silent filter is in the middle."""
    from comments.moderation import classifier

    opinions = [(classifier.judge(sample, model), is_spam) for sample, is_spam in rows]
    return [(said.probability if said else 0.5, is_spam) for said, is_spam in opinions]


def _print(name: str, judged: list[tuple[float, bool]]) -> None:
    from comments.moderation.checks import DOUBTFUL_ABOVE, SPAM_FROM

    figures = [*_quality(judged, SPAM_FROM), *_quality(judged, DOUBTFUL_ABOVE + 1e-9)]
    doubt = sum(DOUBTFUL_ABOVE < said < SPAM_FROM for said, _ in judged) / len(judged)
    good = sum(not is_spam for _, is_spam in judged) / len(judged)
    cells = "  ".join(f"{figure:5.3f}" for figure in figures)
    print(f"{name:14}  {cells}  {doubt:5.3f}  {good:5.3f}")


def _quality(judged: list[tuple[float, bool]], from_: float) -> tuple[float, ...]:
    """Precision, recall and accuracy where spam is what scores at least `from_`."""
    called = [is_spam for said, is_spam in judged if said >= from_]
    spam = sum(is_spam for _, is_spam in judged)
    right = sum((said >= from_) == is_spam for said, is_spam in judged)
    hits = sum(called)
    return hits / max(1, len(called)), hits / max(1, spam), right / len(judged)


def _report_growth(files: dict[str, list]) -> None:
    """After so many decisions, drawn at random from the other files."""
    print(
        f"after so many decisions (mean of {DRAWS} draws for each file), held from 0.9"
    )
    for count in DECISIONS:
        figures = []
        for name, rows in files.items():
            others = _all_but(files, name)
            for draw in range(DRAWS):
                drawn = random.Random(draw).sample(others, count)
                figures.append(_quality(_judge(_learn(drawn), rows), 0.9))
        precision, recall, accuracy = map(statistics.mean, zip(*figures, strict=True))
        print(
            f"{count:14}  precision {precision:.3f}  recall {recall:.3f}  "
            f"accuracy {accuracy:.3f}"
        )


def _report_time(rows: list[tuple]) -> None:
    from comments.moderation.classifier import Sample

    started = time.perf_counter()
    model = _learn(rows)
    learning = time.perf_counter() - started
    thousand = (rows * 2)[:1000]
    started = time.perf_counter()
    _judge(model, thousand)
    judging = time.perf_counter() - started
    text = "".join(random.Random(1).choices("abcdefgh  ", k=HOSTILE_LETTERS))
    started = time.perf_counter()
    _judge(model, [(Sample(text), True)])
    hostile = time.perf_counter() - started
    print(
        f"learned from {len(rows)} in {learning:.2f} s; judged a thousand in "
        f"{judging:.2f} s; the longest text there can be in {hostile * 1000:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
