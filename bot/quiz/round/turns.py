"""The way of a question: it is posted, answered, closed, decided and revealed, and the next one follows.

Every function takes a round, and gives the round as it is then and what it wants done. An answer's own time decides
whether it counts, so answers score the same in whatever order, however late and however often they arrive."""

import math
from collections.abc import Callable
from dataclasses import replace

from bot.quiz.chance import Chance
from bot.quiz.kinds.base import Way
from bot.quiz.round.effects import (
    EditLeadIn,
    EditQuestion,
    EditReveal,
    EditTable,
    Effect,
    GradeAnswer,
    OpenModal,
    Post,
    PostNotice,
    PostQuestion,
    PostTable,
    RecordScores,
    RunExperiment,
    Tell,
    TellStarter,
    Told,
    news_key,
)
from bot.quiz.round.events import (
    Click,
    GoingDown,
    Graded,
    Message,
    NewsTold,
    OpenedModal,
    Posted,
    Pressed,
    Ran,
    Resumed,
    RunFailed,
    Submitted,
    TimePassed,
    VersionChanged,
)
from bot.quiz.round.state import (
    REPLACED,
    Asking,
    Closing,
    Ended,
    LeadIn,
    LockedAnswer,
    Name,
    Pause,
    Round,
    Step,
    Turn,
    Void,
    Why,
    auto_close,
    cut_too_short,
    reveal_due,
)


def put_in_outbox(round_: Round, name: str, make: Callable[[str], Post]) -> tuple[Round, Post]:
    """Puts a post in the outbox. Its step is `name` and a number that is never used again in this round."""
    post = make(f"{name}.{round_.posts}")
    kept = tuple(earlier for earlier in round_.outbox if not _pointless(earlier, post))
    return replace(round_, outbox=(*kept, post), posts=round_.posts + 1), post


def taken_out(round_: Round, step: str) -> Round:
    """Takes the post of that step out."""
    return replace(round_, outbox=tuple(post for post in round_.outbox if post.step != step))


def news_told(round_: Round, event: NewsTold) -> Step:
    """Takes out what has been told elsewhere."""
    return replace(round_, news=tuple(one for one in round_.news if news_key(one) != event.news)), ()


def _pointless(earlier: Post, later: Post) -> bool:
    if isinstance(later, EditReveal):
        return isinstance(earlier, EditReveal | EditQuestion) and earlier.turn == later.turn
    return isinstance(later, EditTable) and isinstance(earlier, EditTable)


LATE_AFTER = 1.0  # seconds that a question may appear after the time chosen for it


def next_question(round_: Round) -> Step:
    """Asks the next question; the end of its window is chosen before it is sent."""
    if not round_.planned:
        return finished(round_, "finished")
    number, window = len(round_.turns), round_.setup.window
    opens = math.ceil(round_.now) + 1.0
    closes = None if window is None else opens + window
    turn = Turn(number, round_.planned[0], opens, closes, round_.host_now)
    round_ = replace(round_, planned=round_.planned[1:], turns=(*round_.turns, turn), phase=Asking(number))
    round_, post = put_in_outbox(round_, f"q{number}", lambda step: PostQuestion(step, number))
    return round_, (post,)


def post_confirmed(round_: Round, event: Posted) -> Step:
    """A post is confirmed; that of a question shows when it appeared."""
    post = next((post for post in round_.outbox if post.step == event.step), None)
    round_ = taken_out(round_, event.step)
    return appeared(round_, post.turn, event.message) if isinstance(post, PostQuestion) else (round_, ())


def appeared(round_: Round, number: int, message: Message) -> Step:
    """A question is there. Where it came more than 1 s late its window is put off, once."""
    turn = round_.turns[number]
    if turn.message is not None:
        return round_, ()
    turn = replace(turn, message=message)
    effects: tuple[Effect, ...] = ()
    if round_.setup.window is not None and not turn.void and message.at > turn.opens + LATE_AFTER:
        opens = float(math.ceil(message.at))
        turn = replace(turn, opens=opens, closes=opens + round_.setup.window, extended=True)
        round_, post = put_in_outbox(round_, f"q{number}.late", lambda step: EditQuestion(step, number))
        effects = (post,)
    round_ = round_.with_turn(turn)
    return voided(round_, turn, "cut") if is_open(round_, turn) and cut_too_short(turn) else (round_, effects)


def is_open(round_: Round, turn: Turn) -> bool:
    """Whether it is the question that is being asked."""
    return isinstance(round_.phase, Asking) and round_.phase.turn == turn.number


def voided(round_: Round, turn: Turn, why: Void) -> Step:
    """The question does not count. Where it is the current one the round goes on, with another where one stands by."""
    current = round_.current is not None and round_.current.number == turn.number
    round_ = round_.with_turn(replace(turn, void=why, revealed=True))
    if not current:
        return rescored(round_, turn.number)
    if why in REPLACED and round_.spares:
        round_ = round_.with_turn(replace(round_.turns[turn.number], replaced=True))
        round_ = replace(round_, planned=(round_.spares[0], *round_.planned), spares=round_.spares[1:])
    return going_on(*revealed(round_, turn.number))


def revealed(round_: Round, number: int) -> Step:
    """Edits the question into its reveal, or into what became of it since; where nothing can be posted, nothing."""
    if round_.lost:
        return round_, ()
    round_, post = put_in_outbox(round_, f"q{number}.r", lambda step: EditReveal(step, number))
    return round_, (post,)


def rescored(round_: Round, number: int) -> Step:
    """Something changed about a question that was revealed before."""
    round_, effects = revealed(round_, number)
    if not isinstance(round_.phase, Ended):
        return round_, effects
    if not round_.lost:
        round_, post = put_in_outbox(round_, "table", EditTable)
        effects = (*effects, post)
    return round_, (*effects, RecordScores())


def going_on(round_: Round, effects: tuple[Effect, ...]) -> Step:
    """After a reveal: a pause and the next question, or the end."""
    if why := _over(round_):
        round_, more = finished(round_, why)
        return round_, (*effects, *more)
    return replace(round_, phase=Pause(round_.now + round_.setup.pause)), effects


def finished(round_: Round, why: Why) -> Step:
    """The round is over; the table is posted."""
    round_, post = put_in_outbox(replace(round_, phase=Ended(why)), "table", PostTable)
    return round_, (post, RecordScores())


def _over(round_: Round) -> Why | None:
    if round_.turns[-1].void == "stopped" or (isinstance(round_.phase, Closing) and round_.phase.stop):
        return "stopped"
    counted = [turn for turn in round_.turns if turn.void not in REPLACED]
    if len(counted) > 1 and not any(turn.answers or turn.void for turn in counted[-2:]):
        return "nobody"
    return None if round_.planned else "finished"


PATIENCE = 60.0  # for a run or grades; without the run the question is voided, without a grade it is revealed
SEEDS = 1_000_001  # those an experiment takes


def time_passed(round_: Round, _event: TimePassed) -> Step:
    """Does what is due, one thing at a time."""
    match round_.phase:
        case LeadIn(until) | Pause(until) if round_.now >= until:
            return next_question(round_)
        case Closing(number, until) if round_.now >= until:
            return _given_up(round_, round_.turns[number])
        case Asking(number):
            return _asked_long_enough(round_, round_.turns[number])
    return round_, ()


def _asked_long_enough(round_: Round, turn: Turn) -> Step:
    if turn.closes is None and round_.now >= (at := auto_close(round_, turn)):
        turn = replace(turn, closes=at)
        round_ = round_.with_turn(turn)
    due = reveal_due(turn)
    return _closed(round_, turn) if due is not None and round_.now >= due else (round_, ())


def _closed(round_: Round, turn: Turn) -> Step:
    """The answers are in. A seed made now can not have been tried before."""
    if turn.question.runs:
        label = f"run/{turn.number}/{turn.closes}"
        turn = replace(turn, seed=Chance(round_.setup.secret).number(label, SEEDS))
    phase = Closing(turn.number, round_.now + PATIENCE)
    round_ = replace(round_.with_turn(turn), phase=phase)
    return _revealed(round_, turn) if turn.settled else (round_, awaited(turn))


def awaited(turn: Turn) -> tuple[Effect, ...]:
    """What has to be found out before the reveal: again after a restart, and for an answer that came later."""
    if turn.seed is not None and turn.metrics is None:
        return (RunExperiment(turn.number, turn.question.runs, turn.seed),)
    if not turn.question.graded:
        return ()
    return tuple(
        GradeAnswer(turn.number, locked.id, turn.question.topic, turn.question.to_grade(locked.answer.text))
        for locked in turn.answers.values()
        if locked.id not in turn.grades
    )


def graded(round_: Round, event: Graded) -> Step:
    """An answer was read."""
    turn = round_.turn(event.turn)
    locked = next((a for a in turn.answers.values() if a.id == event.answer), None) if turn else None
    if turn is None or locked is None or event.answer in turn.grades:
        return round_, ()
    grade = turn.question.as_typed(locked.answer.text, event.grade)
    return _found_out(round_, replace(turn, grades={**turn.grades, event.answer: grade}))


def ran(round_: Round, event: Ran) -> Step:
    """The run is there; without a finite number to predict it is none."""
    turn = round_.turn(event.turn)
    if turn is None or turn.seed is None or turn.metrics is not None or turn.void:
        return round_, ()
    turn = replace(turn, metrics=event.metrics)
    return (
        _found_out(round_, turn)
        if turn.question.find_key(event.metrics) is not None
        else voided(round_, turn, "failed")
    )


def run_failed(round_: Round, event: RunFailed) -> Step:
    """There will be no run: nobody can be right."""
    turn = round_.turn(event.turn)
    if turn is None or turn.seed is None or turn.metrics is not None or turn.void:
        return round_, ()
    return voided(round_, turn, "failed")


def _found_out(round_: Round, turn: Turn) -> Step:
    round_ = round_.with_turn(turn)
    if turn.revealed:
        return rescored(round_, turn.number)
    if not turn.settled or is_open(round_, turn):
        return round_, ()
    if isinstance(round_.phase, Ended):  # the place was lost while this was awaited: it counts all the same
        return round_.with_turn(replace(turn, revealed=True)), (RecordScores(),)
    return _revealed(round_, turn)


def _revealed(round_: Round, turn: Turn) -> Step:
    return going_on(*revealed(round_.with_turn(replace(turn, revealed=True)), turn.number))


def _given_up(round_: Round, turn: Turn) -> Step:
    return voided(round_, turn, "failed") if turn.question.runs else _revealed(round_, turn)


UNREAD = {  # what is said where an answer cannot be read, by the way it was asked for
    Way.BUTTONS: Told.NOT_AN_ANSWER,
    Way.MENU: Told.NOT_AN_ANSWER,
    Way.TEXT: Told.NOTHING_WRITTEN,
    Way.NUMBER: Told.NOT_A_NUMBER,
}


def tell(click: Click, told: Told, turn: int | None = None) -> Tell:
    """A private answer to an interaction."""
    return Tell(click.id, click.member, told, turn)


def pressed(round_: Round, event: Pressed) -> Step:
    """Options were picked."""
    return _answered(round_, event, event.picks, "", None)


def submitted(round_: Round, event: Submitted) -> Step:
    """A form came back; it counts if it was given out before the close and is not too late."""
    return _answered(round_, event, (), event.text, min(event.opened, event.click.at))


def opened(round_: Round, event: OpenedModal) -> Step:
    """A form is asked for. It is not given out any more once the question is closed."""
    round_, effects, turn = _seen(round_, event)
    click = event.click
    if turn is None or turn.question.way.picks:
        return round_, (*effects, tell(click, Told.NOT_OPEN))
    if refusal := _refused(turn, click, None):
        return round_, (*effects, refusal)
    if turn.modals.get(click.member, 0.0) < click.at:
        round_ = round_.with_turn(replace(turn, modals={**turn.modals, click.member: click.at}))
    return round_, (*effects, OpenModal(click.id, click.member, turn.number))


def _seen(round_: Round, event: Pressed | OpenedModal | Submitted) -> tuple[Round, tuple[Effect, ...], Turn | None]:
    """Whoever acts is known by name from then on; and a press shows that its message is there."""
    click = event.click
    turn = round_.turn(event.turn)
    if turn is None:
        return round_, (), None
    if click.member not in round_.names or round_.names[click.member].at < click.at:
        round_ = replace(round_, names={**round_.names, click.member: Name(click.name, click.at)})
    effects: tuple[Effect, ...] = ()
    if not isinstance(event, Submitted) and event.message is not None:
        round_, effects = appeared(round_, turn.number, event.message)
    return round_, effects, round_.turns[turn.number]


def _refused(turn: Turn, click: Click, opened_at: float | None) -> Tell | None:
    if turn.void:
        return tell(click, Told.VOID, turn.number)
    late = turn.lateness(click.at, opened_at)
    return replace(_turned_down(turn, click, Told.LATE), seconds=late) if late > 0 else None


def _turned_down(turn: Turn, click: Click, told: Told) -> Tell:
    """What was locked before stays."""
    before = turn.answers.get(click.member)
    return replace(tell(click, told, turn.number), answer=before.answer if before else None)


def _answered(
    round_: Round, event: Pressed | Submitted, picks: tuple[int, ...], text: str, opened_at: float | None
) -> Step:
    round_, effects, turn = _seen(round_, event)
    if turn is None:
        return round_, (tell(event.click, Told.NOT_OPEN),)
    if refusal := _refused(turn, event.click, opened_at):
        return round_, (*effects, refusal)
    answer = turn.question.read(picks, text)
    if answer is None:
        return round_, (*effects, _turned_down(turn, event.click, UNREAD[turn.question.way]))
    round_, more = _locked(round_, turn, event.click, LockedAnswer(event.click.id, event.click.at, answer, opened_at))
    return round_, (*effects, *more)


def _locked(round_: Round, turn: Turn, click: Click, locked: LockedAnswer) -> Step:
    before = turn.answers.get(click.member)
    if before is not None and before.id == locked.id:
        return round_, ()
    if before is not None and before.id > locked.id:
        return round_, (replace(tell(click, Told.OLDER, turn.number), answer=before.answer),)
    changed = before is not None and before.answer != locked.answer
    told = replace(tell(click, Told.LOCKED, turn.number), answer=locked.answer, changed=changed, late=turn.revealed)
    turn = replace(turn, answers={**turn.answers, click.member: locked})
    round_, effects = _reckoned(round_.with_turn(turn), turn)
    return round_, (told, *effects)


def _reckoned(round_: Round, turn: Turn) -> Step:
    """What an answer still sets going that comes after the question was closed."""
    closing = isinstance(round_.phase, Closing) and round_.phase.turn == turn.number
    if not turn.revealed and not closing:
        return round_, ()
    if turn.question.graded:
        return round_, awaited(turn)
    return rescored(round_, turn.number) if turn.revealed else (round_, ())


def going_down(round_: Round, _event: GoingDown) -> Step:
    """Says in the channel that the bot restarts."""
    if isinstance(round_.phase, Ended) or round_.down:
        return round_, ()
    round_, post = put_in_outbox(round_, "down", lambda step: PostNotice(step, "going-down"))
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


def version_changed(round_: Round, event: VersionChanged) -> Step:
    """Ends a round that another version began. What was locked counts where it is known by now what is right.

    The open question loses its buttons, and so does the announcement where nothing was asked yet; whoever started is
    told.
    """
    if isinstance(round_.phase, Ended):
        return round_, ()
    effects: list[Effect] = [*round_.news, *(post for post in round_.outbox if isinstance(post, EditReveal))]
    round_ = replace(round_, outbox=tuple(post for post in round_.outbox if isinstance(post, EditReveal)))
    if (turn := round_.current) is not None:
        known = turn.metrics is not None if turn.question.runs else not turn.question.graded or bool(turn.grades)
        closes = round_.now if turn.closes is None else min(turn.closes, round_.now)
        void: Void | None = None if known and turn.message else "updated"
        round_ = round_.with_turn(replace(turn, closes=closes, void=void, revealed=True, cut_by_update=True))
        if turn.message:
            round_, reveal = revealed(round_, turn.number)
            effects += reveal
    elif event.lead_in is not None:
        message = event.lead_in
        round_, edit = put_in_outbox(round_, "lead.end", lambda step: EditLeadIn(step, message))
        effects.append(edit)
    round_, end = finished(round_, "updated")
    return round_, (*effects, *end, TellStarter("updated"))


def outstanding(round_: Round) -> tuple[Effect, ...]:
    """All that was asked for and is not there yet."""
    closed = [turn for turn in round_.turns if not turn.void and not is_open(round_, turn)]
    return (*round_.outbox, *round_.news, *(effect for turn in closed for effect in awaited(turn)))


def _back(round_: Round) -> Step:
    if not round_.down:
        return round_, ()
    round_, post = put_in_outbox(replace(round_, down=False), "back", lambda step: PostNotice(step, "back"))
    return round_, (post,)
