"""Events: from a service's event to its job, and from a transition to the event that leaves."""
