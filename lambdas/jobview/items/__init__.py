"""Readers of item-level results."""
