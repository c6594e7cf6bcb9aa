"""Turns the picture that an experiment returns into a PNG.

The one folder that imports matplotlib; nothing but the worker process imports this folder.
"""
