"""Jobview on a laptop: environments, a local AWS, the deploy onto it, sample jobs that fill it."""
