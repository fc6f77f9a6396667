"""The functions: one package each."""
