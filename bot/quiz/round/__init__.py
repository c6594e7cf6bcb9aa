"""A round as a state machine: events in, the next round and effects out."""
