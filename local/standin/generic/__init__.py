"""Plays any family from its compiled table and botocore's model: what an answer holds, and which jobs it tells."""
