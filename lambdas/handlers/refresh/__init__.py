"""The refresh function: reads the lane that a message names."""
