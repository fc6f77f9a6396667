"""A day of a large deployment, simulated: the real plan, cadence, quotas, refresh and merge on services made up."""
