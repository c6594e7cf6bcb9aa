"""A message becomes a decision, to answer, choose or decline, by a model that is fitted once and kept. Pure."""
