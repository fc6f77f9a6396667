"""Reading sources: list first, get only what is new or changed, record everything, and say what could not be read.

The same code serves the scheduled refresh of a lane and the live reads of the API. What was listed and what was got of
a change are recorded as one; what cannot be got is recorded as it was listed, so that a failing get or manifest never
hides a finished job.
"""
