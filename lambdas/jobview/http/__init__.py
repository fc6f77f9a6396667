"""What HTTP needs: problems, entity tags, the gateway's events."""
