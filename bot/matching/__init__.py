"""A message becomes a decision: answer, choose or decline. Pure."""
