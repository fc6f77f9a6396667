"""The plan function: finds the lanes that are due and sends one message for each."""
