"""Who has how many points. Only questions that were revealed and count: a standing never tells of an open one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.quiz.round.state import Round
from bot.quiz.round.turn import LockedAnswer, Turn
from bot.text.normalise import look_alike


@dataclass(frozen=True, slots=True)
class Called:
    """What a member is called where others read it."""

    name: str  # as they were called at their last press; empty: they wanted to be forgotten
    digits: str = ""  # the last of their id, where somebody else is called alike


LEAST_DIGITS = 4


def told_apart(names: Mapping[int, str]) -> Mapping[int, Called]:
    """What members are called, by their ids: who is easily taken for another gets the last digits of the id too."""
    alike: dict[str, list[int]] = {}
    for member, name in names.items():
        alike.setdefault(look_alike(name), []).append(member)
    return {
        member: Called(names[member], _digits(member, same) if len(same) > 1 else "")
        for same in alike.values()
        for member in same
    }


def _digits(member: int, same: Sequence[int]) -> str:
    """As many of the last digits as it takes."""
    last = str(member)
    many = next(n for n in range(LEAST_DIGITS, 22) if len({str(one)[-n:] for one in same}) == len(same))
    return last[-many:]


def called(round_: Round) -> Mapping[int, Called]:
    """What those are called who have pressed in a round."""
    return told_apart({member: found.name for member, found in round_.names.items()})


@dataclass(frozen=True, slots=True)
class TableLine:
    """How a member stands in the table of a round."""

    place: int  # counts from 1; equal points share one
    member: int
    called: Called
    points: float
    of: int  # how many questions counted
    answered: int  # how many of them the member answered
    right: int  # how many of these had full points
    seconds: float | None  # that an answer with points took on average; None: no answer had any


def counted(round_: Round) -> tuple[Turn, ...]:
    """The questions that count so far."""
    return tuple(turn for turn in round_.turns if turn.revealed and not turn.void)


def points(turn: Turn, locked: LockedAnswer) -> float | None:
    """What a locked answer has earned, from 0 to 1; None where its grade is still out."""
    if was_accepted(turn, locked):
        return 1.0
    return turn.question.mark(locked.answer, turn.metrics or (), turn.grades.get(locked.id))


def was_accepted(turn: Turn, locked: LockedAnswer) -> bool:
    """Whether a moderator accepted this answer, or one like it."""
    return any(turn.question.alike(locked.answer, accepted) for accepted in turn.accepted)


def earned(turn: Turn) -> Mapping[int, float]:
    """The points of each member who answered a question that counts. An answer whose grade did not come in time has
    none; where a change of the version kept it from coming, the answer does not count at all."""
    if turn.void or not turn.revealed:
        return {}
    found = {member: points(turn, answer) for member, answer in turn.counting.items()}
    return {member: share or 0.0 for member, share in found.items() if share is not None or not turn.cut_by_update}


def seconds(turn: Turn, answer: LockedAnswer) -> float:
    """How long an answer took: from when the question appeared to the press or the submit."""
    shown = turn.message.at if turn.message else turn.opens
    stood = sum(max(0.0, min(end, answer.at) - start) for start, end in turn.stood)
    return max(0.0, answer.at - stood - shown)


def ranked(round_: Round) -> bool:
    """Whether the points count for the leaderboard: two or more have played, and the draw was not known before."""
    turns = counted(round_)
    forgotten = sum(any(turn.number in earned for turn in turns) for earned in round_.forgotten)
    return not round_.setup.seeded and len(_players(turns)) + forgotten > 1


def standing(round_: Round) -> tuple[TableLine, ...]:
    """Best first; equal points (to the hundredth, as shown) share the place, and the faster is listed first."""
    turns, names = counted(round_), called(round_)
    lines = [_line(turns, member, names[member]) for member in _players(round_.turns)]
    lines += [_somebody(turns, earned) for earned in round_.forgotten]
    lines.sort(key=lambda line: (-line.points, line.seconds if line.seconds is not None else 1e9, line.member))
    placed: list[TableLine] = []
    for at, line in enumerate(lines, start=1):
        place = placed[-1].place if placed and placed[-1].points == line.points else at
        placed.append(replace(line, place=place))
    return tuple(placed)


def _line(turns: Sequence[Turn], member: int, name: Called) -> TableLine:
    answered = [(turn, turn.answers[member]) for turn in turns if member in turn.counting]
    scores = [(points(turn, answer) or 0.0, seconds(turn, answer)) for turn, answer in answered]
    took = [time for score, time in scores if score > 0]
    return TableLine(
        0,
        member,
        name,
        round(sum(score for score, _ in scores), 2),
        len(turns),
        len(answered),
        sum(score >= 1 for score, _ in scores),
        sum(took) / len(took) if took else None,
    )


def _somebody(turns: Sequence[Turn], earned: Mapping[int, float]) -> TableLine:
    scores = [earned[turn.number] for turn in turns if turn.number in earned]
    right = sum(score >= 1 for score in scores)
    return TableLine(0, 0, Called(""), round(sum(scores), 2), len(turns), len(scores), right, None)


def _players(turns: Iterable[Turn]) -> frozenset[int]:
    return frozenset(member for turn in turns for member in turn.counting)
