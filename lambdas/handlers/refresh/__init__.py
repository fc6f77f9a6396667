"""The refresh function: reads the due sources of the lane in a message."""
