"""The publish function: sends the transitions of the table's stream to the bus."""
