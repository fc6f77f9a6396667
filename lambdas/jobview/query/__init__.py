"""Answers to what callers ask: from the store, or from AWS where the cache is too old for them."""
