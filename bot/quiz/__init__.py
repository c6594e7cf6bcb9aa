"""The rules of a quiz. Pure: no Discord, no storage, no clock, no randomness.

`kinds` are the kinds of question; `drawing` says which are asked; `round` is the state machine of a round (its package
says how to run one); `scoring` says who has how many points, `reveals` what is shown once a question has closed, and
`grading` marks answers in words.
"""
