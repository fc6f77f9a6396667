"""The local AWS: everything that exists only so that Jobview can run and be tested without an AWS account."""
