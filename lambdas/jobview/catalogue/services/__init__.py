"""The declarations, one module for each service. The functions do not contain them."""
