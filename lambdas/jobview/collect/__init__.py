"""Collect: from declarations to calls of AWS, and from its answers to observations."""
