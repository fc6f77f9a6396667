"""What every family of sample jobs offers to the pace."""

from typing import Protocol


class SampleFamily(Protocol):
    """Makes jobs of one family.

    Every method may raise ``botocore``'s errors; the pace reports them.
    """

    @property
    def name(self) -> str:
        """``service/type``, as in the catalogue."""

    def prepare(self) -> None:
        """Make what the jobs need (queues, state machines, scripts); done once, may find it there already."""

    def start(self, number: int) -> None:
        """Start job ``number`` (0, 1, 2 …); the number chooses how it is going to end."""

    def tend(self) -> None:
        """Do what is due to jobs that run, such as cancelling one."""
