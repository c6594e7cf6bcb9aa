"""Quiz rounds as they are played: `engine` takes them from event to event, the other modules are its parts.

`hosted` a round in memory, and as the rows of the journal; `posting` what is posted and told in Discord, tried again
until it is there; `findings` what experiments measure and what written answers are worth.
"""
