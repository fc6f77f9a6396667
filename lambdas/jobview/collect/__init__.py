"""Collect: turns declarations into calls of AWS, and AWS's answers into observations."""
