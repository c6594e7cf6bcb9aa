"""A round outlives the process: what was under way goes on, and a window that was cut too short is not scored."""

from dataclasses import replace

from bot.quiz.round import outbox
from bot.quiz.round.asking import is_open, voided
from bot.quiz.round.closing import awaited
from bot.quiz.round.effects import Effect, PostNotice
from bot.quiz.round.events import Resumed
from bot.quiz.round.state import Ended, Round, Step
from bot.quiz.round.timing import cut_too_short


def going_down(round_: Round) -> Step:
    """Says in the channel that the bot restarts."""
    if isinstance(round_.phase, Ended) or round_.down:
        return round_, ()
    round_, post = outbox.posted(round_, "down", lambda step: PostNotice(step, "going-down"))
    return replace(round_, down=True), (post,)


def resumed(round_: Round, event: Resumed) -> Step:
    """Gives out again what was not confirmed, and voids the open question if too much of its window is lost."""
    again = outstanding(round_) if event.anew else ()
    round_, back = _back(round_)
    turn = round_.current
    if turn is None or not is_open(round_, turn) or turn.closes is None:
        return round_, (*again, *back)
    since = max([event.since + round_.skew, *(end for _, end in turn.downs)])
    turn = replace(turn, downs=(*turn.downs, (since, round_.now)))
    round_ = round_.with_turn(turn)
    if turn.message is None or not cut_too_short(turn):  # whether it was posted in time, its message will show
        return round_, (*again, *back)
    round_, effects = voided(round_, turn, "cut")
    return round_, (*again, *back, *effects)


def outstanding(round_: Round) -> tuple[Effect, ...]:
    """All that was asked for and is not there yet."""
    closed = [turn for turn in round_.turns if not turn.void and not is_open(round_, turn)]
    return (*round_.outbox, *round_.errands, *(effect for turn in closed for effect in awaited(turn)))


def _back(round_: Round) -> Step:
    if not round_.down:
        return round_, ()
    round_, post = outbox.posted(replace(round_, down=False), "back", lambda step: PostNotice(step, "back"))
    return round_, (post,)
