"""The plan function: decides which lanes are due and sends one message for each."""
