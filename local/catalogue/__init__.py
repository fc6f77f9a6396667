"""Compiling the catalogue: from declarations and AWS's models to the tables that the functions read."""
