"""The ingest function: reads the jobs that the services' events name."""
