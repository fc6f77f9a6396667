"""The declarations: one module a service, where somebody decided about its families. Not in the functions' code."""
