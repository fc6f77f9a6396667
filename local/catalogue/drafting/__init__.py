"""Drafts of families: what botocore's model suggests, and questions where it leaves a choice."""
