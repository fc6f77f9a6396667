"""The publish function: transitions from the table's stream onto the bus."""
