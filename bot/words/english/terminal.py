"""What is said only in the terminal."""

CHAT_HELP = (
    "Type a question in your own words. `topics` lists what I cover, a number picks from a list, "
    "`other` offers something else, `quit` leaves."
)
TOPICS = "**What I cover**"
PICK_BY_NUMBER = "Type its number."
SAY_OTHER = "Not what you asked? Type `other`."
BYE = "Bye!"


def pick_between(last: int) -> str:
    """A number was typed that is on no line of the list."""
    return f"Pick a number from 1 to {last}, or type a question."
