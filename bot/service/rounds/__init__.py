"""Quiz rounds as they are played: `engine` takes them from event to event, the other modules are its parts.

`hosted` a round in memory, and as the rows of the journal; `carrying_out` what is posted, told, measured and graded.
"""
