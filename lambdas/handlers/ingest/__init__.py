"""The ingest function: jobs that the services' events name are read anew."""
