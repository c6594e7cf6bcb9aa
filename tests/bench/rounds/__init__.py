"""Rounds under load: how quickly presses are acknowledged while hundreds are on, and whether memory grows."""
