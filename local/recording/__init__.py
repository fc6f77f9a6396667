"""Answers of a real account as fixtures: taken down while ``make smoke`` reads, made anonymous, and written."""
