"""Jobs that come, go on and end in every family while the local AWS is up.

Each family has a module or class that makes its jobs with the service's own operations; ``pace`` decides
when.
"""
