"""The services that are played here, one module each."""
