"""Jobview on a laptop: the environments, the local AWS, the deploy onto it and the sample jobs that fill it."""
