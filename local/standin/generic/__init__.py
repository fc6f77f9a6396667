"""Plays any family from its compiled table and botocore's model: the answers, and the jobs in them."""
