"""What members dispute after an answer, and how it is decided: a question that is unclear, an answer that was right.

A dispute concerns a question and not the phase, so it is accepted in every phase since that question was asked.

It goes to the first of these that can be reached: the server's channel for reviews; whoever started, unless it is a
matter of their own; all who read the round's channel (or the channel around its thread), where a message says only that
a dispute waits, and a moderator opens it. Where that cannot be posted either, whoever disputes is told. What nobody has
got (`Round.unreached`) goes to the channel for reviews as soon as there is one. Where the message by which somebody was
asked is deleted, or its channel, it goes on from there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Literal

from bot.quiz.round.effects import (
    AskReview,
    EditReview,
    EditWaiting,
    Effect,
    Message,
    OfferPhrase,
    PostWaiting,
    RecordScores,
    Tell,
    TellMember,
    Told,
)
from bot.quiz.round.state import (
    ALWAYS,
    NOBODY,
    ONCE_ASKED,
    Click,
    Ended,
    InReview,
    Round,
    RoundEvent,
    Step,
    Unreached,
    WaitingMessage,
)
from bot.quiz.round.turn import Judged, Ruling, Turn
from bot.quiz.scoring import points

_DECIDED = ("accepted", "rejected")


@dataclass(frozen=True, slots=True)
class Flagged(RoundEvent):
    """A member says that a question is unclear. It goes to review once, however many flag it."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    type: Literal["flagged"] = "flagged"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is None or turn.void:
            return round_, (click.told(Told.VOID if turn else Told.NOT_OPEN, self.turn),)
        alone = whereabouts(round_, turn, "flag") == "nobody"
        if click.member in turn.flagged_by or turn.flag == "rejected":
            return round_, (click.told(Told.NOBODY_REACHED if alone else Told.NOTED_BEFORE, turn.number),)
        flagging = replace(turn, flag="asked", flagged_by=(*turn.flagged_by, click.member))
        ask = () if turn.flag else (AskReview(turn.number, click.member, "flag"),)
        told = click.told(Told.NOBODY_REACHED if alone else Told.NOTED, turn.number)
        round_ = round_.with_turn(flagging)
        round_, more = _given_back(round_, "flag", turn) if click.member == round_.setup.starter else (round_, ())
        return round_, (told, *ask, *more, *(_counted_anew(round_) if ask else ()))


def _counted_anew(round_: Round) -> tuple[Effect, ...]:
    """What a dispute wants of a round that is over, and its rejection: what the round shows of what its group believes
    is found anew, without what is disputed (`Beliefs.shown_in`). What a member says is right is no misconception
    of theirs until it is decided, whether they said so before the end of the round or after it."""
    return (RecordScores(),) if isinstance(round_.phase, Ended) else ()


@dataclass(frozen=True, slots=True)
class FlagJudged(RoundEvent):
    """A moderator, or whoever started, agreed that it is unclear, or did not.

    Accepting voids the question and rescores the round.
    """

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    accepted: bool
    type: Literal["flag-judged"] = "flag-judged"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is not None and turn.flag in _DECIDED:
            return round_, (click.told(Told.DECIDED, turn.number),)
        if turn is None or turn.flag != "asked" or turn.void:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if refusal := _may_not(round_, click, turn.flagged_by):
            round_, more = _given_back(round_, "flag", turn) if click.member == round_.setup.starter else (round_, ())
            return round_, (refusal, *more)
        turn = _ruled(replace(turn, flag="accepted" if self.accepted else "rejected"), 0, click)
        round_, effects = (
            round_.voided(turn, "unclear") if self.accepted else (round_.with_turn(turn), _counted_anew(round_))
        )
        return round_, (click.told(Told.DONE, turn.number), *effects)


@dataclass(frozen=True, slots=True)
class Appealed(RoundEvent):
    """A member says "I was right" of their answer, which earned less.

    Only the marking of what a member wrote or predicted can be appealed against, once, and where it earned less.
    """

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    type: Literal["appealed"] = "appealed"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is None or not turn.revealed or not turn.question.appealable:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if turn.void or click.member not in turn.answers:
            return round_, (click.told(Told.VOID if turn.void else Told.NOT_ANSWERED, turn.number),)
        if click.member in turn.saw:
            return round_, (replace(click.told(Told.NOT_OPEN, turn.number), saw=True),)
        if points(turn, turn.answers[click.member]) == 1:
            return round_, (click.told(Told.FULL_POINTS, turn.number),)
        if click.member in turn.appeals:
            alone = whereabouts(round_, turn, "appeal", click.member) == "nobody"
            return round_, (click.told(Told.NOBODY_REACHED if alone else Told.NOTED_BEFORE, turn.number),)
        turn = replace(turn, appeals={**turn.appeals, click.member: "asked"})
        ask = AskReview(turn.number, click.member, "appeal")
        return round_.with_turn(turn), (click.told(Told.NOTED, turn.number), ask, *_counted_anew(round_))


@dataclass(frozen=True, slots=True)
class AppealJudged(RoundEvent):
    """A moderator, or whoever started, agreed with `member`, or did not; so too with an answer whose grade is doubted.

    Accepting gives full points to that answer and to all like it; who appealed with the same one has the same ruling.
    """

    phases: ClassVar = ONCE_ASKED
    turn: int
    member: int
    click: Click
    accepted: bool
    type: Literal["appeal-judged"] = "appeal-judged"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is not None and turn.appeals.get(self.member) in _DECIDED:
            return round_, (click.told(Told.DECIDED, turn.number),)
        if turn is None or turn.void or not _awaits_ruling(turn, self.member):
            return round_, (click.told(Told.VOID if turn and turn.void else Told.NOT_OPEN, self.turn),)
        if refusal := _may_not(round_, click, (self.member, *_alike(turn, self.member))):
            starter = click.member == round_.setup.starter
            round_, more = _given_back(round_, "appeal", turn, self.member) if starter else (round_, ())
            return round_, (refusal, *more)
        return self._ruled(round_, turn)

    def _ruled(self, round_: Round, turn: Turn) -> Step:
        told, answer = self.click.told(Told.DONE, turn.number), turn.answers[self.member].answer
        judged: Judged = "accepted" if self.accepted else "rejected"
        same = [one for one in _alike(turn, self.member, exactly=not self.accepted) if turn.appeals.get(one) == "asked"]
        for member in (self.member, *same):
            turn = _ruled(replace(turn, appeals={**turn.appeals, member: judged}), member, self.click)
        if self.accepted:
            turn = replace(turn, accepted=(*turn.accepted, answer))
        round_, shown = _shown_anew(round_.with_turn(turn), lambda one: one.turn == turn.number and one.member in same)
        if not self.accepted:
            return round_, (told, *shown, *_counted_anew(round_))
        round_, effects = round_.rescored(turn.number)
        offer = (OfferPhrase(turn.number, self.member, answer.text),) if turn.question.graded else ()
        return round_, (told, *effects, *shown, *offer)


def _alike(turn: Turn, member: int, exactly: bool = False) -> list[int]:
    """The others whose answer counts as `member`'s does, or (exactly) is the same."""
    given = turn.answers[member].answer
    others = [(one, locked.answer) for one, locked in turn.answers.items() if one != member]
    alike = [(one, answer) for one, answer in others if turn.question.alike(answer, given)]
    return [one for one, answer in alike if not exactly or answer.number == given.number]


def _awaits_ruling(turn: Turn, member: int) -> bool:
    return turn.appeals.get(member) == "asked" or (member not in turn.appeals and member in turn.doubted)


def _ruled(turn: Turn, about: int, click: Click) -> Turn:
    return replace(turn, rulings=(*turn.rulings, Ruling(about, click.member, click.name)))


def _may_not(round_: Round, click: Click, concerned: tuple[int, ...]) -> Tell | None:
    """Whoever started judges too, but not in a matter of their own."""
    if not click.may_rule(round_):
        return click.refused(round_)
    own = click.member in concerned and not click.moderator
    return click.told(Told.NOT_YOUR_OWN) if own else None


# Who is asked to decide

Whereabouts = Literal["reviewers", "channel", "nobody"]


@dataclass(frozen=True, slots=True)
class ReviewersFound(RoundEvent):
    """There is a channel for reviews that can be written in: what nobody has got so far goes there."""

    phases: ClassVar = ALWAYS
    type: Literal["reviewers-found"] = "reviewers-found"

    def happens(self, round_: Round) -> Step:
        under_way = {one.about for one in round_.news if isinstance(one, AskReview)}
        waiting = (one.dispute for one in round_.unreached if one.dispute.about not in under_way)
        return round_, tuple(replace(one, to="reviews") for one in waiting)


@dataclass(frozen=True, slots=True)
class ReviewsDeleted(RoundEvent):
    """Messages by which somebody was asked to decide were deleted, or the channel in which they stood.

    What is not decided goes to the next; where the channel is gone, to the one for reviews that there is by now. That
    disputes wait is said anew, once: what deletes such messages may do so without end.
    """

    phases: ClassVar = ALWAYS
    channel: int
    messages: tuple[int, ...] = ()  # none: the channel itself
    type: Literal["reviews-deleted"] = "reviews-deleted"

    def happens(self, round_: Round) -> Step:
        gone = [one for one in round_.with_reviewers if self._took(one.channel, one.message)]
        kept = tuple(one for one in round_.with_reviewers if one not in gone)
        round_, effects = replace(round_, with_reviewers=kept), tuple[Effect, ...]()
        for one in gone:
            dispute = replace(one.dispute, again=one.dispute.again + 1)
            round_, more = passed_on(round_, dispute, False) if self.messages else (round_, (dispute,))
            effects = (*effects, *more)
        waiting = round_.waiting_message
        if waiting is None or waiting.message is None or not self._took(waiting.channel, waiting.message.id):
            return round_, effects
        round_ = replace(round_, waiting_message=None)
        if not self.messages:
            return round_, effects  # it is said elsewhere by what is done after any event
        round_, more = _told_nobody(round_) if waiting.anew else _posted(round_, waiting.channel, anew=True)
        return round_, (*effects, *more)

    def _took(self, channel: int, message: int) -> bool:
        return channel == self.channel and (not self.messages or message in self.messages)


@dataclass(frozen=True, slots=True)
class DisputesLapsed(RoundEvent):
    """The answers of the round are about to be removed: what nobody has got is not decided any more."""

    phases: ClassVar = frozenset({Ended})
    type: Literal["disputes-lapsed"] = "disputes-lapsed"

    def happens(self, round_: Round) -> Step:
        told = [tell for one in round_.unreached for tell in _tells(round_, one.dispute, "lapsed")]
        return replace(round_, unreached=()), tuple(told)


def passed_on(round_: Round, dispute: AskReview, reached: bool, at: tuple[int, int] = (0, 0)) -> Step:
    """What becomes of a dispute that has reached those it was for, in a channel by a message (0: not known), or has
    not: then the next are asked."""
    kept = tuple(one for one in round_.unreached if one.dispute.about != dispute.about)
    if reached and dispute.what != "flag" and all(at):
        round_ = replace(round_, shown_in=(*round_.shown_in, InReview(dispute, *at)))
    if reached:
        round_ = replace(round_, unreached=kept)
        if dispute.to == "starter":
            return replace(round_, with_starter=(*round_.with_starter, dispute)), ()
        if dispute.what == "doubts" or not all(at):
            return round_, ()
        return replace(round_, with_reviewers=(*round_.with_reviewers, InReview(dispute, *at))), ()
    if dispute.to == "reviews" and round_.setup.starter not in (NOBODY, *_matter_of(round_, dispute)):
        return round_, (replace(dispute, to="starter"),)
    if dispute.what == "doubts" or not _waits(round_, dispute):
        return round_, ()
    if len(kept) == len(round_.unreached):
        round_ = replace(round_, unreached=(*kept, Unreached(dispute)))
    return round_, ()


def closed_to(round_: Round, post: PostWaiting | EditWaiting) -> Step:
    """The message that disputes wait cannot stand there: it goes to the channel around the thread, or nowhere."""
    message, parent = round_.waiting_message, round_.setup.parent
    if message is None or message.channel != post.channel:
        return round_, ()
    if isinstance(post, EditWaiting) and post.channel == round_.setup.channel:  # it stands there, as it was
        return round_, ()
    round_ = replace(round_, waiting_message=None)
    return _posted(round_, parent) if parent not in (None, post.channel) else _told_nobody(round_)


def channel_lost(round_: Round) -> Round:
    """The round has lost its channel, and with it the message that disputes wait, if it was there."""
    message = round_.waiting_message
    there = message is not None and message.channel == round_.setup.channel
    return replace(round_, waiting_message=None) if there else round_


def appeared(round_: Round, post: PostWaiting | EditWaiting, message: Message) -> Round:
    """Note where the message that disputes wait is."""
    waiting = round_.waiting_message
    if waiting is None or waiting.channel != post.channel:
        return round_
    return replace(round_, waiting_message=replace(waiting, message=message))


def settled(round_: Round) -> Step:
    """After any event: what is decided, or void, waits no more, and where some wait a message says how many do."""
    unreached = tuple(one for one in round_.unreached if _waits(round_, one.dispute))
    with_starter = tuple(one for one in round_.with_starter if _waits(round_, one))
    in_review = tuple(one for one in round_.with_reviewers if _waits(round_, one.dispute))
    count, waiting = len(unreached), round_.waiting_message
    before = round_.unreached, round_.with_starter, round_.with_reviewers
    if (unreached, with_starter, in_review) != before:
        round_ = replace(round_, unreached=unreached, with_starter=with_starter, with_reviewers=in_review)
    if waiting is None and not all(one.told for one in unreached):
        return _asked_in_channel(round_)
    if waiting is None or waiting.message is None or waiting.count == count:
        return round_, ()
    message = waiting.message
    round_ = replace(round_, waiting_message=replace(waiting, count=count) if count else None)
    return round_.posting("wait", lambda step: EditWaiting(step, waiting.channel, message, count))


def to_decide(round_: Round, click: Click) -> tuple[AskReview, ...] | Tell:
    """The disputes that wait in the channel, for whoever may decide them; else why there are none."""
    if not click.may_rule(round_):
        return click.refused(round_)
    waiting = [one.dispute for one in round_.unreached]
    own = [one for one in waiting if click.member in _matter_of(round_, one) and not click.moderator]
    if waiting and len(own) == len(waiting):
        return click.told(Told.NOT_YOUR_OWN)
    return tuple(one for one in waiting if one not in own) or click.told(Told.NONE_WAIT)


def whereabouts(round_: Round, turn: Turn, what: Literal["flag", "appeal"], member: int = 0) -> Whereabouts:
    """Who has the flag of a question, or the appeal of a member: those who decide, the channel's readers, or nobody."""
    about = (what, turn.number, member if what == "appeal" else 0)
    waiting = next((one for one in round_.unreached if one.dispute.about == about), None)
    if waiting is None:
        return "reviewers"
    return "nobody" if round_.waiting_message is None and waiting.told else "channel"


def taken_back(round_: Round, member: int) -> Step:
    """Take what a member wrote off the messages by which somebody was asked to decide about it, decided or not."""
    wrote = any(member in turn.answers for turn in round_.turns)
    return _shown_anew(round_, lambda one: wrote if one.what == "doubts" else one.member == member)


def _shown_anew(round_: Round, which: Callable[[AskReview], bool]) -> Step:
    """Have the messages by which somebody was asked to decide say what has become of these appeals and doubts."""
    places = dict.fromkeys((*round_.with_reviewers, *round_.shown_in))
    effects: tuple[Effect, ...] = ()
    for place in places:
        if place.dispute.what != "flag" and which(place.dispute):
            message, dispute = Message(place.message, 0.0), place.dispute
            edit = partial(EditReview, channel=place.channel, message=message, turn=dispute.turn, member=dispute.member)
            round_, effect = round_.posting("rev", edit)
            effects = (*effects, *effect)
    return round_, effects


def without_disputer(round_: Round, member: int) -> Round:
    """The round whose turns are without a member, with their disputes gone; a flag waits for others who raised it, and
    what a starter has who is gone waits for a moderator."""
    left = ((one, _left(round_, one.dispute, member)) for one in round_.unreached)
    with_starter = (_left(round_, one, member) for one in round_.with_starter)
    kept = tuple(replace(one, dispute=dispute) for one, dispute in left if dispute)
    before = ((one, _left(round_, one.dispute, member)) for one in round_.with_reviewers)
    in_review = tuple(replace(one, dispute=dispute) for one, dispute in before if dispute)
    shown_in = tuple(one for one in round_.shown_in if one.dispute.member != member)
    held = tuple(one for one in with_starter if one)
    if round_.setup.starter == NOBODY:
        kept, held = (*kept, *map(Unreached, held)), ()
    return replace(round_, unreached=kept, with_starter=held, with_reviewers=in_review, shown_in=shown_in)


def asked_at(round_: Round) -> frozenset[tuple[int, int]]:
    """The channels and messages by which moderators are asked to decide."""
    places = {(one.channel, one.message) for one in round_.with_reviewers}
    if (waiting := round_.waiting_message) and waiting.message:
        places.add((waiting.channel, waiting.message.id))
    return frozenset(places)


def _left(round_: Round, dispute: AskReview, gone: int) -> AskReview | None:
    if dispute.member != gone:
        return dispute
    flagged_by = round_.turns[dispute.turn].flagged_by if dispute.what == "flag" else ()
    return replace(dispute, member=flagged_by[0]) if flagged_by else None


def _given_back(round_: Round, what: str, turn: Turn, member: int = 0) -> Step:
    """Whoever started cannot decide it any more: if they have it alone, the next are asked."""
    held = next((one for one in round_.with_starter if one.about == (what, turn.number, member)), None)
    if held is None:
        return round_, ()
    return passed_on(
        replace(round_, with_starter=tuple(one for one in round_.with_starter if one != held)), held, False
    )


def _concerned(round_: Round, dispute: AskReview) -> tuple[int, ...]:
    """Whose matter it is."""
    return round_.turns[dispute.turn].flagged_by if dispute.what == "flag" else (dispute.member,)


def _matter_of(round_: Round, dispute: AskReview) -> tuple[int, ...]:
    """Who would decide a matter of their own: those whose it is, and those who gave the same answer."""
    turn, concerned = round_.turns[dispute.turn], _concerned(round_, dispute)
    return (*concerned, *_alike(turn, dispute.member)) if dispute.what == "appeal" else concerned


def _waits(round_: Round, dispute: AskReview) -> bool:
    """Whether it can still be decided."""
    turn = round_.turns[dispute.turn]
    judged = turn.flag if dispute.what == "flag" else turn.appeals.get(dispute.member)
    return judged == "asked" and not turn.void


def _asked_in_channel(round_: Round) -> Step:
    """Say that disputes wait where the round is, or around it; where there is nothing left, tell whoever disputes."""
    phase = round_.phase
    if not isinstance(phase, Ended) or phase.lost is None:
        return _posted(round_, round_.setup.channel)
    return _posted(round_, None if phase.lost == "removed" else round_.setup.parent)


def _posted(round_: Round, channel: int | None, anew: bool = False) -> Step:
    if channel is None:
        return _told_nobody(round_)
    count = len(round_.unreached)
    round_ = replace(round_, waiting_message=WaitingMessage(channel, count, anew=anew))
    return round_.posting("wait", lambda step: PostWaiting(step, channel, count))


def _told_nobody(round_: Round) -> Step:
    told: list[Effect] = []
    for one in round_.unreached:
        told += [] if one.told else _tells(round_, one.dispute, "nobody")
    return replace(round_, unreached=tuple(replace(one, told=True) for one in round_.unreached)), tuple(told)


def _tells(round_: Round, dispute: AskReview, why: Literal["nobody", "lapsed"]) -> list[Effect]:
    what = dispute.what
    return [] if what == "doubts" else [TellMember(dispute.turn, one, what, why) for one in _concerned(round_, dispute)]
