"""Wordings that a server accepts: the offer, the list, and what moderators decide of what members dispute."""

from bot.service.wordings import LONGEST_WORDING, MOST_WORDINGS, CannotBeAccepted, Flaw
from bot.words.english.rounds import name

ACCEPTED_COMMAND = "Wordings of answers that were accepted in this server, and taking them back"
KEEP_WORDING = "Accept this wording from now on"
ACCEPTED_HERE = "**Accepted in this server**"
NOTHING_ACCEPTED = "Nothing yet. Whoever accepts an *I was right* on an answer in words is asked whether it stays so."
NO_LONGER_ASKED = "a question that is no longer asked"
ONLY_MODERATORS_ACCEPT = "Only a moderator of that server (Manage Server or Manage Messages) can do that."
ANSWER_GONE = "That answer is no longer kept."
WORDING_NOT_THERE = "That wording is not there any more."
_CANNOT_BE_ACCEPTED = {
    Flaw.NOT_IN_WORDS: "Only answers in words can be accepted from now on.",
    Flaw.TOO_LONG: f"I keep wordings of up to {LONGEST_WORDING} characters; that one is longer.",
    Flaw.TOO_LITTLE: "That says too little to be right wherever it is said.",
    Flaw.REPEATS: "That repeats the question.",
    Flaw.KNOWN: "That wording is accepted already.",
    Flaw.ENOUGH: f"{MOST_WORDINGS} wordings are accepted in this server; I keep no more. See `/tutor accepted`.",
}


def decided(flag: bool, accepted: bool, by: str) -> str:
    """Ends the message of a flag or an appeal that was decided; `by` is what the moderator is called, if known."""
    what = "**Accepted**" if accepted else "**Rejected**"
    then = ""
    if accepted:
        then = ": the question counts for nobody" if flag else ": it counts, and so do all like it"
    return f"{what}{f' by {name(by)}' if by else ''}{then}."


def wording_offered(typed: str) -> str:
    """Offers to accept a wording; `typed` is shown as it is."""
    return (
        f"Done. {typed} can have full marks in this server from now on, whenever that question is asked, in rounds and "
        "in practice. Who wrote it is not kept with it."
    )


def wording_accepted(typed: str) -> str:
    """A wording is accepted; `typed` is shown as it is."""
    return f"Accepted from now on, in this server only: {typed}\n-# `/tutor accepted` lists them and takes them back."


def cannot_be_accepted(fault: CannotBeAccepted) -> str:
    """Why nothing was kept."""
    return _CANNOT_BE_ACCEPTED[fault.flaw]


def accepted_heading(count: int, most: int, page: int, pages: int) -> str:
    """Opens the list; `page` counts from 1."""
    return f"{ACCEPTED_HERE} ({count} of at most {most})" + (f", page {page} of {pages}" if pages > 1 else "")


def accepted_line(typed: str, ask: str, topic: str, by: str, at: str) -> str:
    """A wording in the list. `typed`, `by` (may be empty) and `at` are shown as they are."""
    return f"- {typed} answers “{ask}” ({topic}); accepted {f'by {by}, ' if by else ''}{at}"
