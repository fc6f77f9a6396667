"""Calling AWS: sessions, clients, calls and their rates, and what the errors mean."""
