"""Runs happen in a process of their own, so that one that hangs, fills the memory or dies takes nobody with it.

client.py is the side of the bot, server.py that of the process; between them goes one line of JSON a message.
"""
