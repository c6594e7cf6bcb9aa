"""Skip, next, stop, and the place that is lost."""

from dataclasses import replace

from bot.quiz.round import outbox
from bot.quiz.round.answering import tell
from bot.quiz.round.asking import finished, is_open, voided
from bot.quiz.round.effects import PostLeadIn, PostQuestion, PostTable, RecordScores, TellStarter, Told
from bot.quiz.round.events import Click, NextAsked, PlaceLost, Refused, SkipAsked, Stopped
from bot.quiz.round.state import Asking, Closing, Ended, Round, Step, Turn
from bot.quiz.round.timing import players

FEWEST_VOTES = 2


def may_rule(round_: Round, click: Click) -> bool:
    """Whether they started the round or moderate there."""
    return click.moderator or click.member == round_.setup.starter


def skip_asked(round_: Round, event: SkipAsked) -> Step:
    """At once for whoever started and moderators, else once most of those who have answered in this round agree. A
    skipped question counts for nobody: who had not answered yet would be worse off."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or not is_open(round_, turn) or turn.lateness(click.at) > 0:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if may_rule(round_, click):
        return _skipped(round_, turn, click)
    playing = players(round_)
    if click.member not in playing:
        return round_, (tell(click, Told.NOT_PLAYING, turn.number),)
    turn = replace(turn, votes=tuple(sorted({*turn.votes, click.member})))
    needed = max(FEWEST_VOTES, len(playing) // 2 + 1)
    if len(turn.votes) >= needed:
        return _skipped(round_, turn, click)
    told = replace(tell(click, Told.VOTED, turn.number), votes=len(turn.votes), needed=needed)
    return round_.with_turn(turn), (told,)


def _skipped(round_: Round, turn: Turn, click: Click) -> Step:
    round_, effects = voided(round_, turn, "skipped")
    return round_, (tell(click, Told.DONE, turn.number), *effects)


def next_asked(round_: Round, event: NextAsked) -> Step:
    """Closes an untimed question, at the time of the press; what was locked by then stays locked."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or not is_open(round_, turn) or turn.closes is not None:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if not may_rule(round_, click):
        return round_, (tell(click, Told.NOT_ALLOWED, turn.number),)
    closes = max([click.at, *(answer.at for answer in turn.answers.values())])
    return round_.with_turn(replace(turn, closes=closes)), (tell(click, Told.DONE, turn.number),)


def stopped(round_: Round, event: Stopped) -> Step:
    """Ends the round. An open question does not count; one that has closed is still revealed."""
    click = event.click
    if not may_rule(round_, click):
        return round_, (tell(click, Told.NOT_ALLOWED),)
    told = tell(click, Told.DONE)
    if isinstance(round_.phase, Closing):
        return replace(round_, phase=replace(round_.phase, stop=True)), (told,)
    if isinstance(round_.phase, Asking):
        round_, effects = voided(round_, round_.turns[round_.phase.turn], "stopped")
    else:
        round_, effects = finished(round_, "stopped")
    return round_, (told, *effects)


def refused(round_: Round, event: Refused) -> Step:
    """An edit or a notice that Discord will not have is left out; a round without its announcement, a question or its
    table is over."""
    post = next((post for post in round_.outbox if post.step == event.step), None)
    if isinstance(post, PostLeadIn | PostQuestion | PostTable):
        return place_lost(round_, PlaceLost("refused"), event.incident)
    return outbox.confirmed(round_, event.step), ()


def place_lost(round_: Round, event: PlaceLost, incident: str = "") -> Step:
    """Nothing can be posted there any more: the round ends, the scores are kept."""
    ended, unposted = isinstance(round_.phase, Ended), bool(round_.outbox)
    why = round_.phase.why if isinstance(round_.phase, Ended) else "lost"
    turn = round_.current
    if turn is not None and is_open(round_, turn):
        round_ = round_.with_turn(replace(turn, void="lost", revealed=True))
    round_ = replace(round_, phase=Ended(why, event.why, event.permission), outbox=())
    told = (TellStarter(event.why, event.permission, incident),) if unposted or not ended else ()
    return round_, told if ended else (RecordScores(), *told)
