"""The AWS stack of Jobview, one construct a file."""
