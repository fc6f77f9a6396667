"""Events: incoming ones name a job to read, outgoing ones report a transition."""
