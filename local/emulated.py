"""What the emulator plays, so that the stand-in leaves it to the emulator."""

FAMILIES = (
    "athena/query-execution",
    "batch/job",
    "glue/job-run",
    "stepfunctions/execution",
    "transcribe/transcription-job",
)
"""Families of jobs."""

SERVICES = tuple(dict.fromkeys(name.partition("/")[0] for name in FAMILIES))
"""Services whose state is jobs, which end with the programs that run them."""
