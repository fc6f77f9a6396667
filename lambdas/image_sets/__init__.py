"""The image-set function."""
