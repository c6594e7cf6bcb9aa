"""A round as a state machine: events in, the next round and effects out.

`machine.start(Setup(...), drawing, now)` and then `machine.handle(round, event, now)` give the next `Round` and the
effects to carry out, in order. `now` is the host's clock; everything named `at` is Discord's, out of the ids of
messages and interactions, and only that decides whether an answer counts.

Each event (`events`, `disputes`, `interruptions`) says in which phases it is accepted and what it makes of a round; a
round (`state`) knows how it goes on from there; `effects` are all that it can want done.

What whoever carries out the effects has to keep to:
- Write the event down (`machine.of_event`, with its `now`), or the round (`machine.of_round`), before carrying out
  effects. The same events with the same `now` give the same round.
- Effects with a `step` (posts and edits) are carried out one after the other, and answered with `Posted(step, message)`
  once confirmed, edits too. Round and step make the nonce. Until then they stay in `Round.outbox`.
- `ScheduleAt` replaces the timer of the round; when it is due, send `TimePassed`. Early or repeated ones do no harm.
- `RunExperiment` is answered with `Ran` or `RunGaveNothing`, `GradeAnswer` with `Graded`; nothing is revealed before.
- `DrawPicture` is answered with `PictureDrawn` or `PictureFailed`; its question is not asked before. The picture itself
  is no part of the round: whoever posts has it drawn again, or answers the post with `PictureFailed`.
- After a restart or a break send `Resumed(since)`, where `since` is when the bot could last hear Discord. After a
  restart (`anew`) all that is outstanding comes again; a question of which more than a quarter is lost is voided and
  replaced.
- After a time in which nothing could be written send `StorageBack(since)`, where `since` is when the first event could
  not be, before any later event. Meanwhile send no `TimePassed`: time stands still.
- An edit whose message was deleted counts as done: send `Posted`. Where nothing can be posted any more, `ChannelLost`;
  a post that is turned down for good, `Refused`.
- `TellStarter`, `TellMember` and `AskReview` go elsewhere, and are kept in `Round.news` until `NewsTold` says that they
  are told, or that nobody could be reached: a dispute goes to the next then (`disputes` says who that is).
- Keep rounds that have ended for as long as receipts last: late answers, flags and appeals still change them, and then
  `RecordScores` comes again.
"""
