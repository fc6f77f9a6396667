"""Reading sources: list first, get only new or changed jobs, store everything, and report what could not be read.

The scheduled refresh of a lane and the live reads of the API share this code. A change that was listed and then got is
stored once. A job that cannot be got is stored as it was listed, so that a failing get or manifest never hides a
finished job.
"""
