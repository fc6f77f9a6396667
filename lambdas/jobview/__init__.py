"""Jobview: every asynchronous AWS job in one shape, read from a cache that follows what changes.

Imports point one way: handlers → ``query``/``refresh`` → ``collect``, ``store`` → ``merge`` → ``model``.
The ``catalogue`` (what can be read, declared as data) imports only the model.
"""
