"""The notify function: an event of a job that failed becomes a message to a person."""
