"""The notify function: sends a person a message about a job that failed."""
