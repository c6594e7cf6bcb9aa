"""Tiny numpy experiments that put the claims of the reference answers on trial. README.md says how to add one."""
